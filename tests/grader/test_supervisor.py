from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.supervisor import Child, ChildDied, run_together

# Tells that it runs, and on SIGTERM that it was asked, into the file at argv[1].
OBEDIENT = """
import pathlib, signal, sys, time
told = pathlib.Path(sys.argv[1])
def leave(*_):
    told.write_text("asked")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
told.write_text("running")
time.sleep(60)
"""
DIES = "import sys; sys.exit(7)"


def child(name: str, script: str, *arguments: str) -> Child:
    return Child(name, [sys.executable, "-c", script, *arguments], os.environ)


def wait_for(path: Path, content: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if path.exists() and path.read_text() == content:
            return
        time.sleep(0.02)
    pytest.fail(f"{path.name} never told {content}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_child_and_returns(tmp_path: Path, number: signal.Signals) -> None:
    told = [tmp_path / "first", tmp_path / "second"]

    def when_up(go_on: Callable[[], bool]) -> None:
        for path in told:
            wait_for(path, "running")
        assert go_on()
        threading.Timer(0.1, os.kill, (os.getpid(), number)).start()

    before = signal.getsignal(number)
    run_together([child(path.name, OBEDIENT, str(path)) for path in told], on_start=when_up)
    assert [path.read_text() for path in told] == ["asked", "asked"]
    assert signal.getsignal(number) is before


def test_a_child_that_ends_by_itself_takes_the_others_with_it(tmp_path: Path) -> None:
    told = tmp_path / "other"
    with pytest.raises(ChildDied, match=r"The web server ended by itself \(exit code 7\)"):
        run_together(
            [child("worker", OBEDIENT, str(told)), child("web server", DIES)],
            on_start=lambda go_on: wait_for(told, "running"),
        )
    assert told.read_text() == "asked"


def test_a_child_that_can_not_be_started_stops_those_that_were(tmp_path: Path) -> None:
    told = tmp_path / "first"
    broken = Child("broken", [str(tmp_path / "no-such-program")], os.environ)
    with pytest.raises(FileNotFoundError):
        run_together([child("first", OBEDIENT, str(told)), broken], on_start=lambda go_on: None)
    time.sleep(0.1)
    assert not told.exists() or told.read_text() != "running"


def test_who_waits_for_the_children_learns_that_one_is_gone() -> None:
    waited: list[bool] = []

    def when_up(go_on: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while go_on() and time.monotonic() < deadline:
            time.sleep(0.02)
        waited.append(go_on())

    with pytest.raises(ChildDied):
        run_together([child("one", DIES)], on_start=when_up)
    assert waited == [False]
