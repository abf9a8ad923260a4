"""Reloads and restarts while people work: not one request may fail."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.system.stack.processes import wait_until
from tests.system.stack.site import RUBRIC_ID, Site
from tests.system.stack.web import Client

pytestmark = pytest.mark.system

PEOPLE = 6
# Below what nginx allows one address: each person has one of its own.
PAUSE_SECONDS = 0.1


@dataclass
class Load:
    """What people asked and got; the key is what they asked and the status, or the failure of the connection."""

    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def person(self, client: Client, number: int) -> None:
        turn = 0
        while not self.stop.is_set():
            turn += 1
            what, outcome = self._ask(client, f"load-{number}-{turn}", turn)
            with self.lock:
                self.answers[what, outcome] += 1
            time.sleep(PAUSE_SECONDS)

    def _ask(self, client: Client, student: str, turn: int) -> tuple[str, str]:
        body = {
            "rubric_id": RUBRIC_ID,
            "student_id": student,
            "submission": {"oral_transcript": "Student: What brings you in?\nPatient: My arm is weak.\n"},
        }
        try:
            match turn % 3:
                case 0:
                    return "grade", str(client.post("/api/grade", body).status)
                case 1:
                    return "page", str(client.get("/sign-in/").status)
                case _:
                    return "list", str(client.get("/api/gradings/").status)
        except OSError as error:
            return "connection", repr(error)

    def failures(self) -> dict[tuple[str, str], int]:
        return {key: count for key, count in self.answers.items() if key[1] not in {"200", "201"}}


@contextmanager
def load(site: Site) -> Iterator[Load]:
    running = Load()
    people = [
        threading.Thread(target=running.person, args=(site.from_address(f"127.0.1.{number + 1}"), number))
        for number in range(PEOPLE)
    ]
    for person in people:
        person.start()
    try:
        yield running
    finally:
        running.stop.set()
        for person in people:
            person.join(40)


def _web_processes(site: Site) -> set[int]:
    return {int(pid) for pid in Path(f"/proc/{site.web.pid}/task/{site.web.pid}/children").read_text().split()}


def test_a_reload_of_gunicorn_and_nginx_loses_no_request_and_no_count(site: Site) -> None:
    with load(site) as running:
        time.sleep(1)
        for _ in range(2):
            before = _web_processes(site)
            site.web.signal(signal.SIGHUP)
            wait_until(
                lambda before=before: len(_web_processes(site)) == 3 and not before & _web_processes(site),  # type: ignore[misc]
                seconds=40,
                what="three new processes serve and the old ones are gone",
            )
            site.nginx.signal(signal.SIGHUP)
            time.sleep(1.5)
    assert running.failures() == {}
    assert {what for what, _ in running.answers} == {"grade", "page", "list"}
    # How many there are depends on the machine; that every kind was asked throughout does not.
    assert min(running.answers.values()) >= 3
    # Processes that are gone leave what they counted.
    counted = site.client.get("/metrics").body.decode()
    graded = [line for line in counted.splitlines() if line.startswith("grading_overall_scores_count ")]
    assert float(graded[0].split()[1]) >= running.answers["grade", "201"]


def test_processes_are_recycled_under_load_without_losing_a_request(site: Site) -> None:
    """MAX_REQUESTS is set low for this site, so that each process is replaced every few seconds of load."""
    before = _web_processes(site)
    with load(site) as running:
        wait_until(lambda: len(_web_processes(site) - before) >= 2, seconds=60, what="two processes were replaced")
    assert running.failures() == {}
    assert any("Autorestarting worker" in line for line in site.web.lines())


def test_a_restart_of_the_worker_loses_no_request_and_fails_no_job(site: Site) -> None:
    with load(site) as running:
        time.sleep(0.5)
        assert site.worker.stop() == 0
        site.worker.start()
        wait_until(
            lambda: site.client.get("/services/status").json()["services"]["worker"]["healthy"],
            seconds=30,
            what="the worker reports",
        )
    assert running.failures() == {}
    with site.postgres.connect("grader") as connection:
        [(failed,)] = connection.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'").fetchall()
    assert failed == 0
