"""Two web servers that share a Redis: what they count together, and what happens when it hangs, dies and comes back."""

from __future__ import annotations

import http.client
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.system.stack.processes import Program, free_port, wait_until
from tests.system.stack.redis_server import redis_server
from tests.system.stack.site import RUBRIC_ID, Site
from tests.system.stack.web import SERVER_NAME, Answer, exchange, plain_get

pytestmark = pytest.mark.system

LIMIT = 12
SAMPLES = Path(__file__).resolve().parents[2] / "rubrics" / "library" / "samples"
TRANSCRIPT = (SAMPLES / RUBRIC_ID / "strong.txt").read_text()


@dataclass
class Shared:
    """`ports` are those of two web servers with a process each."""

    server: Program
    address: str
    ports: tuple[int, int]
    logs: tuple[Program, Program]
    key: str

    def ask(self, port: int, path: str, *, body: Any = None, key: str | None = None) -> Answer:
        headers = {"Host": SERVER_NAME, "X-Forwarded-Proto": "https", "Accept": "application/json"}
        if key or key is None:
            headers["X-API-Key"] = key or self.key
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            return exchange(connection, "GET" if body is None else "POST", path, body=body, headers=headers)
        finally:
            connection.close()

    def cache_part(self, port: int) -> dict[str, Any]:
        status = self.ask(port, "/services/status").json()
        assert status["all_healthy"], status
        part: dict[str, Any] = status["services"]["cache"]
        return part

    def warnings(self) -> list[str]:
        lines = [line for program in self.logs for line in program.lines()]
        return [line for line in lines if "grader.shared_cache" in line]


@pytest.fixture(scope="module")
def shared(site: Site) -> Iterator[Shared]:
    with ExitStack() as stack:
        server, address = redis_server(site.home, site.home / "secrets")
        stack.callback(server.stop)
        server.start()
        server.wait_until(lambda: _pings(address), seconds=10, what="Redis answers")
        ports = free_port(), free_port()
        webs = []
        for port in ports:
            web = site.application.program(
                f"web-with-redis-{port}",
                "web",
                PORT=str(port),
                WEB_CONCURRENCY="1",
                REDIS_URL=address,
                RATE_LIMIT_ANONYMOUS=f"{LIMIT}/hour",
            )
            stack.callback(web.stop)
            web.start()
            webs.append(web)
        for port, web in zip(ports, webs, strict=True):
            web.wait_until(lambda port=port: _answers(port), seconds=90, what="the web server answers")  # type: ignore[misc]
        yield Shared(server, address, ports, (webs[0], webs[1]), site.client.key)


def _pings(address: str) -> bool:
    try:
        return bool(redis.Redis.from_url(address).ping())
    except redis.RedisError:
        return False


def _answers(port: int) -> bool:
    try:
        return plain_get(port, "/health").status == 200
    except OSError:
        return False


def _grade(shared: Shared, port: int, student: str) -> int:
    submission = {"oral_transcript": TRANSCRIPT}
    body = {"rubric_id": RUBRIC_ID, "student_id": student, "submission": submission}
    return shared.ask(port, "/api/grade", body=body).status


def test_a_redis_that_answers_is_a_part_without_a_warning(shared: Shared) -> None:
    for port in shared.ports:
        assert shared.cache_part(port)["warning"] is False
    assert shared.warnings() == []


def test_requests_are_counted_over_all_servers_together(shared: Shared) -> None:
    """Half of the limit is asked of each; one that counted for itself would let the next ones pass."""
    statuses = [shared.ask(shared.ports[turn % 2], "/api/", key="").status for turn in range(LIMIT)]
    assert statuses == [200] * LIMIT
    assert [shared.ask(port, "/api/", key="").status for port in shared.ports] == [429, 429]


def test_nothing_of_a_transcript_and_no_key_is_kept_in_it(shared: Shared) -> None:
    assert _grade(shared, shared.ports[0], "redis-reader") == 201
    client = redis.Redis.from_url(shared.address)
    kept = {key: client.get(key) for key in client.scan_iter()}
    assert kept
    text = repr(kept)
    for secret in ("redis-reader", shared.key, shared.key.split(".")[1], TRANSCRIPT[:40], TRANSCRIPT.splitlines()[3]):
        assert secret not in text


def test_a_redis_that_hangs_or_dies_costs_no_request_and_is_used_again_when_it_is_back(shared: Shared) -> None:
    first, second = shared.ports
    shared.server.signal(signal.SIGSTOP)
    try:
        assert [_grade(shared, port, f"hangs-{port}") for port in shared.ports] == [201, 201]
        part = shared.cache_part(first)
        assert part["healthy"]
        assert part["warning"]
        assert "check the cache server" in part["detail"]
    finally:
        shared.server.signal(signal.SIGCONT)
    wait_until(lambda: not shared.cache_part(first)["warning"], seconds=10, what="the warning ends")

    shared.server.stop()
    try:
        assert [_grade(shared, port, f"dead-{port}") for port in shared.ports] == [201, 201]
        assert [shared.ask(port, "/api/gradings/").status for port in shared.ports] == [200, 200]
        assert shared.cache_part(second)["warning"]
        scraped = plain_get(second, "/metrics", headers={"Host": SERVER_NAME, "X-Forwarded-Proto": "https"}).body
        assert b'grading_service_degraded{service="cache"} 1.0' in scraped
        assert b'grading_service_health{service="cache"} 1.0' in scraped
    finally:
        shared.server.start()
        shared.server.wait_until(lambda: _pings(shared.address), seconds=10, what="Redis answers again")
    for port in shared.ports:
        wait_until(lambda port=port: not shared.cache_part(port)["warning"], seconds=10, what="the warning ends")  # type: ignore[misc]
        assert _grade(shared, port, f"back-{port}") == 201
    assert {line.split(" ")[2] for line in shared.warnings()} == {"WARNING"}
    assert not [line for program in shared.logs for line in program.lines() if " ERROR" in line]
