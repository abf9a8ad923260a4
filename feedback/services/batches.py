"""Grading of many in the background.

A worker claims one item at a time, in a transaction of its own that counts the attempt; then it grades, stores the
grading and marks the item in one second transaction that holds the item's lock. Whatever dies in between, an item is
graded exactly once: a job that runs twice finds the item locked or marked.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from feedback.services.grading import GradeRequest, submission_grade
from rubrics.audit import AuditEvent, record
from rubrics.domain.canonical import canonical_sha256
from rubrics.domain.errors import Malformed, NotFound, Refusal, TooLarge, WrongState
from rubrics.services.retries import claim_key, refuse_another_body
from scoring import metrics
from scoring.access import Viewer, viewer_of
from scoring.domain.pipeline import SubmissionInputs
from scoring.domain.terms import Style
from scoring.models import (
    OPEN_STATES,
    Assessment,
    Batch,
    BatchItem,
    BatchKind,
    BatchState,
    Grading,
    ItemState,
    RetriedBatch,
    Submission,
)

logger = logging.getLogger(__name__)

MAX_ITEMS = 1_000
# An item that was taken this often and never finished takes its workers down with it.
MAX_ATTEMPTS = 3
TASK = "feedback.grade_batch"
_MESSAGE_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """One submission of a batch. source_name: the file or row it came from, for the list of failures."""

    request: GradeRequest
    source_name: str = ""


@transaction.atomic
def batch_create(*, entries: Sequence[BatchEntry], viewer: Viewer, at: datetime) -> Batch:
    """Keep the requests and have them graded in the background; what is wrong with one fails that one alone.

    Raises Malformed for an empty batch and TooLarge for more than `MAX_ITEMS`.
    """
    if not entries:
        raise Malformed("This batch is empty. Send at least one submission.", code="empty_batch")
    if len(entries) > MAX_ITEMS:
        raise TooLarge(f"A batch holds at most {MAX_ITEMS} submissions and this has {len(entries)}. Send it in parts.")
    batch = Batch.objects.create(
        kind=BatchKind.API,
        state=BatchState.RUNNING,
        created_by_id=viewer.user_id,
        created_with_key=viewer.key_prefix,
        owner_sees_everything=viewer.sees_everything,
        created_at=at,
        running_since=at,
    )
    rows = [_item_of(batch, position, entry) for position, entry in enumerate(entries, start=1)]
    _fail_unknown_assessments(rows, viewer, at)
    BatchItem.objects.bulk_create(rows, batch_size=100)
    _defer(batch)
    return batch


def _fail_unknown_assessments(rows: Sequence[BatchItem], viewer: Viewer, at: datetime) -> None:
    """An item for an assessment that the caller does not have fails alone, as /api/grade would refuse it."""
    wanted = {row.assessment_id for row in rows if row.assessment_id is not None}
    known = set(Assessment.objects.visible_to(viewer).filter(pk__in=wanted).values_list("pk", flat=True))
    for row in rows:
        if row.assessment_id in wanted - known:
            row.error_code = NotFound.code
            row.error_message = f"There is no assessment {row.assessment_id} that you can grade. Check the number."
            row.assessment_id, row.state, row.finished_at = None, ItemState.FAILED, at


def batch_create_once(
    *, entries: Sequence[BatchEntry], viewer: Viewer, at: datetime, idempotency_key: str | None
) -> Batch:
    """`batch_create`, or with a key that was used before the batch it made then. Raises as `claim_key` does, too."""
    if idempotency_key is None:
        return batch_create(entries=entries, viewer=viewer, at=at)
    asked = canonical_sha256([entry.request.sha256 for entry in entries])
    with transaction.atomic():
        claim_key(owner=viewer.label, route="batch", key=idempotency_key)
        used = RetriedBatch.objects.filter(owner=viewer.label, key=idempotency_key).select_related("batch").first()
        if used is not None:
            refuse_another_body(used.body_sha256, asked)
            return used.batch
        batch = batch_create(entries=entries, viewer=viewer, at=at)
        RetriedBatch.objects.create(
            owner=viewer.label, key=idempotency_key, body_sha256=asked, batch=batch, created_at=at
        )
    return batch


def _item_of(batch: Batch, position: int, entry: BatchEntry) -> BatchItem:
    request = entry.request
    return BatchItem(
        batch=batch,
        position=position,
        source_name=entry.source_name,
        student_id=request.student_id,
        assessment_id=request.assessment_id,
        rubric_id=request.rubric_id,
        rubric_version=request.rubric_version or "",
        style=request.style.value,
        oral_transcript=request.inputs.oral_transcript,
        summary_text=request.inputs.summary_text,
        format=request.inputs.format or "",
        speaker_map=dict(request.inputs.speaker_map),
        inputs_sha256=request.inputs.sha256,
    )


@transaction.atomic
def batch_start(*, batch: Batch, viewer: Viewer, at: datetime) -> Batch:
    """Grade what was uploaded and looked at."""
    current = _locked(batch, BatchState.DRAFT, verb="started")
    return _run(current, viewer, at, action="start batch")


@transaction.atomic
def batch_pause(*, batch: Batch, viewer: Viewer, at: datetime) -> Batch:
    """Stop after the submission that is being graded."""
    current = _locked(batch, BatchState.RUNNING, verb="paused")
    return _move(current, BatchState.PAUSED, viewer, at, action="pause batch")


@transaction.atomic
def batch_resume(*, batch: Batch, viewer: Viewer, at: datetime) -> Batch:
    current = _locked(batch, BatchState.PAUSED, verb="resumed")
    return _run(current, viewer, at, action="resume batch")


@transaction.atomic
def batch_retry_failures(*, batch: Batch, viewer: Viewer, at: datetime) -> Batch:
    """Grade those again that failed; the others keep their gradings."""
    current = _locked(batch, BatchState.RUNNING, BatchState.PAUSED, BatchState.DONE, verb="tried again")
    again = current.items.filter(state=ItemState.FAILED).update(
        state=ItemState.WAITING, error_code="", error_message="", attempts=0, finished_at=None
    )
    if not again:
        raise WrongState("Nothing in this batch failed. There is nothing to try again.", code="nothing_failed")
    return _run(current, viewer, at, action="retry failures of batch")


@transaction.atomic
def batch_cancel(*, batch: Batch, viewer: Viewer, at: datetime) -> Batch:
    """Grade no more of it; what is graded stays."""
    current = _locked(batch, BatchState.DRAFT, BatchState.RUNNING, BatchState.PAUSED, verb="cancelled")
    # Waits for the one that is being graded: it is then done and no longer open.
    current.items.filter(state__in=OPEN_STATES).update(
        state=ItemState.DROPPED, error_code="cancelled", error_message="The batch was cancelled first.", finished_at=at
    )
    return _move(current, BatchState.CANCELLED, viewer, at, action="cancel batch")


def _locked(batch: Batch, *allowed: BatchState, verb: str) -> Batch:
    current = Batch.objects.select_for_update().get(pk=batch.pk)
    if current.state not in allowed:
        words = current.get_state_display().lower()
        raise WrongState(f"This batch is in the state “{words}” and can't be {verb}. Reload to see where it stands.")
    return current


def _run(batch: Batch, viewer: Viewer, at: datetime, *, action: str) -> Batch:
    batch.running_since = at
    moved = _move(batch, BatchState.RUNNING, viewer, at, action=action)
    _defer(moved)
    return moved


def _move(batch: Batch, state: BatchState, viewer: Viewer, at: datetime, *, action: str) -> Batch:
    batch.state = state
    batch.finished_at = at if state == BatchState.CANCELLED else None
    batch.save(update_fields=["state", "running_since", "finished_at"])
    record(
        AuditEvent(
            actor=viewer.label,
            action=action,
            object_type="batch",
            object_id=str(batch.pk),
            at=at,
            detail={"assessment": batch.assessment_id},
        )
    )
    return batch


def _lock_of(batch: Batch) -> str:
    return f"batch {batch.pk}"


def _defer(batch: Batch) -> None:
    """By name: the task calls these services. The lock has the jobs of one batch take turns."""
    app.configure_task(TASK, lock=_lock_of(batch)).defer(batch_id=str(batch.pk))


def batch_continue(*, batch_id: str) -> None:
    """Queue the rest behind whatever else waits, so that a long batch holds up nobody."""
    _defer(Batch.objects.get(pk=batch_id))


def batch_resume_abandoned() -> int:
    """Queue running batches that have no job any more: theirs failed, or was given up after it lost its workers."""
    abandoned = 0
    for batch in Batch.objects.filter(state=BatchState.RUNNING):
        jobs = ProcrastinateJob.objects.filter(lock=_lock_of(batch), status__in=("todo", "doing"))
        if not jobs.exists():
            _defer(batch)
            abandoned += 1
    return abandoned


def batch_grade_next(*, batch_id: str, at: datetime) -> bool:
    """Grade one item; False when nothing is left or the batch is not running."""
    item_id = _claim(batch_id, at)
    if item_id is None:
        return False
    try:
        _grade(item_id, at)
    except Refusal as refusal:
        _fail(item_id, refusal.code, refusal.message, at)
    except (OperationalError, InterfaceError):
        # Not the item's fault: it stays claimed, and is taken up again by the next job.
        raise
    except Exception as error:
        metrics.count_error(service="grade", error_type=type(error).__name__)
        logger.error("batch item %s raised %s", item_id, type(error).__name__)  # noqa: TRY400 - no text in a log
        _fail(
            item_id, "internal_error", "Something went wrong on our side. Try it again; if it fails again, tell us.", at
        )
    return True


@transaction.atomic
def _claim(batch_id: str, at: datetime) -> int | None:
    batch = Batch.objects.filter(pk=batch_id, state=BatchState.RUNNING).first()
    if batch is None:
        return None
    for item in batch.items.open().without_texts().select_for_update(skip_locked=True).iterator():
        if item.attempts < MAX_ATTEMPTS:
            BatchItem.objects.filter(pk=item.pk).update(state=ItemState.GRADING, attempts=item.attempts + 1)
            return item.pk
        _fail(item.pk, "worker_lost", "Grading this took the program down several times. Tell us, with the file.", at)
    _finish(batch, at)
    return None


def _finish(batch: Batch, at: datetime) -> None:
    if not batch.items.open().exists():
        Batch.objects.filter(pk=batch.pk, state=BatchState.RUNNING).update(state=BatchState.DONE, finished_at=at)


@transaction.atomic
def _grade(item_id: int, at: datetime) -> None:
    item = (
        BatchItem.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("batch__created_by")
        .filter(pk=item_id, state=ItemState.GRADING)
        .first()
    )
    if item is None:
        return
    request = _request_of(item)
    twin = _twin(item, request)
    if twin is not None:
        _settle(item, ItemState.DUPLICATE, twin, at)
        return
    grading = submission_grade(
        request=request, viewer=batch_viewer(item.batch), at=at, idempotency_key=f"batch item {item.pk}"
    )
    _settle(item, ItemState.DONE, grading, at)


def _request_of(item: BatchItem) -> GradeRequest:
    return GradeRequest(
        rubric_id=item.rubric_id,
        rubric_version=item.rubric_version or None,
        student_id=item.student_id,
        inputs=SubmissionInputs(
            oral_transcript=item.oral_transcript,
            summary_text=item.summary_text,
            format=item.format or None,
            speaker_map=item.speaker_map,
        ),
        style=Style(item.style),
        assessment_id=item.assessment_id,
    )


def _twin(item: BatchItem, request: GradeRequest) -> Grading | None:
    """The grading of the same content in the same assessment; an integrator's request is graded as asked for."""
    if item.batch.kind != BatchKind.UPLOAD or item.allow_duplicate or item.assessment_id is None:
        return None
    same = Submission.objects.filter(assessment_id=item.assessment_id, inputs_sha256=request.inputs.sha256)
    return Grading.objects.filter(submission__in=same).order_by("created_at", "id").first()


def batch_viewer(batch: Batch) -> Viewer:
    """What its owner may see now; a person who lost a role since grades nothing more."""
    if batch.created_by is not None:
        return viewer_of(batch.created_by)
    return Viewer(sees_everything=batch.owner_sees_everything, key_prefix=batch.created_with_key)


def _settle(item: BatchItem, state: ItemState, grading: Grading, at: datetime) -> None:
    """Done with: the submission holds the texts now."""
    BatchItem.objects.filter(pk=item.pk).update(
        state=state, grading=grading, finished_at=at, oral_transcript="", summary_text=None
    )


def _fail(item_id: int, code: str, message: str, at: datetime) -> None:
    BatchItem.objects.filter(pk=item_id, state__in=OPEN_STATES).update(
        state=ItemState.FAILED, error_code=code, error_message=message[:_MESSAGE_CHARACTERS], finished_at=at
    )
