"""Jobs of the queue worker."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from scoring import metrics
from scoring.services import grading_verify_all
from scoring.services.bench import TASK, bench_run_grade

logger = logging.getLogger(__name__)

# A little over a day, so that a late run leaves no gap.
_LOOK_BACK = timedelta(hours=25)


@app.periodic(cron="30 2 * * *")
@app.task(queueing_lock="verify_recent_grades", name="scoring.verify_recent_grades")
def verify_recent_grades(timestamp: int) -> None:
    """Every night, prove that yesterday's gradings can be reproduced; a mismatch is an error in the log and metrics."""
    tally = grading_verify_all(since=datetime.fromtimestamp(timestamp, UTC) - _LOOK_BACK)
    logger.info("verified %d gradings, %d of another engine version", tally.matching, tally.of_other_engines)
    for grading_id in tally.mismatching:
        metrics.count_error(service="grade", error_type="digest_mismatch")
        logger.error("grading %s can not be reproduced", grading_id)


@app.task(name=TASK)
def run_bench(run_id: str) -> None:
    """Try a draft on what was chosen; people look on meanwhile, so it takes all the processes it may."""
    bench_run_grade(run_id=run_id, now=timezone.now, processes=settings.BENCH_PROCESSES)
