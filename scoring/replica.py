"""Reports are read from the read replica, when there is one that knows everything the primary knew at the question.

A figure that lacks the grading just confirmed would be wrong, not late. So the replica is asked only once it has
replayed what the primary had written; one that lags longer, or is gone, costs a little time and is passed over.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

logger = logging.getLogger(__name__)

REPLICA = "replica"
_PATIENCE_SECONDS = 0.2
_STEP_SECONDS = 0.01
# A lost replica costs a connection attempt; every report would wait for it again.
_PAUSE_SECONDS = 15.0
_LOST = (OperationalError, InterfaceError)

_lock = threading.Lock()
_passed_over_until = 0.0

Report = TypeVar("Report")


def read_report(build: Callable[[str], Report]) -> Report:
    """`build(alias)` fetches everything the report needs with `.using(alias)` and returns plain figures.

    It may be called twice: again on the primary, when the replica is lost half-way. A queryset returned from it would
    be read later, past this guard.
    """
    if replica_configured() and not _is_passed_over():
        try:
            if _has_caught_up():
                return build(REPLICA)
        except _LOST as lost:
            _pass_over(type(lost).__name__)
    return build(DEFAULT_DB_ALIAS)


def replica_configured() -> bool:
    return REPLICA in settings.DATABASES


def replica_lag_seconds() -> float:
    """How far the replica is behind, 0 when it has replayed everything it received. Raises what a lost one raises."""
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN NOT pg_is_in_recovery() OR pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 "
            "ELSE coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0) END"
        )
        row = cursor.fetchone()
    return float(row[0]) if row else 0.0


def _has_caught_up() -> bool:
    wanted = _written_by_primary()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not _has_replayed(wanted):
        if time.monotonic() > deadline:
            return False
        time.sleep(_STEP_SECONDS)
    return True


def _written_by_primary() -> str:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_flush_lsn()::text")
        row = cursor.fetchone()
    return str(row[0]) if row else "0/0"


def _has_replayed(position: str) -> bool:
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= %s::pg_lsn", [position])
        row = cursor.fetchone()
    return bool(row and row[0])


def _is_passed_over() -> bool:
    with _lock:
        return time.monotonic() < _passed_over_until


def _pass_over(reason: str) -> None:
    global _passed_over_until  # noqa: PLW0603 - one clock a process, under the lock
    connections[REPLICA].close()
    with _lock:
        _passed_over_until = time.monotonic() + _PAUSE_SECONDS
    logger.warning("the read replica is lost (%s); reports come from the primary for %d s", reason, _PAUSE_SECONDS)
