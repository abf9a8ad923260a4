"""Rubric content may be sealed at rest; the data keys that open it, and a guard against losing one.

The column stays `jsonb`: only what Python writes into it and reads out of it changes.
"""

import uuid

import django.utils.timezone
from django.db import migrations, models

import rubrics.sealed_field

GUARD = """
CREATE FUNCTION rubrics_refuse_loss_of_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'data key % opens rubrics and can only be wrapped anew', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER rubric_keys_are_kept
    BEFORE DELETE OR UPDATE OF id, created_at ON rubrics_rubrickey
    FOR EACH ROW EXECUTE FUNCTION rubrics_refuse_loss_of_key();
"""

UNGUARD = """
DROP TRIGGER rubric_keys_are_kept ON rubrics_rubrickey;
DROP FUNCTION rubrics_refuse_loss_of_key();
"""


class Migration(migrations.Migration):
    dependencies = [("rubrics", "0003_who_saved_a_draft_last")]
    operations = [
        migrations.CreateModel(
            name="RubricKey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("wrapped", models.BinaryField()),
                (
                    "wrapped_by",
                    models.CharField(help_text="Names the key it is wrapped under; no secret.", max_length=300),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("wrapped_by", ""), _negated=True), name="rubric_key_names_its_wrapping"
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="rubricversion",
            name="content",
            field=rubrics.sealed_field.SealedJSONField(
                help_text="The document without status, dates and approval, which are columns."
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
