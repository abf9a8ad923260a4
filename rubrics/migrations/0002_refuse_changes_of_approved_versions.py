"""Approved content can't change by any path, the admin and raw SQL included.

An approved version may only become archived, an archived one nothing; neither may be deleted. Drafts are free.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION rubrics_refuse_change_of_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'rubric version % is % and can not be deleted', OLD.id, OLD.status
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.status NOT IN (OLD.status, 'archived')
        OR (to_jsonb(NEW) - 'status' - 'updated_at') IS DISTINCT FROM (to_jsonb(OLD) - 'status' - 'updated_at')
    THEN
        RAISE EXCEPTION 'rubric version % is % and can not be changed; make a new version', OLD.id, OLD.status
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved_rubric_versions_are_immutable
    BEFORE UPDATE OR DELETE ON rubrics_rubricversion
    FOR EACH ROW EXECUTE FUNCTION rubrics_refuse_change_of_approved();
"""

ALLOW = """
DROP TRIGGER approved_rubric_versions_are_immutable ON rubrics_rubricversion;
DROP FUNCTION rubrics_refuse_change_of_approved();
"""


class Migration(migrations.Migration):
    dependencies = [("rubrics", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
