"""A PostgreSQL of the distribution in a temporary folder."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import psycopg

from tests.system.stack.processes import Program, free_port

ROLE = "grader"


def binaries() -> Path:
    """The folder with the newest installed server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    assert found, "PostgreSQL is missing: run .ci/run, or apt-get install postgresql."
    return found[-1].parent


class PostgresServer:
    """Listens on a loopback port and wants a password, as a real one does."""

    def __init__(self, home: Path, *, password: str) -> None:
        self.home, self.password, self.port = home, password, free_port()
        self.user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
        self.data = home / "data"
        self.program = Program(
            name="PostgreSQL",
            command=[
                str(binaries() / "postgres"),
                f"-D{self.data}",
                *("-c", f"port={self.port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
                *("-c", "fsync=off", "-c", "log_min_error_statement=panic", "-c", "timezone=UTC"),
            ],
            log=home / "postgres.log",
            environment={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            directory=home,
            user=self.user,
            stop_signal=signal.SIGINT,  # a fast shutdown; SIGTERM would wait for clients
        )

    def create(self) -> None:
        self.home.mkdir(mode=0o755, exist_ok=True)
        password_file = self.home / "password"
        password_file.write_text(self.password)
        if self.user:
            for path in (self.home, password_file):
                subprocess.run(["chown", self.user, str(path)], check=True)
        subprocess.run(
            [
                str(binaries() / "initdb"),
                f"--pgdata={self.data}",
                *(f"--username={ROLE}", f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8"),
                "--no-sync",
            ],
            check=True,
            capture_output=True,
            timeout=60,
            cwd=self.home,
            user=self.user,
            extra_groups=[] if self.user else None,
        )

    def create_standby_of(self, primary: PostgresServer) -> None:
        """A streaming replica, as a cloud's read replica is one."""
        self.home.mkdir(mode=0o755, exist_ok=True)
        if self.user:
            subprocess.run(["chown", self.user, str(self.home)], check=True)
        subprocess.run(
            [
                str(binaries() / "pg_basebackup"),
                f"--pgdata={self.data}",
                f"--dbname={primary.url('postgres')}",
                *("--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            timeout=60,
            cwd=self.home,
            user=self.user,
            extra_groups=[] if self.user else None,
        )

    def start(self) -> None:
        self.program.start()
        self.program.wait_until(self.answers, seconds=30, what="PostgreSQL answers")

    def stop(self) -> None:
        self.program.stop()

    def answers(self) -> bool:
        try:
            with self.connect("postgres"):
                return True
        except psycopg.OperationalError:
            return False

    def connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url(database), autocommit=True, connect_timeout=5)

    def url(self, database: str) -> str:
        return f"postgresql://{ROLE}:{self.password}@127.0.0.1:{self.port}/{database}"

    def libpq_environment(self, database: str) -> dict[str, str]:
        """What libpq's own programs read; the password comes in a file, as in a container."""
        return {
            "PATH": f"{binaries()}:{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": ROLE,
            "PGDATABASE": database,
            "PGPASSWORD_FILE": str(self.home / "password"),
        }
