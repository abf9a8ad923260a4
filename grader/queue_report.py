"""Tells the log once a minute how the queue stands, for monitors that read logs and scrape nothing.

Its own thread, not a job: a job would wait behind the very queue that it is to tell of.
"""

from __future__ import annotations

import logging
import threading

from django.db import close_old_connections
from django.db.utils import Error as DatabaseError

from grader.worker_metrics import QueueFigures, queue_figures

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 60.0


def report_line(figures: QueueFigures) -> str:
    """Each number is a word of its own, so that a filter for space-separated fields can take it as a metric.

    >>> report_line(QueueFigures(due=10, oldest_seconds=3.2, workers=4, failed=0))
    'queue 2.5 per worker, 10 due, 3 s oldest, 4 workers, 0 failed'
    """
    per_worker = figures.due / max(1, figures.workers)
    return (
        f"queue {per_worker:.1f} per worker, {figures.due} due, {figures.oldest_seconds:.0f} s oldest, "
        f"{figures.workers} workers, {figures.failed} failed"
    )


def start_reporting(*, every_seconds: float = INTERVAL_SECONDS) -> threading.Event:
    """Report until the event that is returned is set, or the process ends."""
    stopped = threading.Event()

    def report() -> None:
        while not stopped.wait(every_seconds):
            _report_once()

    threading.Thread(target=report, name="queue-report", daemon=True).start()
    return stopped


def _report_once() -> None:
    try:
        logger.info(report_line(queue_figures()))
    except DatabaseError:
        # The worker itself says so as an error, and ends.
        logger.warning("The queue's state can't be read")
    finally:
        close_old_connections()
