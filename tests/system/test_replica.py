"""Reports from a streaming replica: always complete, and from the primary whenever the replica can't promise that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.system.stack.postgres import PostgresServer

pytestmark = pytest.mark.system

REPOSITORY = Path(__file__).resolve().parents[2]
DATABASE = "grader"
# Writes and asks in turn, in one process, as a person who confirms a grading and opens the statistics does.
WRITE_AND_READ = """
import json, sys
from datetime import datetime, UTC
from django.db import OperationalError
from grader.models import AuditEntry
from grader.services import audit_entry_create
from grader.status import PARTS, part_statuses
from rubrics.audit import AuditEvent
from scoring.replica import read_report

def report(alias):
    if alias == sys.argv[-1]:
        raise OperationalError("the connection was lost half-way")
    return alias, AuditEntry.objects.using(alias).count()

written, seen = AuditEntry.objects.count(), []
for _ in range(ROUNDS):
    audit_entry_create(AuditEvent("user:1", "look", "report", "1", datetime.now(UTC)))
    written += 1
    alias, count = read_report(report)
    seen.append({"from": alias, "missing": written - count})
(status,) = part_statuses([part for part in PARTS if part.name == "replica"])
print(json.dumps({"seen": seen, "healthy": status.healthy, "warning": status.warning, "detail": status.detail}))
"""


class Pair:
    def __init__(self, primary: PostgresServer, replica: PostgresServer) -> None:
        self.primary, self.replica = primary, replica

    def ask(self, *, rounds: int, breaks_on: str = "") -> dict[str, Any]:
        code = WRITE_AND_READ.replace("ROUNDS", str(rounds)).replace("sys.argv[-1]", repr(breaks_on))
        return json.loads(self.manage("shell", "--no-imports", "-c", code).splitlines()[-1])

    def manage(self, *arguments: str) -> str:
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.primary.url(DATABASE),
            "DATABASE_REPLICA_URL": self.replica.url(DATABASE),
        }
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grader-replica-")))
        home.chmod(0o711)  # PostgreSQL's account has to pass
        primary, replica = (PostgresServer(home / name, password="a-password") for name in ("primary", "replica"))
        primary.create()
        stack.callback(primary.stop)
        primary.start()
        with primary.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        replica.create_standby_of(primary)
        stack.callback(replica.stop)
        replica.start()
        pair = Pair(primary, replica)
        pair.manage("migrate", "--verbosity=0")
        yield pair


def test_a_report_on_the_replica_never_misses_what_was_just_confirmed(pair: Pair) -> None:
    answer = pair.ask(rounds=100)
    assert {report["missing"] for report in answer["seen"]} == {0}
    assert "replica" in {report["from"] for report in answer["seen"]}
    assert (answer["healthy"], answer["warning"]) == (True, False)


def test_a_replica_that_lags_is_passed_over_and_the_report_is_complete(pair: Pair) -> None:
    with pair.replica.connect(DATABASE) as connection:
        connection.execute("SELECT pg_wal_replay_pause()")
        answer = pair.ask(rounds=3)
        connection.execute("SELECT pg_wal_replay_resume()")
    assert answer["seen"] == [{"from": "default", "missing": 0}] * 3


def test_a_replica_lost_in_the_middle_of_a_report_costs_a_second_reading_and_no_error(pair: Pair) -> None:
    assert pair.ask(rounds=2, breaks_on="replica")["seen"] == [{"from": "default", "missing": 0}] * 2


def test_a_lost_replica_is_a_warning_in_the_status_and_no_error_in_a_report(pair: Pair) -> None:
    pair.replica.stop()
    try:
        answer = pair.ask(rounds=3)
    finally:
        pair.replica.start()
    assert answer["seen"] == [{"from": "default", "missing": 0}] * 3
    assert (answer["healthy"], answer["warning"]) == (True, True)
    assert "from the primary" in answer["detail"]
