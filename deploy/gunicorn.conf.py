"""How gunicorn runs the web server; everything that differs between machines comes from the environment.

docs/settings.md describes the variables. gunicorn executes this file in its master process, again at each reload
(HUP), and in the new master of an upgrade (USR2).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

# gunicorn does not put the working directory on the path before it reads this file.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from grader.env import Environment, SettingError
from grader.safety import refuse_open_debug, runs_in_debug

_MULTIPROC = "PROMETHEUS_MULTIPROC_DIR"
_MULTIPROC_IS_OURS = "GRADER_OWNS_MULTIPROC_DIR"

env = Environment(os.environ)
try:
    _debug = runs_in_debug(env)
    _address = env.text("BIND_ADDRESS", default="127.0.0.1" if _debug else "0.0.0.0")  # noqa: S104 - a container's own
    refuse_open_debug(debug=_debug, address=_address)
    bind = f"{_address}:{env.integer('PORT', default=8000, low=1, high=65_535)}"
    workers = env.integer("WEB_CONCURRENCY", default=2, low=1, high=64)
    threads = env.integer("THREADS", default=4, low=1, high=64)
    timeout = env.integer("REQUEST_TIMEOUT", default=60, low=5, high=600)
    graceful_timeout = env.integer("GRACEFUL_TIMEOUT", default=30, low=1, high=600)
    # Recycled after so many requests, a process can't leak for ever; the jitter keeps them from going all at once.
    max_requests = env.integer("MAX_REQUESTS", default=20_000, low=0, high=10_000_000)
    loglevel = env.choice("LOG_LEVEL", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR")).lower()
except SettingError as error:
    sys.exit(str(error))

wsgi_app = "grader.wsgi:application"
chdir = str(Path(__file__).resolve().parent.parent)
worker_class = "gthread"
max_requests_jitter = max_requests // 10
# Longer than nginx and load balancers keep an idle connection (60 s), so that they close it and not we.
keepalive = 75
# The heartbeat file of a worker must not be on a disk that can stall.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# The application decides itself which proxies to believe (grader.client_address).
forwarded_allow_ips = ""
control_socket_disable = True
accesslog = "-"
errorlog = "-"
logger_class = "grader.gunicorn_logs.GunicornLogger"

# prometheus_client looks at this when a worker first imports it, so it must be set before.
if _MULTIPROC not in os.environ:
    os.environ[_MULTIPROC] = tempfile.mkdtemp(prefix="grader-metrics-")
    os.environ[_MULTIPROC_IS_OURS] = str(os.getpid())


def on_starting(server: Any) -> None:
    """Stop here when the settings are wrong, and forget what an earlier run counted.

    A master that takes over from another (USR2) shares its files and must leave them.
    """
    folder = Path(os.environ[_MULTIPROC])
    complaint = _complaint_of_the_application()
    if complaint:
        on_exit(server)
        sys.exit(complaint)
    folder.mkdir(parents=True, exist_ok=True)
    if not server.master_pid:
        for stale in folder.glob("*.db"):
            stale.unlink(missing_ok=True)


def _complaint_of_the_application() -> str:
    """Asked of a process of its own: this one must not load what a reload is to load afresh.

    The workers would find the same, each for itself and with gunicorn's traceback around it.
    """
    environment = {name: value for name, value in os.environ.items() if name != _MULTIPROC}
    checked = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=chdir, env=environment, capture_output=True, text=True, check=False
    )
    return checked.stderr.strip() if checked.returncode else ""


def child_exit(server: Any, worker: Any) -> None:
    """Drop the gauges of a worker that is gone; what it counted stays, or sums would fall."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - not in the master before it forks

    mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    if os.environ.get(_MULTIPROC_IS_OURS) == str(os.getpid()) and not server.reexec_pid:
        shutil.rmtree(os.environ[_MULTIPROC], ignore_errors=True)
