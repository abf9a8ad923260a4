"""Releasing in the pages: what is previewed, who may, and what a student reads after a review."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.models import Release
from feedback.services import GradeRequest, grading_release, submission_grade
from grader.models import User
from scoring.access import Viewer
from scoring.domain.pipeline import SubmissionInputs
from scoring.domain.review import GRADING, Action, Judged
from scoring.models import Assessment, Grading
from scoring.services import DecisionRequest, decision_record
from tests.cast import TRANSCRIPT, Cast, approved_rubric, assessment_of, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    return assessment_of(cast, approved_rubric())


def graded(assessment: Assessment, student_id: str = "S-1") -> Grading:
    request = GradeRequest("ankle_v1", None, student_id, SubmissionInputs(TRANSCRIPT), assessment_id=assessment.pk)
    return submission_grade(request=request, viewer=Viewer(user_id=assessment.owner_id), at=timezone.now())


def decide(grading: Grading, item: str, action: Action, **parts: Any) -> None:
    decision_record(
        grading=grading,
        request=DecisionRequest(item, action, uuid4(), 0, **parts),
        viewer=Viewer(user_id=grading.submission.assessment.owner_id),  # type: ignore[union-attr]
        at=timezone.now(),
    )


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(user: User, path: str) -> str:
    response = browser(user).get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_all_are_released_by_one_button_after_a_look_at_who_was_not_reviewed(
    cast: Cast, assessment: Assessment
) -> None:
    graded(assessment, "S-1")
    graded(assessment, "S-2")
    path = f"/assessments/{assessment.pk}/release/"
    assert "0 of 2 reviewed completely" in text_of(cast.owner, path)
    assert not Release.objects.exists()
    assert browser(cast.owner).post(path).headers["Location"] == f"/assessments/{assessment.pk}/"
    assert Release.objects.count() == 2
    assert "Everybody can read their feedback" in text_of(cast.owner, path)


@pytest.mark.parametrize("who", ["outsider", "student"])
@pytest.mark.parametrize("page", ["release", "numbers", "grades/csv"])
def test_an_assessment_of_others_is_not_there(cast: Cast, assessment: Assessment, who: str, page: str) -> None:
    graded(assessment)
    client = browser(getattr(cast, who))
    path = f"/assessments/{assessment.pk}/{page}/"
    assert client.get(path).status_code == 404
    assert client.post(path).status_code in {404, 405}
    assert not Release.objects.exists()


@pytest.mark.parametrize("who", ["outsider", "student"])
def test_others_can_not_take_a_release_back(cast: Cast, assessment: Assessment, who: str) -> None:
    grading = graded(assessment)
    grading_release(grading=grading, by_id=cast.owner.pk, at=timezone.now())
    response = browser(getattr(cast, who)).post(f"/gradings/{grading.pk}/withdraw/", {"reason": "x"})
    assert response.status_code == 404
    assert Release.objects.exists()


def test_a_release_is_taken_back_with_a_reason_that_the_student_never_sees(cast: Cast, assessment: Assessment) -> None:
    grading = graded(assessment)
    grading_release(grading=grading, by_id=cast.owner.pk, at=timezone.now())
    browser(cast.colleague).post(f"/gradings/{grading.pk}/withdraw/", {"reason": "The wrong file."})
    assert browser(cast.student).get(f"/feedback/{grading.pk}/").status_code == 404
    assert "The wrong file." in text_of(cast.owner, f"/gradings/{grading.pk}/release/")
    grading_release(grading=grading, by_id=cast.owner.pk, at=timezone.now())
    assert "The wrong file." not in text_of(cast.student, f"/feedback/{grading.pk}/")


def test_without_a_reason_nothing_is_taken_back_and_the_page_says_why(cast: Cast, assessment: Assessment) -> None:
    grading = graded(assessment)
    grading_release(grading=grading, by_id=cast.owner.pk, at=timezone.now())
    response = browser(cast.owner).post(f"/gradings/{grading.pk}/withdraw/", {"reason": " "})
    assert response.status_code == 400
    assert "Say why the feedback is taken back" in response.content.decode()
    assert Release.objects.exists()


def test_a_student_reads_the_examiners_score_words_and_comment_and_no_reason(
    cast: Cast, assessment: Assessment
) -> None:
    grading = graded(assessment)
    decide(
        grading, "question:weight_bearing", Action.OVERRIDE, verdict=Judged.MISSED, reason="Only the patient said it."
    )
    decide(grading, GRADING, Action.COMMENT, comment="A kind manner.")
    grading_release(grading=grading, by_id=cast.owner.pk, at=timezone.now())
    page = text_of(cast.student, f"/feedback/{grading.pk}/")
    assert "Your examiner did not credit this" in page
    assert "A kind manner." in page
    assert "Only the patient said it." not in page
    grading.refresh_from_db()
    final = f"{100 * grading.final.overall_score:.1f}"  # type: ignore[attr-defined]
    assert final in page
    assert final in text_of(cast.student, "/feedback/")
    assert f"{100 * grading.overall_score:.1f}" not in text_of(cast.student, "/feedback/")


def test_a_student_takes_their_feedback_home_as_a_pdf_and_nobody_elses(cast: Cast, assessment: Assessment) -> None:
    grading = graded(assessment)
    grading_release(grading=grading, by_id=cast.owner.pk, at=timezone.now())
    path = f"/feedback/{grading.pk}/pdf/"
    answer = browser(cast.student).get(path)
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert browser(cast.other_student).get(path).status_code == 404
    assert Client().get(path).status_code == 302


def test_progress_is_drawn_from_the_second_assessment_on(cast: Cast, assessment: Assessment) -> None:
    grading_release(grading=graded(assessment), by_id=cast.owner.pk, at=timezone.now())
    assert "Over time" not in text_of(cast.student, "/feedback/")
    grading_release(grading=graded(assessment), by_id=cast.owner.pk, at=timezone.now())
    assert "Over time" in text_of(cast.student, "/feedback/")


@pytest.mark.parametrize("candidates", [2, 9])
def test_the_list_to_release_asks_as_often_for_nine_as_for_two(
    cast: Cast, assessment: Assessment, candidates: int
) -> None:
    for number in range(candidates):
        decide(graded(assessment, f"S-{number}"), GRADING, Action.ACCEPT_REST)
    client = browser(cast.owner)
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/assessments/{assessment.pk}/release/")
    assert len(asked) == 5


def test_where_grading_is_anonymous_the_page_shows_codes(cast: Cast, assessment: Assessment) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(anonymous_grading=True)
    grading = graded(assessment, "S-SECRET")
    for path in (f"/assessments/{assessment.pk}/release/", f"/gradings/{grading.pk}/release/"):
        page = text_of(cast.colleague, path)
        assert "S-SECRET" not in page
        assert grading.submission.candidate.code in page  # type: ignore[union-attr]
