"""Jobs of the queue worker."""

from __future__ import annotations

import logging
import time

from django.utils import timezone
from procrastinate.contrib.django import app

from feedback.services.batches import TASK, batch_continue, batch_grade_next, batch_resume_abandoned

logger = logging.getLogger(__name__)

# Well below the time that a worker has to end, and short enough that other jobs get their turn.
_SLICE_SECONDS = 10


@app.task(name=TASK)
def grade_batch(batch_id: str) -> None:
    """Grade some of a batch, then queue the rest. May run twice at once: items are claimed one by one."""
    until = time.monotonic() + _SLICE_SECONDS
    while time.monotonic() < until:
        if not batch_grade_next(batch_id=batch_id, at=timezone.now()):
            return
    batch_continue(batch_id=batch_id)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="resume_abandoned_batches", name="feedback.resume_abandoned_batches")
def resume_abandoned_batches(timestamp: int) -> None:
    """Every minute, take up batches whose job is gone."""
    count = batch_resume_abandoned()
    if count:
        logger.warning("%d batches had lost their job and are taken up again", count)
