"""`demo`: the whole product on this machine, filled with examples, until Ctrl-C."""

from __future__ import annotations

import io
import os
import socket
import sys
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from grader.supervisor import Child, ChildDied, run_together

_HOST = "127.0.0.1"
_READY_SECONDS = 60


class Command(BaseCommand):
    help = "Loads the examples, then runs the web server and a worker on this machine until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo is for development: leave SECRET_KEY out, or type DEBUG=true.")
        _refuse_taken_port(settings.PORT)
        try:
            told = self._load()
            run_together(_children(), on_start=lambda go_on: self._announce(told, go_on))
        except ChildDied as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped before the demo was ready; run it again to go on.", returncode=130) from None
        finally:
            connection.close()
        self.stdout.write("Stopped.")

    def _load(self) -> str:
        """Returns what a person wants to read last: who can sign in."""
        self.stdout.write("Preparing the database and the examples …")
        call_command("migrate", verbosity=0)
        told = io.StringIO()
        call_command("load_demo", stdout=told)
        # Otherwise this connection would sit idle until the end.
        connection.close()
        return told.getvalue()

    def _announce(self, told: str, go_on: Callable[[], bool]) -> None:
        url = f"http://{_HOST}:{settings.PORT}"
        deadline = time.monotonic() + _READY_SECONDS
        while go_on() and time.monotonic() < deadline:
            if _answers(f"{url}/health"):
                self.stdout.write(f"\n{told}\nOpen {url}/ in a browser. Ctrl-C stops everything.\n")
                self.stdout.flush()
                return
            time.sleep(0.1)


def _children() -> list[Child]:
    environment = {**os.environ, "PORT": str(settings.PORT), "BIND_ADDRESS": _HOST}
    # Two demos on one machine must not quarrel over a port that nobody asked for.
    worker_environment = {**environment, "WORKER_METRICS_PORT": os.environ.get("WORKER_METRICS_PORT") or "0"}
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", str(settings.BASE_DIR / "deploy" / "gunicorn.conf.py")]
    worker = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"]
    return [Child("web server", gunicorn, environment), Child("worker", worker, worker_environment)]


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        # A port that a server left a moment ago is free for gunicorn, which sets this too.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            raise CommandError(
                f"Port {port} is taken, perhaps by another demo: stop that one, or type PORT={port + 1} make demo."
            ) from None


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own loopback address
            return bool(response.status == 200)  # noqa: PLR2004
    except OSError:
        return False
