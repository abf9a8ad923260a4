"""A rubric's name is part of what its gradings cite (`rubric://name#anchor`), and it stands in a table of its own.

Without this, raw SQL could rename a rubric under its approved versions, whose content then names another one. And a table that
is emptied at once fires no trigger of its rows: TRUNCATE is refused while an approved version is in it. Only the test suite, which
empties its own database between tests, sets `rubrics.allow_truncate`.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION rubrics_refuse_new_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.rubric_id IS DISTINCT FROM OLD.rubric_id AND EXISTS (
        SELECT 1 FROM rubrics_rubricversion WHERE rubric_id = OLD.id AND status <> 'draft'
    ) THEN
        RAISE EXCEPTION 'rubric % has approved versions and can not be renamed; copy it', OLD.rubric_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved_rubrics_keep_their_name
    BEFORE UPDATE ON rubrics_rubric FOR EACH ROW EXECUTE FUNCTION rubrics_refuse_new_name();
CREATE FUNCTION rubrics_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('rubrics.allow_truncate', true) IS DISTINCT FROM 'on'
        AND EXISTS (SELECT 1 FROM rubrics_rubricversion WHERE status <> 'draft')
    THEN
        RAISE EXCEPTION 'approved rubric versions can not be deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER approved_rubric_versions_are_not_truncated
    BEFORE TRUNCATE ON rubrics_rubricversion FOR EACH STATEMENT EXECUTE FUNCTION rubrics_refuse_truncate();
"""

ALLOW = """
DROP TRIGGER approved_rubric_versions_are_not_truncated ON rubrics_rubricversion;
DROP FUNCTION rubrics_refuse_truncate();
DROP TRIGGER approved_rubrics_keep_their_name ON rubrics_rubric;
DROP FUNCTION rubrics_refuse_new_name();
"""


class Migration(migrations.Migration):
    dependencies = [("rubrics", "0005_remember_retried_requests")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
