"""How far a batch is, read in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from feedback.domain.estimate import seconds_left
from scoring.models import Batch, BatchState, ItemState


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """Counts of items by state. seconds_left None: not running, or too early to tell."""

    total: int
    waiting: int
    done: int
    failed: int
    duplicate: int
    dropped: int
    seconds_left: int | None

    @property
    def minutes_left(self) -> int | None:
        return None if self.seconds_left is None else max(1, round(self.seconds_left / 60))

    @property
    def to_grade(self) -> int:
        """Of how many the progress bar counts: what was left out or is a duplicate never was to be graded."""
        return self.waiting + self.done + self.failed

    @property
    def graded(self) -> int:
        return self.done + self.failed


def batch_progress(batch: Batch, *, at: datetime) -> BatchProgress:
    since = batch.running_since or batch.created_at
    counted = batch.items.aggregate(
        total=Count("pk"),
        waiting=Count("pk", filter=Q(state__in=[ItemState.WAITING, ItemState.GRADING])),
        done=Count("pk", filter=Q(state=ItemState.DONE)),
        failed=Count("pk", filter=Q(state=ItemState.FAILED)),
        duplicate=Count("pk", filter=Q(state=ItemState.DUPLICATE)),
        dropped=Count("pk", filter=Q(state=ItemState.DROPPED)),
        finished=Count("pk", filter=Q(finished_at__gte=since, state__in=[ItemState.DONE, ItemState.FAILED])),
    )
    finished = counted.pop("finished")
    left = None
    if batch.state == BatchState.RUNNING:
        elapsed = (at - since).total_seconds()
        left = seconds_left(finished=finished, elapsed=elapsed, remaining=counted["waiting"])
    return BatchProgress(**counted, seconds_left=left)
