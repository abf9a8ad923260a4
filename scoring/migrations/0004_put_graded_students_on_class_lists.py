"""Submissions of an assessment stood beside no class list. Every student that has one becomes a candidate there.

Nothing is lost on the way back: what the reversal leaves is a class list that nobody points to.
"""

from django.db import migrations

FORWARDS = """
INSERT INTO scoring_candidate (assessment_id, student_id, display_name, email, code, created_at)
SELECT assessment_id, student_id, '', '',
       lpad((row_number() OVER (PARTITION BY assessment_id ORDER BY random()))::text, 4, '0'), now()
FROM (SELECT DISTINCT assessment_id, student_id FROM scoring_submission WHERE assessment_id IS NOT NULL) AS graded
ON CONFLICT DO NOTHING;
UPDATE scoring_submission SET candidate_id = scoring_candidate.id
FROM scoring_candidate
WHERE scoring_candidate.assessment_id = scoring_submission.assessment_id
  AND scoring_candidate.student_id = scoring_submission.student_id
  AND scoring_submission.candidate_id IS NULL;
"""

BACKWARDS = "UPDATE scoring_submission SET candidate_id = NULL WHERE candidate_id IS NOT NULL;"


class Migration(migrations.Migration):
    dependencies = [("scoring", "0003_class_lists_and_batches")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
