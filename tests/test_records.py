"""What the database refuses to change: approved rubrics, gradings, submitted texts, the audit trail."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from feedback.services import GradeRequest, submission_grade
from grader.models import AuditEntry
from rubrics.domain.document import RubricStatus, rubric_from_mapping
from rubrics.domain.errors import WrongState
from rubrics.models import RubricVersion
from rubrics.services import rubric_version_approve, rubric_version_archive, rubric_version_create
from scoring.access import Viewer
from scoring.domain.pipeline import SubmissionInputs
from scoring.models import Assessment, Grading
from tests.builders import document
from tests.cast import TRANSCRIPT, approved_rubric, assessment_of, make_cast

pytestmark = pytest.mark.django_db


def draft(**changes: Any) -> RubricVersion:
    return rubric_version_create(document=rubric_from_mapping(document(**changes)), author_id=None, at=timezone.now())


def graded() -> Grading:
    request = GradeRequest("ankle_v1", None, "S-1", SubmissionInputs(TRANSCRIPT))
    return submission_grade(request=request, viewer=Viewer(), at=timezone.now())


def refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize(
    "change",
    [
        "SET content = jsonb_set(content, '{weights,structure}', '0.9')",
        "SET content_sha256 = repeat('0', 64)",
        "SET status = 'draft'",
        "SET approved_by = 'somebody else'",
        "SET title = 'Knee injury'",
        "SET major = 2",
    ],
)
def test_an_approved_rubric_refuses_raw_sql(change: str) -> None:
    approved_rubric()
    assert refused(f"UPDATE rubrics_rubricversion {change}")
    assert refused("DELETE FROM rubrics_rubricversion")


def test_a_rubric_with_an_approved_version_keeps_its_name() -> None:
    draft(rubric_id="knee_v1")
    assert not refused("UPDATE rubrics_rubric SET rubric_id = 'knee_v2'")
    approved_rubric()
    assert refused("UPDATE rubrics_rubric SET rubric_id = 'hip_v1' WHERE rubric_id = 'ankle_v1'")


def test_approved_versions_are_not_emptied_out_with_their_table_and_drafts_may_be() -> None:
    empty = "SET LOCAL rubrics.allow_truncate = 'off'; SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE rubrics_rubricversion CASCADE"
    draft()
    assert not refused(empty)
    approved_rubric(version="1.1.0")
    with (
        pytest.raises(DatabaseError, match="can not be deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(empty)
    assert RubricVersion.objects.count() == 1


@pytest.mark.parametrize("back", ["draft", "approved"])
def test_an_archived_version_refuses_every_way_back(back: str) -> None:
    version = approved_rubric()
    rubric_version_archive(rubric_version=version, at=timezone.now())
    assert refused(f"UPDATE rubrics_rubricversion SET status = '{back}'")
    assert refused("UPDATE rubrics_rubricversion SET approval_note = 'x'")
    assert refused("DELETE FROM rubrics_rubricversion")
    with pytest.raises(DatabaseError), transaction.atomic():
        RubricVersion.objects.update(status=back)
    with pytest.raises(DatabaseError), transaction.atomic():
        RubricVersion.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        RubricVersion.objects.bulk_update([RubricVersion(pk=version.pk, title="x")], ["title"])


def test_a_draft_can_be_changed_and_an_approved_version_can_only_be_archived() -> None:
    draft(version="1.0.1")
    assert not refused("UPDATE rubrics_rubricversion SET title = 'Better'")
    version = approved_rubric()
    assert not refused(f"UPDATE rubrics_rubricversion SET status = 'archived' WHERE id = {version.pk}")
    assert refused(f"UPDATE rubrics_rubricversion SET status = 'approved' WHERE id = {version.pk}")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE scoring_grading SET overall_score = 1",
        "UPDATE scoring_grading SET result = '{}'",
        "UPDATE scoring_submission SET oral_transcript = 'Student: better'",
        "UPDATE scoring_submission SET student_id = 'S-2'",
    ],
)
def test_a_grading_and_its_submission_refuse_raw_sql(sql: str) -> None:
    approved_rubric()
    graded()
    assert refused(sql)


def test_the_audit_trail_is_append_only() -> None:
    AuditEntry.objects.create(actor="user:1", action="release", object_type="grading", object_id="1")
    assert refused("UPDATE grader_auditentry SET actor = 'nobody'")
    assert refused("DELETE FROM grader_auditentry")


@pytest.mark.parametrize("score", ["-0.0001", "1.0001"])
def test_a_cut_score_outside_0_to_1_is_refused(score: str) -> None:
    assessment = assessment_of(make_cast(), approved_rubric())
    with pytest.raises(IntegrityError, match="cut_score_is_between_0_and_1"), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(cut_score=score)


def test_a_posted_status_is_ignored() -> None:
    assert draft(status="approved").status == RubricStatus.DRAFT


def test_a_version_is_made_once() -> None:
    draft()
    with pytest.raises(WrongState, match="Raise the version"):
        draft(title="Another ankle")


def test_approval_runs_qa_and_refuses_on_errors_naming_the_fields() -> None:
    version = draft(weights={**document()["weights"], "structure": 0.9})
    with pytest.raises(WrongState, match="sum to 1") as refusal:
        rubric_version_approve(rubric_version=version, by="dean", at=timezone.now())
    assert [problem.field for problem in refusal.value.fields] == ["weights"]
    version.refresh_from_db()
    assert version.status == RubricStatus.DRAFT


def test_approval_records_who_when_and_why_and_happens_once() -> None:
    at = timezone.now()
    version = rubric_version_approve(rubric_version=draft(), by="dean", at=at, note="for the spring OSCE")
    assert (version.approved_by, version.approved_at, version.approval_note) == ("dean", at, "for the spring OSCE")
    assert version.document.approval is not None
    with pytest.raises(WrongState, match="only a draft"):
        rubric_version_approve(rubric_version=version, by="dean", at=at)


def test_an_archived_version_no_longer_grades_and_its_gradings_stay() -> None:
    approved_rubric()
    grading = graded()
    RubricVersion.objects.update(status=RubricStatus.ARCHIVED)
    with pytest.raises(WrongState):
        graded()
    assert Grading.objects.get() == grading
