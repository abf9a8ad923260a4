"""The real processes, on the test database: gunicorn, and several `migrate` at once."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (-|[0-9A-Za-z-]{8,64}) (DEBUG|INFO|WARNING|ERROR\S*) \S+ .+")


def _database_url(name: str) -> str:
    """The address of a database beside the test database, as another process has to be told it."""
    params = connection.get_connection_params()
    user = quote(params.get("user", ""), safe="")
    password = f":{quote(params['password'], safe='')}" if params.get("password") else ""
    where = urlencode({key: params[key] for key in ("host", "port") if params.get(key)})
    return f"postgresql://{user}{password}@/{name}?{where}"


def _environment(**variables: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", **variables}


@pytest.fixture
def new_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    name = f"test_turns_{os.getpid()}_{secrets.token_hex(4)}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            yield _database_url(name)
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_several_migrates_at_once_take_turns(new_database: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "--no-color"]
    runs = [
        subprocess.Popen(
            command, cwd=ROOT, env=_environment(DATABASE_URL=new_database), stdout=subprocess.PIPE, text=True
        )
        for _ in "abc"
    ]
    told = [run.communicate(timeout=120)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert sorted("No migrations to apply" in text for text in told) == [False, True, True]


class Server:
    """gunicorn with three processes on a free port."""

    def __init__(self, log: Path, database: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = log
        environment = _environment(
            DATABASE_URL=database, PORT=str(self.port), WEB_CONCURRENCY="3", TMPDIR=str(log.parent)
        )
        with log.open("ab") as told:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"],
                cwd=ROOT,
                env=environment,
                stdout=told,
                stderr=subprocess.STDOUT,
            )

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                if self.get("/health")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        pytest.fail(self.log.read_text())

    def count(self, name: str) -> float:
        """The metric's value, summed over its labels."""
        text = self.get("/metrics")[1]
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if re.match(rf"{name}[{{ ]", line))

    def workers(self) -> set[str]:
        return set(re.findall(r"Booting worker with pid: (\d+)", self.log.read_text()))


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "log", _database_url(str(connection.settings_dict["NAME"])))
    try:
        running.wait()
        yield running
    finally:
        running.process.terminate()
        running.process.wait(timeout=60)


def test_counts_are_summed_over_processes_and_survive_them(server: Server) -> None:
    for _ in range(30):
        assert server.get("/api/gradings")[0] == 401
    assert server.count("grading_requests_total") == 30
    assert server.count("grading_request_duration_seconds_count") == 30
    os.kill(int(min(server.workers())), signal.SIGKILL)
    _until(lambda: len(server.workers()) == 4)
    assert server.count("grading_requests_total") == 30
    assert len(re.findall("^grading_service_health", server.get("/metrics")[1], flags=re.MULTILINE)) == len(
        set(re.findall("^grading_service_health.*}", server.get("/metrics")[1], flags=re.MULTILINE))
    )


def test_a_reload_under_load_fails_no_request_and_loses_no_count(server: Server) -> None:
    statuses: list[int] = []
    enough = threading.Event()

    def ask() -> None:
        while not enough.is_set():
            statuses.append(server.get("/api/gradings")[0])

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    time.sleep(0.5)
    before = server.workers()
    server.process.send_signal(signal.SIGHUP)
    _until(lambda: len(server.workers() - before) == 3)
    _until(lambda: len(re.findall("Worker exiting", server.log.read_text())) >= 3)
    enough.set()
    for asker in askers:
        asker.join()
    assert set(statuses) == {401}
    assert server.count("grading_requests_total") == len(statuses)


def test_every_line_has_the_format_and_none_a_query_string(server: Server) -> None:
    server.get("/api/gradings?student=Ada+Lovelace&key=hunter2")
    server.get("/no-such-page?name=Ada")
    server.process.send_signal(signal.SIGHUP)
    _until(lambda: len(server.workers()) == 6)
    server.process.terminate()
    server.process.wait(timeout=60)
    lines = server.log.read_text().splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert "Ada" not in server.log.read_text()
    assert any(
        re.search(r" INFO gunicorn\.access GET /api/gradings 401 \d+\.\dms \d+B 127\.0\.0\.1$", line) for line in lines
    )


def test_a_stop_leaves_nothing_behind(server: Server, tmp_path: Path) -> None:
    server.get("/metrics")
    assert list(tmp_path.glob("grader-metrics-*"))
    server.process.terminate()
    assert server.process.wait(timeout=60) == 0
    assert list(tmp_path.glob("grader-metrics-*")) == []


def _until(holds: object) -> None:
    assert callable(holds)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("waited for a minute in vain")
