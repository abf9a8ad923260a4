"""What students may read: letting them, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from feedback.models import Release, ReleaseEvent, ReleaseKind
from rubrics.audit import AuditEvent, actor_of, record
from rubrics.domain.errors import FieldProblem, Malformed, WrongState
from scoring.models import Assessment, Grading

MAX_REASON = 500


@transaction.atomic
def grading_release(*, grading: Grading, by_id: int, at: datetime) -> Release:
    """Let the student read this grading. Releasing again changes nothing: the first release stands."""
    release, is_new = Release.objects.get_or_create(
        grading=grading, defaults={"released_by_id": by_id, "released_at": at}
    )
    if is_new:
        _note([grading], ReleaseKind.RELEASED, by_id=by_id, at=at)
    return release


@transaction.atomic
def gradings_release(*, assessment: Assessment, by_id: int, at: datetime) -> int:
    """Release the grading that counts of every candidate who can't read it yet, all or none; says how many.

    An earlier grading of the same candidate that was released stays readable: what somebody has read can't be unread.
    """
    # Two people who press the button at once take turns, so that each grading is released, and noted, once.
    Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
    waiting = list(
        Grading.objects.filter(pk__in=Grading.objects.newest_of_candidates(assessment).values("pk"))
        .filter(release__isnull=True)
        .only("pk")
    )
    made = [Release(grading=grading, released_by_id=by_id, released_at=at) for grading in waiting]
    Release.objects.bulk_create(made)
    _note(waiting, ReleaseKind.RELEASED, by_id=by_id, at=at)
    return len(waiting)


@transaction.atomic
def grading_withdraw(*, grading: Grading, by_id: int, reason: str, at: datetime) -> None:
    """Take a release back. Raises Malformed without a reason, WrongState when it is not released (any more)."""
    reason = " ".join(reason.split())
    if not reason or len(reason) > MAX_REASON:
        message = f"Say why the feedback is taken back, in at most {MAX_REASON} characters; colleagues will read it."
        raise Malformed(message, fields=(FieldProblem("reason", message),))
    deleted, _ = Release.objects.filter(grading=grading).delete()
    if not deleted:
        raise WrongState("This feedback is not released, so there is nothing to take back.")
    _note([grading], ReleaseKind.WITHDRAWN, by_id=by_id, at=at, reason=reason)


def _note(gradings: Sequence[Grading], kind: ReleaseKind, *, by_id: int, at: datetime, reason: str = "") -> None:
    ReleaseEvent.objects.bulk_create(
        ReleaseEvent(grading=grading, kind=kind, by_id=by_id, at=at, reason=reason) for grading in gradings
    )
    for grading in gradings:
        record(
            AuditEvent(
                actor=actor_of(by_id),
                action="release grading" if kind is ReleaseKind.RELEASED else "withdraw grading",
                object_type="grading",
                object_id=str(grading.pk),
                at=at,
            )
        )
