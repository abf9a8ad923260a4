"""What deploy/aws makes ECS run, run here: the migration's task, then nginx, web and worker with their health checks."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.system.stack.metric_filter import matches
from tests.system.stack.processes import Program, wait_until
from tests.system.stack.task import SECRETS, Namespace, Task, connect, database, image, task_of_the_templates

pytestmark = pytest.mark.system

KEY = f"X-API-Key: {SECRETS['API_KEY']}"


@dataclass
class Running:
    task: Task
    migrated: Program
    web: Program
    worker: Program
    nginx: Program
    unhealthy_before: dict[str, int]


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with ExitStack() as stack:
        namespace = Namespace()
        stack.callback(namespace.close)
        if not namespace.open():
            pytest.skip("a network namespace needs root and iproute2")
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grader-task-")))
        home.chmod(0o711)  # PostgreSQL's account has to pass
        application = image(home)
        server = database(home / "postgres", namespace)
        stack.callback(server.stop)
        server.program.start()
        server.program.wait_until(lambda: _accepts(server), seconds=30, what="PostgreSQL answers")
        with connect(server, "postgres") as connection:
            connection.execute("CREATE DATABASE grader")
        task = task_of_the_templates(home, application, namespace, home / "postgres" / "server.crt")
        migrated = task.program("migrate")
        migrated.start()
        wait_until(lambda: not migrated.runs, seconds=240, what="the migrations end")
        before = {name: task.health(name) for name in ("nginx", "web", "worker")}
        programs = {name: task.program(name) for name in ("web", "worker", "nginx")}
        for name, program in programs.items():
            stack.callback(program.stop)
            program.start()
            program.wait_until(lambda name=name: task.health(name) == 0, seconds=120, what=f"{name} is healthy")  # type: ignore[misc]
        yield Running(task, migrated, programs["web"], programs["worker"], programs["nginx"], before)


def _accepts(server: object) -> bool:
    try:
        with connect(server, "postgres"):  # type: ignore[arg-type]
            return True
    except psycopg.OperationalError:
        return False


def test_the_migrations_end_well_and_make_the_key_usable(running: Running) -> None:
    assert running.migrated.stop() == 0, running.migrated.tail()
    assert "The key in API_KEY may be used." in running.migrated.log.read_text()
    assert SECRETS["API_KEY"] not in running.migrated.log.read_text()


def test_a_health_check_fails_before_its_container_answers_and_passes_after(running: Running) -> None:
    assert all(code != 0 for code in running.unhealthy_before.values()), running.unhealthy_before
    assert {name: running.task.health(name) for name in running.unhealthy_before} == dict.fromkeys(
        running.unhealthy_before, 0
    )


def test_the_bootstrap_key_opens_the_api_through_the_load_balancer(running: Running) -> None:
    status, body = running.task.ask("/api/gradings/", KEY)
    assert status == 200, body
    assert running.task.ask("/api/gradings/")[0] == 401


def test_the_load_balancer_finds_a_task_healthy_by_its_address(running: Running) -> None:
    assert running.task.ask("/health", host="10.20.2.17:8080", scheme="http")[0] == 200


def test_metrics_are_refused_to_whom_the_load_balancer_names(running: Running) -> None:
    assert running.task.ask("/metrics")[0] == 403
    assert running.task.ask("/metrics", forged="10.0.0.1, ")[0] == 403


def test_plain_http_is_sent_to_https_and_another_host_refused(running: Running) -> None:
    assert running.task.ask("/sign-in/", scheme="http")[0] == 301
    assert running.task.ask("/sign-in/", host="evil.example")[0] == 400


def test_every_part_works_and_the_log_counts_no_error(running: Running) -> None:
    wait_until(
        lambda: '"all_healthy": true' in running.task.ask("/services/status", "Accept: application/json")[1],
        seconds=90,
        what="every part works",
    )
    lines = [line for program in (running.web, running.worker, running.nginx) for line in program.lines()]
    assert lines
    assert all(re.match(r"\d{4}-\d\d-\d\dT\S+ \S+ (DEBUG|INFO|WARNING|ERROR\S*) \S+ .", line) for line in lines)
    assert not [line for line in lines if matches("[time, request_id, level=ERROR*, ...]", line)]


def test_told_to_stop_every_container_ends_well_within_its_time(running: Running) -> None:
    assert running.web.stop(seconds=running.task.definitions["web"]["StopTimeout"]) == 0
    assert running.worker.stop(seconds=running.task.definitions["worker"]["StopTimeout"]) == 0
