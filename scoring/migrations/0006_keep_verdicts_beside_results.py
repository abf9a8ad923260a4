"""What statistics need of a result, in a small column of its own: a class's results are tens of megabytes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoring", "0005_keep_decisions_of_faculty")]
    operations = [
        migrations.AddField(
            model_name="grading",
            name="verdicts",
            field=models.JSONField(
                blank=True, help_text="By item: what statistics need of the result.", null=True
            ),
        )
    ]
