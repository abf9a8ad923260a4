from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from grader.embedded_postgres import (
    DATABASE,
    MAX_SOCKET_PATH,
    SUPERUSER,
    EmbeddedPostgres,
    EmbeddedPostgresError,
)

PROJECT = Path(__file__).resolve().parents[2]
# Uses the server at argv[1], tells so, and holds on until its input is closed.
HOLDER = """
import sys
from pathlib import Path
from grader.embedded_postgres import server_at
server_at(Path(sys.argv[1])).acquire()
print("up", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own: as root we open the folders above for passing through, and the next run closes that one."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture
def new_root(folder: Path) -> Iterator[Path]:
    """Where no server has been yet. The path has a space, a quote and an umlaut, as people's folders do."""
    root = folder / "Ärzte's data"
    yield root
    _assert_stopped(root)


@pytest.fixture(scope="module")
def used_root() -> Iterator[Path]:
    """Where a server has been; making one takes most of such a test's time."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture
def root(used_root: Path) -> Iterator[Path]:
    yield used_root
    _assert_stopped(used_root)


def _assert_stopped(root: Path) -> None:
    left_over = EmbeddedPostgres(root)
    was_running = left_over.is_running()
    if was_running:
        left_over.acquire()
        left_over.release()
    assert not was_running


def _holder(root: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(root)], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def _end(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=60)
    assert process.returncode == 0


def _keep_the_answer(server: EmbeddedPostgres) -> None:
    with psycopg.connect(host=str(server.socket_dir), user=SUPERUSER, dbname=DATABASE) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer")


def _query(server: EmbeddedPostgres, sql: str) -> object:
    with psycopg.connect(host=str(server.socket_dir), user=SUPERUSER, dbname=DATABASE) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]


def test_what_was_written_is_there_after_a_stop_and_a_start(root: Path) -> None:
    server = EmbeddedPostgres(root)
    server.acquire()
    _keep_the_answer(server)
    server.release()
    assert not server.is_running()
    server.acquire()
    assert _query(server, "SELECT answer FROM kept") == 42
    server.release()


def test_several_processes_may_be_the_first(new_root: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(new_root)]
    racers = [
        subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in "abc"
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "up\n"
    for racer in racers:
        assert EmbeddedPostgres(new_root).is_running()
        _end(racer)
    assert not EmbeddedPostgres(new_root).is_running()


def test_one_that_ends_does_not_stop_the_server_under_the_others(root: Path) -> None:
    stays, ends = _holder(root), _holder(root)
    _end(ends)
    assert _query(EmbeddedPostgres(root), "SELECT 1") == 1
    _end(stays)
    assert not EmbeddedPostgres(root).is_running()


def test_a_killed_process_keeps_nobody_from_stopping_the_server(root: Path) -> None:
    killed, survivor = _holder(root), _holder(root)
    killed.kill()
    killed.communicate()
    assert EmbeddedPostgres(root).is_running()
    _end(survivor)
    assert not EmbeddedPostgres(root).is_running()


def test_a_killed_server_is_started_again_with_its_data(root: Path) -> None:
    server = EmbeddedPostgres(root)
    server.acquire()
    _keep_the_answer(server)
    postmaster = int((server.data / "postmaster.pid").read_text().split("\n", 1)[0])
    os.kill(postmaster, signal.SIGKILL)
    _wait_until_gone(server)
    server.acquire()
    assert _query(server, "SELECT answer FROM kept") == 42
    server.release()


def test_a_pid_file_that_names_another_program_does_not_keep_the_server_from_starting(root: Path) -> None:
    """As after a power cut, when the number has been given to something else: here to this very test."""
    server = EmbeddedPostgres(root)
    server.acquire()
    server.release()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")
    server.acquire()
    assert _query(server, "SELECT 1") == 1
    server.release()


def test_a_start_that_was_cut_short_is_begun_anew(new_root: Path) -> None:
    (new_root / "data.new" / "base").mkdir(parents=True)
    (new_root / "data.new" / "PG_VERSION").write_text("18\n")
    server = EmbeddedPostgres(new_root)
    server.acquire()
    assert _query(server, "SELECT 1") == 1
    server.release()


def test_only_the_owner_can_reach_the_socket(root: Path) -> None:
    server = EmbeddedPostgres(root)
    server.acquire()
    try:
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
        assert stat.S_IMODE((server.socket_dir / ".s.PGSQL.5432").stat().st_mode) == 0o700
        assert _query(server, "SHOW listen_addresses") == ""
    finally:
        server.release()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")
def test_folders_above_are_opened_for_passing_through_and_never_for_listing(folder: Path) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    open_already = private / "open"
    open_already.mkdir(mode=0o755)
    server = EmbeddedPostgres(open_already / "pg")
    server.acquire()
    server.release()
    assert stat.S_IMODE(private.stat().st_mode) == 0o701
    assert stat.S_IMODE(open_already.stat().st_mode) == 0o755


def test_a_long_path_gets_a_socket_in_a_short_folder_of_our_own(folder: Path) -> None:
    root = folder / ("a-very-long-name-" * 6)
    server = EmbeddedPostgres(root)
    assert len(os.fsencode(server.socket_dir / ".s.PGSQL.5432")) <= MAX_SOCKET_PATH
    server.acquire()
    try:
        assert _query(server, "SELECT 1") == 1
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
    finally:
        server.release()
        server.socket_dir.rmdir()


def test_a_socket_folder_that_someone_else_prepared_is_refused(folder: Path) -> None:
    server = EmbeddedPostgres(folder / ("a-very-long-name-" * 6))
    server.socket_dir.mkdir(mode=0o777)
    server.socket_dir.chmod(0o777)
    try:
        with pytest.raises(EmbeddedPostgresError, match="EMBEDDED_POSTGRES_DIR to a shorter path"):
            server.acquire()
    finally:
        server.socket_dir.rmdir()


def test_data_of_another_version_is_refused_and_left_alone(new_root: Path) -> None:
    (new_root / "data").mkdir(parents=True)
    (new_root / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(EmbeddedPostgresError, match=r"made by PostgreSQL 14 .* move"):
        EmbeddedPostgres(new_root).acquire()
    assert [path.name for path in (new_root / "data").iterdir()] == ["PG_VERSION"]


def test_a_forked_child_does_not_give_its_parents_hold_away(root: Path) -> None:
    server = EmbeddedPostgres(root)
    server.acquire()
    script = f"""
import os, sys
from pathlib import Path
from grader.embedded_postgres import server_at
server = server_at(Path({str(root)!r}))
server.acquire()
if os.fork() == 0:
    sys.exit(0)
os.wait()
server.release()
sys.exit(0 if server.is_running() else 3)
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], cwd=PROJECT, check=False)
    assert done.returncode == 0
    server.release()


def _wait_until_gone(server: EmbeddedPostgres) -> None:
    for _ in range(100):
        if not server.is_running():
            return
        signal.sigtimedwait([], 0.05)
    pytest.fail("the server still answers")
