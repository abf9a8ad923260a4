"""Jobs of the queue worker."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from rubrics.services.retries import KEPT, retried_requests_forget


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="forget_retried_requests", name="rubrics.forget_retried_requests")
def forget_retried_requests(timestamp: int) -> None:
    retried_requests_forget(before=datetime.fromtimestamp(timestamp, UTC) - KEPT)
