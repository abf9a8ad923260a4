"""The worker, its periodic tasks and what it tells, on a real queue."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from prometheus_client.samples import Sample

from grader.logs import TextFormatter
from grader.queue_report import report_line, start_reporting
from grader.tasks import MAX_ATTEMPTS, retry_stalled_jobs
from grader.worker_metrics import QueueCollector, QueueFigures, application, queue_figures
from tests.system.stack.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_queue(transactional_db: None) -> None:
    """Django's cleaning between tests passes over tables that it does not manage."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_workers CASCADE")
        cursor.execute("TRUNCATE procrastinate_periodic_defers CASCADE")


def _deferred(**options: Any) -> int:
    return retry_stalled_jobs.configure(queueing_lock="of-this-test", **options).defer(timestamp=0)


def _job_of_a_dead_worker(*, attempts: int) -> int:
    """A job that a worker took two minutes ago and was never heard of again."""
    job_id = _deferred()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes') RETURNING id"
        )
        (worker_id,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s WHERE id = %s",
            [worker_id, attempts, job_id],
        )
    return job_id


def _run_retry_task() -> None:
    """As the worker runs it, on a connection of the worker's kind."""

    async def run() -> None:
        async with running.open_async():
            await retry_stalled_jobs.func(SimpleNamespace(app=running), timestamp=0)  # type: ignore[arg-type]

    with app.replace_connector(app.connector.get_worker_connector()) as running:  # type: ignore[attr-defined]
        asyncio.run(run())


def test_a_job_whose_worker_died_is_given_to_another() -> None:
    job_id = _job_of_a_dead_worker(attempts=0)
    _run_retry_task()
    job = ProcrastinateJob.objects.get(pk=job_id)
    assert (job.status, job.attempts) == ("todo", 1)


def test_a_job_that_keeps_taking_its_worker_down_is_given_up() -> None:
    job_id = _job_of_a_dead_worker(attempts=MAX_ATTEMPTS - 1)
    _run_retry_task()
    assert ProcrastinateJob.objects.get(pk=job_id).status == "failed"


def test_a_job_that_is_being_worked_on_is_left_alone() -> None:
    job_id = _job_of_a_dead_worker(attempts=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
    _run_retry_task()
    assert ProcrastinateJob.objects.get(pk=job_id).status == "doing"


def test_the_worker_runs_what_is_due() -> None:
    job_id = _deferred()
    call_command("worker", once=True)
    assert ProcrastinateJob.objects.get(pk=job_id).status == "succeeded"


def test_the_queue_is_told_to_monitors() -> None:
    _job_of_a_dead_worker(attempts=0)
    waiting = _deferred()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '90 seconds' WHERE job_id = %s", [waiting]
        )
    samples = {(sample.name, *sample.labels.values()): sample.value for sample in _samples()}
    assert samples["grading_queue_jobs", "default", "todo"] == 1
    assert samples["grading_queue_jobs", "default", "doing"] == 1
    assert samples["grading_queue_oldest_job_seconds",] == pytest.approx(90, abs=30)
    assert samples["grading_queue_workers",] == 0
    assert samples["grading_queue_heartbeat_age_seconds",] == pytest.approx(120, abs=30)


def test_a_job_that_is_not_due_yet_does_not_count_as_waiting() -> None:
    _deferred(schedule_in={"hours": 1})
    samples = {sample.name: sample.value for sample in _samples()}
    assert samples["grading_queue_oldest_job_seconds"] == 0


def test_a_state_without_a_job_is_told_as_zero_so_that_growth_can_be_seen() -> None:
    samples = {(sample.name, *sample.labels.values()): sample.value for sample in _samples()}
    assert samples["grading_queue_jobs", "default", "failed"] == 0


def test_connections_of_the_database_are_told_with_their_limit() -> None:
    samples = {(sample.name, *sample.labels.values()): sample.value for sample in _samples()}
    assert samples["grading_database_connections", "active"] >= 1
    assert samples["grading_database_connections_limit",] > samples["grading_database_connections", "active"]


def _samples() -> Iterator[Sample]:
    for metric in QueueCollector().collect():
        yield from metric.samples


@pytest.mark.parametrize(
    ("address", "path", "status"),
    [
        ("127.0.0.1", "/metrics", "200 OK"),
        ("10.0.0.9", "/health", "200 OK"),
        ("10.0.0.9", "/else", "404 Not Found"),
        ("8.8.8.8", "/metrics", "403 Forbidden"),
        ("8.8.8.8", "/health", "403 Forbidden"),
    ],
)
def test_the_workers_pages_are_for_internal_callers(address: str, path: str, status: str) -> None:
    answers: list[str] = []
    application({"REMOTE_ADDR": address, "PATH_INFO": path}, lambda line, headers: answers.append(line))
    assert answers == [status]


def _a_queue_with_work() -> None:
    _deferred()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now())")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at) VALUES "
            "('default', 'a', 'todo', NULL), ('default', 'b', 'todo', now() + interval '1 hour'), "
            "('default', 'c', 'failed', NULL), ('default', 'd', 'succeeded', NULL)"
        )


def test_the_queue_is_told_to_the_log_in_words_that_a_metric_filter_can_count() -> None:
    _a_queue_with_work()
    line = report_line(queue_figures())
    assert line.startswith("queue 1.0 per worker, 2 due, ")
    assert line.endswith(" s oldest, 2 workers, 1 failed")


def test_without_workers_the_whole_queue_counts() -> None:
    assert report_line(QueueFigures(due=7, oldest_seconds=400.4, workers=0, failed=0)) == (
        "queue 7.0 per worker, 7 due, 400 s oldest, 0 workers, 0 failed"
    )


def test_a_worker_reports_by_itself(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(TextFormatter(verbatim=False))
    caplog.set_level("INFO", logger="grader.queue_report")
    stop = start_reporting(every_seconds=0.05)
    wait_until(lambda: "queue" in caplog.text, seconds=10, what="a report")
    stop.set()
    fields = caplog.text.splitlines()[0].split(" ")
    assert fields[2:5] == ["INFO", "grader.queue_report", "queue"]
    assert fields[5] == "0.0"
