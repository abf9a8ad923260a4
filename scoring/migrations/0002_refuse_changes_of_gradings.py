"""A grading and what was submitted are records: the database refuses to change them. Grading again makes another."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION scoring_refuse_change_of_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% % is a record and can not be changed', TG_TABLE_NAME, OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER gradings_are_immutable
    BEFORE UPDATE ON scoring_grading
    FOR EACH ROW EXECUTE FUNCTION scoring_refuse_change_of_record();
CREATE TRIGGER submitted_texts_are_immutable
    BEFORE UPDATE OF oral_transcript, summary_text, format, speaker_map, student_id, transcript_sha256, inputs_sha256
    ON scoring_submission
    FOR EACH ROW EXECUTE FUNCTION scoring_refuse_change_of_record();
"""

ALLOW = """
DROP TRIGGER submitted_texts_are_immutable ON scoring_submission;
DROP TRIGGER gradings_are_immutable ON scoring_grading;
DROP FUNCTION scoring_refuse_change_of_record();
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
