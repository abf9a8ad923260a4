"""Programs that run beside the tests: started on free loopback ports, ended by their process ids, whatever happens."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)

T = TypeVar("T")


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], T | None], *, seconds: float, what: str, every: float = 0.1) -> T:
    """The first true value of `condition`; fails with `what` when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"Not within {seconds:g} s: {what}")
        time.sleep(every)


@dataclass
class Program:
    """One process; both its outputs go to `log`, which is kept over restarts."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    directory: Path
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        number = int(self.stop_signal)

        def die_with_the_tests() -> None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, number)

        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.environment),
                cwd=self.directory,
                user=self.user,
                extra_groups=[] if self.user else None,
                preexec_fn=die_with_the_tests,  # noqa: PLW1509 - it calls nothing that takes a lock
            )

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def wait_until(self, condition: Callable[[], bool], *, seconds: float, what: str) -> None:
        """As the function does, and fails as soon as the process has ended; its last lines tell why."""
        try:
            wait_until(lambda: condition() or not self.runs, seconds=seconds, what=what)
            assert self.runs, f"{self.name} ended"
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.tail()}") from None

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def stop(self, *, seconds: float = 40) -> int | None:
        """Ask it to end, wait, and end it by force if it does not listen; returns its exit code."""
        if self.process is None:
            return None
        if self.runs:
            self.signal(self.stop_signal)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait(10)

    def lines(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []

    def tail(self) -> str:
        return "\n".join(self.lines()[-30:])
