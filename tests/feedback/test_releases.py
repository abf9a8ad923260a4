"""Letting students read, and taking it back: by a person, with a history."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from feedback.models import Release, ReleaseEvent, ReleaseKind
from feedback.services import GradeRequest, submission_grade
from feedback.services.releases import grading_release, grading_withdraw, gradings_release
from grader.models import AuditEntry
from rubrics.domain.errors import Malformed, WrongState
from scoring.access import Viewer
from scoring.domain.pipeline import SubmissionInputs
from scoring.models import Assessment, Grading
from tests.cast import TRANSCRIPT, approved_rubric, assessment_of, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment() -> Assessment:
    return assessment_of(make_cast(), approved_rubric())


def graded(assessment: Assessment, student_id: str) -> Grading:
    request = GradeRequest("ankle_v1", None, student_id, SubmissionInputs(TRANSCRIPT), assessment_id=assessment.pk)
    return submission_grade(request=request, viewer=Viewer(user_id=assessment.owner_id), at=timezone.now())


def release_all(assessment: Assessment) -> int:
    return gradings_release(assessment=assessment, by_id=assessment.owner_id, at=timezone.now())


def withdraw(grading: Grading, reason: str) -> None:
    by_id = grading.submission.assessment.owner_id  # type: ignore[union-attr]
    grading_withdraw(grading=grading, by_id=by_id, reason=reason, at=timezone.now())


def test_releasing_all_releases_the_last_grading_of_every_candidate(assessment: Assessment) -> None:
    first, second, other = (graded(assessment, student) for student in ("S-1", "S-1", "S-2"))
    assert release_all(assessment) == 2
    assert set(Release.objects.values_list("grading", flat=True)) == {second.pk, other.pk}
    assert first.pk not in set(Release.objects.values_list("grading", flat=True))


def test_releasing_all_again_releases_only_who_was_added(assessment: Assessment) -> None:
    graded(assessment, "S-1")
    release_all(assessment)
    graded(assessment, "S-2")
    assert release_all(assessment) == 1
    assert ReleaseEvent.objects.count() == 2


def test_another_assessment_is_left_alone(assessment: Assessment) -> None:
    elsewhere = Assessment.objects.create(
        course="MSK", station="Knee", date=assessment.date, rubric_version=assessment.rubric_version,
        owner=assessment.owner,
    )  # fmt: skip
    graded(elsewhere, "S-1")
    assert release_all(assessment) == 0


def test_a_release_that_is_taken_back_is_gone_for_the_student_and_stays_in_the_history(assessment: Assessment) -> None:
    grading = graded(assessment, "S-1")
    grading_release(grading=grading, by_id=assessment.owner_id, at=timezone.now())
    withdraw(grading, " The wrong  transcript was graded. ")
    assert not Release.objects.readable_by_student("S-1").exists()
    assert list(ReleaseEvent.objects.values_list("kind", "reason")) == [
        (ReleaseKind.RELEASED, ""),
        (ReleaseKind.WITHDRAWN, "The wrong transcript was graded."),
    ]
    assert list(
        AuditEntry.objects.filter(object_id=str(grading.pk)).order_by("pk").values_list("action", flat=True)
    ) == [
        "release grading",
        "withdraw grading",
    ]


def test_what_was_taken_back_can_be_released_again(assessment: Assessment) -> None:
    grading = graded(assessment, "S-1")
    release_all(assessment)
    withdraw(grading, "A typing error in my comment.")
    assert release_all(assessment) == 1


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501], ids=["none", "blank", "too long"])
def test_taking_back_needs_a_reason_that_colleagues_can_read(assessment: Assessment, reason: str) -> None:
    grading = graded(assessment, "S-1")
    release_all(assessment)
    with pytest.raises(Malformed, match="Say why"):
        withdraw(grading, reason)
    assert Release.objects.exists()


def test_what_is_not_released_can_not_be_taken_back(assessment: Assessment) -> None:
    with pytest.raises(WrongState, match="not released"):
        withdraw(graded(assessment, "S-1"), "By mistake.")


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_history_refuses_changes(assessment: Assessment, change: str) -> None:
    graded(assessment, "S-1")
    release_all(assessment)
    events = ReleaseEvent.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        events.update(reason="never") if change == "update" else events.delete()


def test_the_database_refuses_a_withdrawal_without_a_reason(assessment: Assessment) -> None:
    grading = graded(assessment, "S-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseEvent.objects.create(
            grading=grading, kind=ReleaseKind.WITHDRAWN, by_id=assessment.owner_id, at=timezone.now()
        )


@pytest.mark.django_db(transaction=True)
def test_two_people_who_release_all_at_once_release_each_grading_once() -> None:
    assessment = assessment_of(make_cast(), approved_rubric())
    for number in range(5):
        graded(assessment, f"S-{number}")
    released: list[int] = []
    start = threading.Barrier(2)

    def press() -> None:
        try:
            start.wait(timeout=20)
            released.append(release_all(assessment))
        finally:
            connection.close()

    people = [threading.Thread(target=press) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=60)
    assert sorted(released) == [0, 5]
    assert ReleaseEvent.objects.count() == Release.objects.count() == 5
