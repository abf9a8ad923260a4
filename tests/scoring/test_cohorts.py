"""An assessment's figures: whose grading counts, what a person's decision changes, and what is read again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.services import GradeRequest, submission_grade
from rubrics.domain.document import rubric_from_mapping
from rubrics.services import rubric_version_approve, rubric_version_create
from scoring.access import Viewer
from scoring.cohorts import cohort_of, cohort_report
from scoring.domain.pipeline import SubmissionInputs
from scoring.domain.review import GRADING, Action, Judged
from scoring.domain.statistics.cohort import ItemVerdict
from scoring.models import Assessment, Grading
from scoring.services import DecisionRequest, decision_record
from tests.builders import document
from tests.cast import TRANSCRIPT, Cast, approved_rubric, assessment_of, make_cast

pytestmark = pytest.mark.django_db

ASKED = "question:weight_bearing"
ALLERGIES = "question:allergies"
SILENT = "[00:02] Student: Hello, what brings you in today?\n[00:06] Patient: My ankle.\n[00:10] Student: Goodbye."


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    return assessment_of(cast, approved_rubric())


def graded(assessment: Assessment, student_id: str, transcript: str = TRANSCRIPT) -> Grading:
    request = GradeRequest(
        "ankle_v1", assessment.rubric_version.version, student_id, SubmissionInputs(transcript),
        assessment_id=assessment.pk,
    )  # fmt: skip
    return submission_grade(request=request, viewer=Viewer(user_id=assessment.owner_id), at=timezone.now())


def decide(grading: Grading, item: str, action: Action, **parts: Any) -> None:
    decision_record(
        grading=grading,
        request=DecisionRequest(item, action, uuid4(), 0, **parts),
        viewer=Viewer(user_id=grading.submission.assessment.owner_id),  # type: ignore[union-attr]
        at=timezone.now(),
    )


def only(assessment: Assessment) -> Any:
    (candidate,), _ = cohort_of(assessment, alias="default")
    return candidate


def test_the_last_grading_of_a_candidate_is_the_one_that_counts(assessment: Assessment) -> None:
    graded(assessment, "S-1", SILENT)
    second = graded(assessment, "S-1")
    graded(assessment, "S-2", SILENT)
    candidates, left_out = cohort_of(assessment, alias="default")
    assert {candidate.grading_id for candidate in candidates} >= {str(second.pk)}
    assert (len(candidates), left_out) == (2, 0)


def test_without_decisions_every_verdict_is_the_machines_alone(assessment: Assessment) -> None:
    graded(assessment, "S-1")
    assert only(assessment).verdicts[ASKED] == ItemVerdict(machine=True)
    assert not only(assessment).reviewed


@pytest.mark.parametrize(
    ("action", "parts", "verdict"),
    [
        pytest.param(Action.ACCEPT, {}, ItemVerdict(True, person=True), id="confirmed"),
        pytest.param(Action.OVERRIDE, {"verdict": Judged.MISSED, "reason": "Only the patient said it."},
                     ItemVerdict(True, person=False), id="overridden"),
        pytest.param(Action.NOT_APPLICABLE, {"reason": "The station had no time."},
                     ItemVerdict(True, applicable=False), id="taken out"),
    ],
)  # fmt: skip
def test_a_decision_is_the_persons_verdict_beside_the_machines(
    assessment: Assessment, action: Action, parts: dict[str, Any], verdict: ItemVerdict
) -> None:
    decide(graded(assessment, "S-1"), ASKED, action, **parts)
    assert only(assessment).verdicts[ASKED] == verdict


def test_accepting_the_rest_confirms_every_item_that_was_not_decided(assessment: Assessment) -> None:
    grading = graded(assessment, "S-1")
    decide(grading, ASKED, Action.OVERRIDE, verdict=Judged.MISSED, reason="Only the patient said it.")
    decide(grading, GRADING, Action.ACCEPT_REST)
    candidate = only(assessment)
    assert candidate.verdicts[ALLERGIES] == ItemVerdict(True, person=True)
    assert candidate.verdicts[ASKED] == ItemVerdict(True, person=False)
    assert candidate.reviewed


def test_the_facultys_score_counts_once_there_is_one_and_the_machines_stays_beside_it(assessment: Assessment) -> None:
    grading = graded(assessment, "S-1")
    decide(grading, ASKED, Action.OVERRIDE, verdict=Judged.MISSED, reason="Only the patient said it.")
    candidate = only(assessment)
    assert candidate.machine_score == grading.overall_score
    assert candidate.score < grading.overall_score


def test_disagreements_lead_to_their_gradings(assessment: Assessment) -> None:
    grading = graded(assessment, "S-1")
    decide(grading, ASKED, Action.OVERRIDE, verdict=Judged.MISSED, reason="Only the patient said it.")
    decide(graded(assessment, "S-2"), ASKED, Action.ACCEPT)
    (agreement,) = cohort_report(assessment).figures.agreement
    assert agreement.item == ASKED
    assert (agreement.counts.both_yes, agreement.counts.machine_only) == (1, 1)
    assert agreement.disagreements == ((str(grading.pk), True),)


def test_gradings_by_another_version_of_the_rubric_are_left_out_and_counted(assessment: Assessment) -> None:
    graded(assessment, "S-1")
    later = rubric_version_create(
        document=rubric_from_mapping(document(version="1.0.1")), author_id=None, at=timezone.now()
    )
    assessment.rubric_version = rubric_version_approve(rubric_version=later, by="owner", at=timezone.now())
    assessment.save()
    graded(assessment, "S-2")
    report = cohort_report(assessment)
    assert report.left_out == 1
    assert report.figures.distribution is not None
    assert report.figures.distribution.n == 1


def test_a_grading_of_before_verdicts_were_kept_counts_like_any_other(assessment: Assessment) -> None:
    graded(assessment, "S-1")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # past the trigger, as no product code may go
        cursor.execute("UPDATE scoring_grading SET verdicts = NULL")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert only(assessment).verdicts[ASKED] == ItemVerdict(machine=True)


def test_figures_are_kept_until_a_decision_is_added(assessment: Assessment) -> None:
    grading = graded(assessment, "S-1")
    cohort_report(assessment)
    with CaptureQueriesContext(connection) as kept:
        cohort_report(assessment)
    assert len(kept) == 2
    decide(grading, ASKED, Action.OVERRIDE, verdict=Judged.MISSED, reason="Only the patient said it.")
    distribution = cohort_report(assessment).figures.distribution
    assert distribution is not None
    assert distribution.mean < grading.overall_score


@pytest.mark.parametrize("candidates", [1, 6])
def test_a_report_asks_the_database_as_often_for_many_candidates_as_for_one(
    assessment: Assessment, candidates: int
) -> None:
    for number in range(candidates):
        decide(graded(assessment, f"S-{number}"), ASKED, Action.ACCEPT)
    assessment = Assessment.objects.select_related("rubric_version__rubric").get(pk=assessment.pk)
    with CaptureQueriesContext(connection) as asked:
        cohort_report(assessment)
    assert len(asked) == 4


def test_nobody_has_no_figures(assessment: Assessment) -> None:
    report = cohort_report(assessment)
    assert (report.figures.distribution, report.figures.items, report.left_out) == (None, (), 0)


def test_a_changed_cut_moves_who_passes(assessment: Assessment) -> None:
    score = graded(assessment, "S-1").overall_score
    passed = []
    for cut in (score, score + Decimal("0.0001")):
        assessment.cut_score = cut
        distribution = cohort_report(assessment).figures.distribution
        assert distribution is not None
        passed.append(distribution.passed.part)
    assert passed == [1, 0]
