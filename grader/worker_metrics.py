"""What a queue worker tells: `/metrics` and `/health` on a port of its own, since it serves no pages.

Besides what this process counted, a scrape asks the database how the queue stands. Those figures are the same from
every worker, so a dashboard takes their maximum and not their sum.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.db import close_old_connections, connection
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from grader.client_address import is_within

logger = logging.getLogger(__name__)

# Each state of each queue, those without a job too: an alert on growth needs a zero to grow from.
_JOBS = """
    SELECT queue.name, status.name::text, count(job.id)
      FROM (SELECT 'default' AS name UNION SELECT queue_name FROM procrastinate_jobs) AS queue
     CROSS JOIN unnest(enum_range(NULL::procrastinate_job_status)) AS status(name)
      LEFT JOIN procrastinate_jobs job ON job.queue_name = queue.name AND job.status = status.name
     GROUP BY queue.name, status.name
"""
_OLDEST = """
    SELECT coalesce(extract(epoch FROM max(now() - greatest(event.at, job.scheduled_at))), 0)
      FROM procrastinate_jobs job
      JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
     WHERE job.status = 'todo' AND coalesce(job.scheduled_at, now()) <= now()
"""
_WAITING = """
    SELECT count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()),
           count(*) FILTER (WHERE status = 'failed')
      FROM procrastinate_jobs
     WHERE status IN ('todo', 'failed')
"""
_HEARTBEATS = """
    SELECT count(*) FILTER (WHERE last_heartbeat > now() - interval '30 seconds'),
           coalesce(extract(epoch FROM now() - max(last_heartbeat)), 0)
      FROM procrastinate_workers
"""
_CONNECTIONS = """
    SELECT coalesce(state, 'unknown'), count(*)
      FROM pg_stat_activity
     WHERE backend_type = 'client backend'
     GROUP BY 1
"""
_CONNECTIONS_LIMIT = (
    "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
)


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Jobs that are due and wait, how long the oldest of them has, workers that report, jobs that failed for good."""

    due: int
    oldest_seconds: float
    workers: int
    failed: int


def queue_figures() -> QueueFigures:
    [(due, failed)] = _rows(_WAITING)
    [(oldest,)] = _rows(_OLDEST)
    [(alive, _)] = _rows(_HEARTBEATS)
    return QueueFigures(due=int(due), oldest_seconds=float(oldest), workers=int(alive), failed=int(failed))


class QueueCollector(Collector):
    """Queue depth by state, the age of the oldest job that is due, the workers that report, database connections."""

    def collect(self) -> Iterator[Metric]:
        yield from self._queue()
        yield from self._database()

    def _queue(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("grading_queue_jobs", "Jobs by queue and state.", labels=["queue", "status"])
        for queue, status, count in _rows(_JOBS):
            jobs.add_metric([queue, status], float(count))
        yield jobs
        [(oldest,)] = _rows(_OLDEST)
        yield GaugeMetricFamily(
            "grading_queue_oldest_job_seconds", "How long the oldest job that is due has waited.", value=float(oldest)
        )
        [(alive, age)] = _rows(_HEARTBEATS)
        yield GaugeMetricFamily("grading_queue_workers", "Workers that reported within 30 s.", value=float(alive))
        yield GaugeMetricFamily(
            "grading_queue_heartbeat_age_seconds", "Time since any worker reported.", value=float(age)
        )

    def _database(self) -> Iterator[Metric]:
        """Of the whole server: what another program takes is missing here too."""
        connections = GaugeMetricFamily("grading_database_connections", "Clients by what they do.", labels=["state"])
        for state, count in _rows(_CONNECTIONS):
            connections.add_metric([state], float(count))
        yield connections
        [(limit,)] = _rows(_CONNECTIONS_LIMIT)
        yield GaugeMetricFamily(
            "grading_database_connections_limit", "Clients that the server accepts at most.", value=float(limit)
        )

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not need a database."""
        return []


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing: a scrape every few seconds is no news."""


_StartResponse = Callable[[str, list[tuple[str, str]]], object]


def application(environ: dict[str, Any], start_response: _StartResponse) -> list[bytes]:
    """The worker's two pages, for internal callers. There is no proxy in front, so the peer is the client."""
    if not is_within(str(environ.get("REMOTE_ADDR", "")), settings.INTERNAL_NETWORKS):
        return _answer(start_response, HTTPStatus.FORBIDDEN, b"Metrics are answered to internal networks only.\n")
    if environ.get("PATH_INFO") == "/health":
        return _answer(start_response, HTTPStatus.OK, b"ok\n")
    if environ.get("PATH_INFO") != "/metrics":
        return _answer(start_response, HTTPStatus.NOT_FOUND, b"Here are /metrics and /health.\n")
    try:
        body = generate_latest(REGISTRY)
    except Exception:
        logger.exception("The queue's state can't be read")
        return _answer(start_response, HTTPStatus.SERVICE_UNAVAILABLE, b"The database does not answer.\n")
    finally:
        close_old_connections()
    return _answer(start_response, HTTPStatus.OK, body, content_type=CONTENT_TYPE_LATEST)


def _answer(
    start_response: _StartResponse, status: HTTPStatus, body: bytes, *, content_type: str = "text/plain; charset=utf-8"
) -> list[bytes]:
    start_response(f"{status.value} {status.phrase}", [("Content-Type", content_type)])
    return [body]


def start_server(*, address: str, port: int) -> WSGIServer:
    """Serve from a thread until the process ends; raises OSError when the port is taken."""
    REGISTRY.register(QueueCollector())
    server = make_server(address, port, application, server_class=_Server, handler_class=_QuietHandler)
    threading.Thread(target=server.serve_forever, name="worker-metrics", daemon=True).start()
    return server
