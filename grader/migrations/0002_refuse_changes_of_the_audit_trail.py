"""The audit trail is append-only: an entry that can be changed proves nothing."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION grader_refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_trail_is_append_only
    BEFORE UPDATE OR DELETE ON grader_auditentry
    FOR EACH ROW EXECUTE FUNCTION grader_refuse_change_of_audit();
"""

ALLOW = """
DROP TRIGGER audit_trail_is_append_only ON grader_auditentry;
DROP FUNCTION grader_refuse_change_of_audit();
"""


class Migration(migrations.Migration):
    dependencies = [("grader", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
