"""The API as it runs in production, on loopback: gunicorn, a PostgreSQL of its own, rubrics and a key.

For whatever asks the API from outside: the fuzzer and the benchmark.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from grader.embedded_postgres import DATABASE, SUPERUSER, EmbeddedPostgres

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "rubrics" / "library"
_UNLIMITED = "1000000/second"


@dataclass(frozen=True, slots=True)
class RunningApi:
    """key: of all scopes."""

    url: str
    key: str
    log: Path
    environment: dict[str, str]


@contextmanager
def running_api(
    *, rubrics: tuple[str, ...], workers: int = 2, settings: str = "grader.settings", port: int | None = None
) -> Iterator[RunningApi]:
    """Start it, and stop it whatever happens; its database goes with it."""
    with tempfile.TemporaryDirectory(prefix="grader-api-") as folder:
        postgres = EmbeddedPostgres(Path(folder) / "pg")
        postgres.acquire()
        try:
            environment = _environment(postgres, port or _free_port(), workers, settings)
            _manage(environment, "migrate", "--no-color")
            for name in rubrics:
                _manage(environment, "import_rubric", str(LIBRARY / f"{name}.json"), "--approve")
            key = _manage(environment, "create_api_key", "from outside").strip()
            with _gunicorn(environment, Path(folder) / "gunicorn.log") as log:
                yield RunningApi(f"http://127.0.0.1:{environment['PORT']}", key, log, environment)
        finally:
            postgres.release()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(postgres: EmbeddedPostgres, port: int, workers: int, settings: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    where = urlencode({"host": str(postgres.socket_dir)})
    return {
        **kept,
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DATABASE_URL": f"postgresql://{SUPERUSER}@/{DATABASE}?{where}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
        "SECURE_HSTS_SECONDS": "0",
        "BIND_ADDRESS": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": str(workers),
        "RATE_LIMIT_ANONYMOUS": _UNLIMITED,
        "RATE_LIMIT_USER": _UNLIMITED,
        "RATE_LIMIT_KEY": _UNLIMITED,
        "MAX_REQUESTS": "0",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": settings,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {arguments[0]}: {done.stderr[-2000:]}")
    return done.stdout


@contextmanager
def _gunicorn(environment: dict[str, str], log: Path) -> Iterator[Path]:
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait(f"http://127.0.0.1:{environment['PORT']}/health", process, log)
        yield log
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"gunicorn does not answer: {log.read_text()[-2000:]}")
