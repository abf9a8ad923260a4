"""Runs a few processes as one: they start together, and when one ends or we are asked to stop, all of them do."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

_POLL_SECONDS = 0.1
_STOP_SECONDS = 35
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Child:
    """A process to run; `name` is what a person calls it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


class ChildDied(Exception):
    """A process ended by itself; the text names it and its exit code."""


def run_together(children: Sequence[Child], *, on_start: Callable[[Callable[[], bool]], None]) -> None:
    """Start the children, call `on_start`, and wait until a signal asks us to stop; returns when all have ended.

    `on_start` gets a function that tells whether to go on waiting, and returns when the children are of use.
    Raises ChildDied after stopping the others when one ends by itself. The children stay in our process group, so
    that Ctrl-C, a closed terminal or a killed group reaches them even if we can't pass it on.
    """
    asked = threading.Event()
    running: list[tuple[Child, subprocess.Popen[bytes]]] = []
    with _on_signals(asked):
        try:
            for child in children:
                running.append((child, subprocess.Popen(child.command, env=dict(child.environment))))  # noqa: S603, PERF401 - keeps those that started
            on_start(lambda: not asked.is_set() and _ended(running) is None)
            while not asked.wait(_POLL_SECONDS):
                _raise_if_one_ended(running)
        finally:
            _stop([process for _, process in running])


@contextlib.contextmanager
def _on_signals(asked: threading.Event) -> Iterator[None]:
    def ask(number: int, frame: FrameType | None) -> None:
        asked.set()

    before = {number: signal.signal(number, ask) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ended(running: Sequence[tuple[Child, subprocess.Popen[bytes]]]) -> tuple[Child, int] | None:
    for child, process in running:
        code = process.poll()
        if code is not None:
            return child, code
    return None


def _raise_if_one_ended(running: Sequence[tuple[Child, subprocess.Popen[bytes]]]) -> None:
    ended = _ended(running)
    if ended:
        child, code = ended
        raise ChildDied(f"The {child.name} ended by itself (exit code {code}); its last lines are above.")


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask all, wait for all, and end by force what did not listen."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + _STOP_SECONDS
    for process in processes:
        try:
            process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
