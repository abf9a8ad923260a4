"""`make bench`, the HTTP part: POST /api/grade, stored, beside a bare view of REST framework.

The bare view authenticates the same key, validates a body of the same shape and inserts one row of the size of the
stored grading. Both run in one gunicorn with two workers, in turns, so that the machine is the same for both.
"""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.bench import interview
from tests.running_api import RunningApi, running_api

SECONDS = 12
CLIENTS = 4
SHARE_OF_RATE = 0.8


@dataclass(frozen=True, slots=True)
class Measured:
    """rate: requests a second; times in milliseconds."""

    rate: float
    times: tuple[float, ...]

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Load:
    """Clients that each keep a connection and send one request after the other, or by a clock that they share."""

    def __init__(self, api: RunningApi, path: str, body: bytes) -> None:
        self.address = urlsplit(api.url)
        self.path, self.body = path, body
        self.headers = {"X-API-Key": api.key, "Content-Type": "application/json"}
        self.lock = threading.Lock()

    def run(self, seconds: float, *, rate: float | None = None) -> Measured:
        """As fast as they can, or so many a second, evenly; then a time counts from when it should have begun."""
        times: list[float] = []
        started = time.perf_counter()
        self.next_at = started
        threads = [
            threading.Thread(target=self._client, args=(times, started + seconds, rate))
            for _ in range(CLIENTS if rate is None else CLIENTS * 4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return Measured(len(times) / (time.perf_counter() - started), tuple(times))

    def _client(self, times: list[float], until: float, rate: float | None) -> None:
        connection = http.client.HTTPConnection(self.address.hostname or "", self.address.port, timeout=60)
        while (begin := self._turn(rate)) < until:
            connection.request("POST", self.path, self.body, self.headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 201:
                raise RuntimeError(f"{self.path} answered {answer.status}: {content[:300]!r}")
            times.append((time.perf_counter() - begin) * 1000)
        connection.close()

    def _turn(self, rate: float | None) -> float:
        if rate is None:
            return time.perf_counter()
        with self.lock:
            begin = self.next_at
            self.next_at += 1 / rate
        time.sleep(max(0.0, begin - time.perf_counter()))
        return begin


def bodies(turns: int) -> bytes:
    submission = {"oral_transcript": interview(turns), "summary_text": "A 40-year-old with abdominal pain."}
    return json.dumps({"rubric_id": "abdominal_pain_v1", "student_id": "S-1", "submission": submission}).encode()


def bench_http(turns: Sequence[int]) -> None:
    with running_api(rubrics=("abdominal_pain_v1",), settings="tests.bench_settings") as api:
        print(f"gunicorn with two workers, {CLIENTS} clients, {SECONDS} s each, in turns; a rubric of 24 questions")
        for count in turns:
            _compare(api, count)


def _compare(api: RunningApi, turns: int) -> None:
    body = bodies(turns)
    grade, bare = Load(api, "/api/grade", body), Load(api, "/bench/bare", body)
    for load in (grade, bare):
        load.run(2)
    rounds = [(grade.run(SECONDS / 2), bare.run(SECONDS / 2)) for _ in range(2)]
    graded, bared = (statistics.mean(pair[index].rate for pair in rounds) for index in (0, 1))
    print(f"{turns} turns: POST /api/grade {graded:.0f}/s, bare view {bared:.0f}/s, ratio {graded / bared:.2f}")
    steady = grade.run(SECONDS, rate=graded * SHARE_OF_RATE)
    p50, p99 = steady.percentile(0.5), steady.percentile(0.99)
    print(
        f"{turns} turns at 80 % of that rate: median {p50:.0f} ms, 99th percentile {p99:.0f} ms, {p99 / p50:.1f} times"
    )


if __name__ == "__main__":
    bench_http(turns=(20, 60, 150))
