"""Whether each part of the product works, found out by using it."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache, caches
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateWorker

from grader.shared_cache import SharedCache
from rubrics.domain.sealing import SealBroken
from rubrics.services.keys import rubric_keys_check
from scoring import self_test
from scoring.metrics import SERVICE_DEGRADED, SERVICE_HEALTH
from scoring.replica import replica_configured, replica_lag_seconds

logger = logging.getLogger(__name__)

# Workers report every ten seconds and count as dead after thirty.
HEARTBEAT_SECONDS = 30
_LAG_SECONDS = 30.0


class PartDown(Exception):
    """A part that does not work; the text says what to do and is shown to anyone, so it names no host and no person."""


class PartDegraded(Exception):
    """An optional part is lost and the product works without it, only slower: a warning, never an alarm at night."""


@dataclass(frozen=True, slots=True)
class Part:
    """`check` returns one reassuring phrase, or raises. Without a database those that ask it are not even tried:
    each would wait for a connection, and a scrape of /metrics would time out just when it has something to tell."""

    name: str
    check: Callable[[], str]
    asks_database: bool = False


@dataclass(frozen=True, slots=True)
class PartStatus:
    """`latency_ms` is how long the check took; `detail` is for people; `warning` is set for a healthy part that runs
    without something it was configured to have."""

    name: str
    healthy: bool
    latency_ms: float
    detail: str
    warning: bool = False


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "answers"


def _migrations() -> str:
    missing = _known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    if missing:
        raise PartDown(f"{len(missing)} migrations are not applied: run `python manage.py migrate`.")
    return "all applied"


@functools.cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Those of this program's code, which a running process can't change; reading them takes a fifth of a second."""
    return frozenset(MigrationLoader(None).graph.nodes)


def _replica() -> str:
    if not replica_configured():
        return "not configured"
    try:
        lag = replica_lag_seconds()
    except (OperationalError, InterfaceError) as lost:
        raise PartDegraded("The read replica does not answer: reports come from the primary.") from lost
    if lag > _LAG_SECONDS:
        raise PartDegraded(f"The read replica is {lag:.0f} s behind: reports come from the primary meanwhile.")
    return f"answers, {lag:.1f} s behind"


def _cache() -> str:
    shared = caches["default"]
    if isinstance(shared, SharedCache) and not shared.ask_now():
        raise PartDegraded(
            "Redis does not answer, so each process caches and counts requests for itself: check the cache server."
        )
    cache.set("status-probe", "written", timeout=10)
    if cache.get("status-probe") != "written":
        raise PartDown("What is written can't be read back: check the cache server.")
    return "writes and reads"


def _worker() -> str:
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gte=Now() - timedelta(seconds=HEARTBEAT_SECONDS)).count()
    if not alive:
        raise PartDown(f"No worker has reported for {HEARTBEAT_SECONDS} s: start `python manage.py worker`.")
    return "1 worker" if alive == 1 else f"{alive} workers"


PARTS: tuple[Part, ...] = (
    Part("database", _database),
    Part("migrations", _migrations, asks_database=True),
    Part("rubric keys", rubric_keys_check, asks_database=True),
    Part("transcripts", self_test.check_transcripts),
    Part("structure", self_test.check_sections),
    Part("questions", self_test.check_questions),
    Part("summary", self_test.check_findings),
    Part("replica", _replica),
    Part("cache", _cache),
    Part("worker", _worker, asks_database=True),
)


def part_statuses(parts: Iterable[Part] = PARTS) -> list[PartStatus]:
    """Check each part; one that fails, in whatever way, never keeps the others from being checked."""
    statuses: list[PartStatus] = []
    for part in parts:
        if part.asks_database and any(status.name == "database" and not status.healthy for status in statuses):
            statuses.append(
                PartStatus(part.name, healthy=False, latency_ms=0.0, detail="The database is needed for it.")
            )
        else:
            statuses.append(_part_status(part))
    return statuses


def _part_status(part: Part) -> PartStatus:
    started = time.perf_counter()
    warning = False
    try:
        healthy, detail = True, part.check()
    except PartDegraded as degraded:
        healthy, warning, detail = True, True, str(degraded)
    except (PartDown, SealBroken, self_test.EngineBroken) as down:
        healthy, detail = False, str(down)
    except Exception:
        logger.exception("The check of %s failed", part.name)
        healthy, detail = False, "The check itself failed: see the log."
    return PartStatus(part.name, healthy, round((time.perf_counter() - started) * 1000, 1), detail, warning)


def observe_health() -> list[PartStatus]:
    """Check everything and set the gauge that alerts rest on."""
    statuses = part_statuses()
    for status in statuses:
        SERVICE_HEALTH.labels(service=status.name).set(status.healthy)
        SERVICE_DEGRADED.labels(service=status.name).set(status.warning)
    return statuses
