"""Who released what and who took it back, for ever; the row of `Release` says only what holds now."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REFUSE = """
CREATE FUNCTION feedback_refuse_change_of_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% % is a record and can not be changed', TG_TABLE_NAME, OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER release_events_are_append_only
    BEFORE UPDATE OR DELETE ON feedback_releaseevent
    FOR EACH ROW EXECUTE FUNCTION feedback_refuse_change_of_record();
"""

ALLOW = """
DROP TRIGGER release_events_are_append_only ON feedback_releaseevent;
DROP FUNCTION feedback_refuse_change_of_record();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0002_initial"),
        ("scoring", "0006_keep_verdicts_beside_results"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="ReleaseEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("released", "Released"), ("withdrawn", "Withdrawn")], max_length=10),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "grading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="release_events",
                        to="scoring.grading",
                    ),
                ),
            ],
            options={
                "ordering": ["grading", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "released"),
                            models.Q(("kind", "withdrawn"), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="withdrawal_has_a_reason",
                    )
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
