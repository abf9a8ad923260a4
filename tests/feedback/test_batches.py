"""Grading of many in the background: each exactly once, whatever happens to the worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from feedback.batch_progress import batch_progress
from feedback.domain.estimate import seconds_left
from feedback.services import (
    BatchEntry,
    GradeRequest,
    batch_cancel,
    batch_create,
    batch_pause,
    batch_resume,
    batch_retry_failures,
)
from feedback.services import batches as service
from feedback.tasks import grade_batch, resume_abandoned_batches
from grader.models import AuditEntry
from rubrics.domain.errors import Refusal
from scoring.access import Viewer
from scoring.domain.pipeline import SubmissionInputs
from scoring.models import Assessment, Batch, BatchItem, BatchKind, Candidate, Grading, Submission
from tests.cast import TRANSCRIPT, Cast, approved_rubric, assessment_of, make_cast

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
PATIENT_ALONE = "Patient: I rolled my ankle.\nPatient: It hurts.\n"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    return assessment_of(cast, approved_rubric())


def entry(
    student_id: str, assessment: Assessment | None = None, text: str = TRANSCRIPT, rubric: str = "ankle_v1"
) -> BatchEntry:
    request = GradeRequest(rubric, None, student_id, SubmissionInputs(text), assessment_id=assessment and assessment.pk)
    return BatchEntry(request, f"{student_id}.txt")


def work(batch: Batch) -> None:
    grade_batch.func(batch_id=str(batch.pk))
    batch.refresh_from_db()


def states(batch: Batch) -> list[str]:
    return list(batch.items.order_by("position").values_list("state", flat=True))


def test_every_submission_of_a_batch_is_graded_for_its_candidate(cast: Cast, assessment: Assessment) -> None:
    entries = [entry(f"S-{number}", assessment) for number in (1, 2, 3)]
    batch = batch_create(entries=entries, viewer=cast.owner.viewer, at=AT)
    work(batch)
    assert (batch.state, states(batch)) == ("done", ["done"] * 3)
    assert sorted(Grading.objects.values_list("submission__candidate__student_id", flat=True)) == ["S-1", "S-2", "S-3"]
    assert set(Submission.objects.values_list("submitted_by", flat=True)) == {cast.owner.pk}


def test_what_is_wrong_with_one_fails_that_one_alone_and_says_why(cast: Cast, assessment: Assessment) -> None:
    entries = [entry("S-1", text=PATIENT_ALONE), entry("S-2"), entry("S-3", rubric="nowhere_v1")]
    batch = batch_create(entries=entries, viewer=cast.owner.viewer, at=AT)
    work(batch)
    assert states(batch) == ["failed", "done", "failed"]
    failed = list(batch.items.filter(state="failed").order_by("position"))
    assert [item.error_code for item in failed] == ["no_student_speech", "not_found"]
    assert all(item.error_message.endswith(".") for item in failed)


def test_graded_texts_are_kept_once(cast: Cast, assessment: Assessment) -> None:
    batch = batch_create(entries=[entry("S-1", assessment)], viewer=cast.owner.viewer, at=AT)
    work(batch)
    assert batch.items.get().oral_transcript == ""
    assert Submission.objects.get().oral_transcript == TRANSCRIPT


def _killed_after_the_claim(batch: Batch) -> None:
    service._claim(str(batch.pk), AT)


def _killed_before_the_item_was_marked(batch: Batch) -> None:
    """As if grading and marking were not one transaction: the grading stands, the item does not know."""
    item = batch.items.get(position=1)
    service.batch_grade_next(batch_id=str(batch.pk), at=AT)
    BatchItem.objects.filter(pk=item.pk).update(
        state="grading", grading=None, finished_at=None, oral_transcript=item.oral_transcript
    )


@pytest.mark.parametrize("kill", [_killed_after_the_claim, _killed_before_the_item_was_marked])
def test_a_worker_that_dies_costs_no_grading_and_makes_none_twice(
    kill: Callable[[Batch], None], cast: Cast, assessment: Assessment
) -> None:
    batch = batch_create(entries=[entry("S-1", assessment), entry("S-2", assessment)], viewer=cast.owner.viewer, at=AT)
    kill(batch)
    work(batch)
    assert (batch.state, states(batch)) == ("done", ["done", "done"])
    assert Grading.objects.count() == 2


def test_an_item_that_takes_its_workers_down_is_given_up_and_the_rest_goes_on(
    cast: Cast, assessment: Assessment
) -> None:
    batch = batch_create(entries=[entry("S-1"), entry("S-2")], viewer=cast.owner.viewer, at=AT)
    for _ in range(service.MAX_ATTEMPTS):
        _killed_after_the_claim(batch)
    work(batch)
    assert states(batch) == ["failed", "done"]
    assert batch.items.get(position=1).error_code == "worker_lost"


def test_a_fault_of_ours_fails_the_item_and_never_shows_the_text(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(**_: Any) -> None:
        raise RuntimeError(TRANSCRIPT)

    monkeypatch.setattr(service, "submission_grade", break_down)
    batch = batch_create(entries=[entry("S-1")], viewer=cast.owner.viewer, at=AT)
    work(batch)
    item = batch.items.get()
    assert (item.state, item.error_code) == ("failed", "internal_error")
    assert "ankle" not in caplog.text + item.error_message


def test_a_paused_batch_grades_nothing_until_it_is_resumed(cast: Cast, assessment: Assessment) -> None:
    batch = batch_create(entries=[entry("S-1")], viewer=cast.owner.viewer, at=AT)
    batch_pause(batch=batch, viewer=cast.owner.viewer, at=AT)
    work(batch)
    assert states(batch) == ["waiting"]
    batch_resume(batch=batch, viewer=cast.owner.viewer, at=AT)
    work(batch)
    assert states(batch) == ["done"]


def test_trying_failures_again_leaves_what_is_graded_alone(cast: Cast, assessment: Assessment) -> None:
    entries = [entry("S-1"), entry("S-2", rubric="later_v1")]
    batch = batch_create(entries=entries, viewer=cast.owner.viewer, at=AT)
    work(batch)
    first = batch.items.get(position=1).grading_id
    approved_rubric(rubric_id="later_v1")
    batch_retry_failures(batch=batch, viewer=cast.owner.viewer, at=AT)
    work(batch)
    assert (batch.state, states(batch)) == ("done", ["done", "done"])
    assert batch.items.get(position=1).grading_id == first
    assert Grading.objects.count() == 2


def test_a_cancelled_batch_keeps_what_is_graded_and_says_what_is_not(cast: Cast, assessment: Assessment) -> None:
    batch = batch_create(entries=[entry("S-1"), entry("S-2")], viewer=cast.owner.viewer, at=AT)
    service.batch_grade_next(batch_id=str(batch.pk), at=AT)
    batch_cancel(batch=batch, viewer=cast.owner.viewer, at=AT)
    work(batch)
    assert (batch.state, states(batch)) == ("cancelled", ["done", "dropped"])
    assert AuditEntry.objects.filter(action="cancel batch", actor=f"user:{cast.owner.pk}").count() == 1


@pytest.mark.parametrize(
    ("act", "state"),
    [
        pytest.param(batch_pause, "done", id="pausing what is done"),
        pytest.param(batch_resume, "running", id="resuming what runs"),
        pytest.param(batch_cancel, "done", id="cancelling what is done"),
        pytest.param(batch_retry_failures, "cancelled", id="trying a cancelled one again"),
        pytest.param(batch_retry_failures, "done", id="trying again where nothing failed"),
    ],
)
def test_an_act_that_its_state_forbids_is_refused(act: Callable[..., Batch], state: str, cast: Cast) -> None:
    batch = batch_create(entries=[entry("S-1")], viewer=cast.owner.viewer, at=AT)
    Batch.objects.filter(pk=batch.pk).update(state=state)
    with pytest.raises(Refusal):
        act(batch=batch, viewer=cast.owner.viewer, at=AT)


@pytest.mark.parametrize(("count", "code"), [(0, "empty_batch"), (service.MAX_ITEMS + 1, "too_large")])
def test_an_empty_and_an_endless_batch_are_refused(count: int, code: str, cast: Cast) -> None:
    with pytest.raises(Refusal) as refusal:
        batch_create(entries=[entry("S-1")] * count, viewer=cast.owner.viewer, at=AT)
    assert refusal.value.code == code
    assert not Batch.objects.exists()


def test_an_uploaded_twin_is_not_graded_unless_a_person_wants_it(cast: Cast, assessment: Assessment) -> None:
    entries = [entry("S-1", assessment), entry("S-2", assessment), entry("S-3", assessment)]
    batch = batch_create(entries=entries, viewer=cast.owner.viewer, at=AT)
    Batch.objects.filter(pk=batch.pk).update(kind=BatchKind.UPLOAD)
    batch.items.filter(position=3).update(allow_duplicate=True)
    work(batch)
    assert states(batch) == ["done", "duplicate", "done"]
    assert batch.items.get(position=2).grading_id == batch.items.get(position=1).grading_id


def test_who_lost_the_right_to_an_assessment_grades_nothing_more_in_it(cast: Cast, assessment: Assessment) -> None:
    batch = batch_create(entries=[entry("S-1", assessment)], viewer=cast.colleague.viewer, at=AT)
    assessment.graders.remove(cast.colleague)
    work(batch)
    assert states(batch) == ["failed"]
    assert not Grading.objects.exists()


def test_batches_are_seen_by_their_owner_and_who_teaches_the_assessment(cast: Cast, assessment: Assessment) -> None:
    mine = batch_create(entries=[entry("S-1")], viewer=cast.owner.viewer, at=AT)
    of_class = batch_create(entries=[entry("S-1")], viewer=cast.coordinator.viewer, at=AT)
    Batch.objects.filter(pk=of_class.pk).update(assessment=assessment)
    by_key = batch_create(entries=[entry("S-1")], viewer=Viewer(key_prefix="abc"), at=AT)
    seen = {
        name: set(Batch.objects.visible_to(viewer))
        for name, viewer in {
            "owner": cast.owner.viewer,
            "colleague": cast.colleague.viewer,
            "outsider": cast.outsider.viewer,
            "coordinator": cast.coordinator.viewer,
            "student": cast.student.viewer,
            "key": Viewer(key_prefix="abc"),
            "another key": Viewer(key_prefix="xyz"),
        }.items()
    }
    assert seen == {
        "owner": {mine, of_class},
        "colleague": {of_class},
        "outsider": set(),
        "coordinator": {mine, of_class, by_key},
        "student": set(),
        "key": {by_key},
        "another key": set(),
    }


@pytest.mark.django_db(transaction=True)
def test_a_running_batch_whose_job_is_gone_is_queued_again(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events CASCADE")
    batch = batch_create(entries=[entry("S-1")], viewer=cast.owner.viewer, at=AT)
    resume_abandoned_batches.func(timestamp=0)
    assert ProcrastinateJob.objects.filter(task_name="feedback.grade_batch").count() == 1
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events CASCADE")
    resume_abandoned_batches.func(timestamp=0)
    job = ProcrastinateJob.objects.get(task_name="feedback.grade_batch")
    assert job.args == {"batch_id": str(batch.pk)}


def test_progress_counts_by_state_and_tells_the_pace_since_it_runs(cast: Cast) -> None:
    batch = batch_create(entries=[entry(f"S-{n}") for n in range(10)], viewer=cast.owner.viewer, at=AT)
    for _ in range(4):
        service.batch_grade_next(batch_id=str(batch.pk), at=AT + timedelta(seconds=1))
    progress = batch_progress(batch, at=AT + timedelta(seconds=2))
    assert (progress.total, progress.waiting, progress.failed, progress.seconds_left) == (10, 6, 4, 3)


@pytest.mark.parametrize(
    ("finished", "elapsed", "remaining", "expected"),
    [
        pytest.param(100, 50.0, 400, 200, id="at the pace so far"),
        pytest.param(2, 1.0, 400, None, id="too early to tell"),
        pytest.param(0, 0.0, 0, 0, id="nothing left"),
        pytest.param(1000, 1.0, 1, 1, id="never less than a second"),
    ],
)
def test_the_time_left(finished: int, elapsed: float, remaining: int, expected: int | None) -> None:
    assert seconds_left(finished=finished, elapsed=elapsed, remaining=remaining) == expected


def test_grading_one_in_an_assessment_puts_the_student_on_its_class_list_once(
    cast: Cast, assessment: Assessment
) -> None:
    for _ in range(2):
        service.submission_grade(request=entry("S-9", assessment).request, viewer=cast.owner.viewer, at=timezone.now())
    assert Candidate.objects.get().student_id == "S-9"
    assert Submission.objects.filter(candidate__student_id="S-9").count() == 2
