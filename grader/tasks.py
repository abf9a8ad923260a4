"""Jobs that keep the queue itself in order."""

from __future__ import annotations

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

logger = logging.getLogger(__name__)

# A job that takes its worker down with it would do so again for ever.
MAX_ATTEMPTS = 5
_KEEP_HOURS = 30 * 24


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Give the jobs of workers that died to others: procrastinate finds such jobs but starts none again by itself.

    Tasks may therefore run twice and must be idempotent. After `MAX_ATTEMPTS` a job counts as failed.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        if job.attempts + 1 >= MAX_ATTEMPTS:
            logger.error("Job %s (%s) took down %s workers and is given up", job.id, job.task_name, MAX_ATTEMPTS)
            await manager.finish_job(job=job, status=Status.FAILED, delete_job=False)
        else:
            logger.warning("Job %s (%s) lost its worker and is tried again", job.id, job.task_name)
            await manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Forget jobs that succeeded long ago; those that failed stay until a person has looked at them."""
    await context.app.job_manager.delete_old_jobs(nb_hours=_KEEP_HOURS)
