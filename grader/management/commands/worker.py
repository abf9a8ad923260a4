"""`worker`: takes jobs from the queue until it is told to stop, then finishes the one it has."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from grader.queue_report import start_reporting
from grader.worker_metrics import start_server

logger = logging.getLogger(__name__)

# Less than the 30 s that containers are given between the request to stop and the end.
_SHUTDOWN_SECONDS = 25


class Command(BaseCommand):
    help = "Runs queued and periodic jobs, and serves this process's /metrics on WORKER_METRICS_PORT."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run the jobs that are due, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.WORKER_METRICS_PORT and not options["once"]:
            self._serve_metrics()
        if not options["once"]:
            start_reporting()
        connector = cast("DjangoConnector", app.connector).get_worker_connector()
        try:
            with app.replace_connector(connector) as running:
                asyncio.run(_work(running, once=options["once"]))
        except ConnectorException:
            # In the log's one line and not as a traceback on stderr, which no filter would count.
            logger.exception("The worker lost its database and ends; whatever runs it starts it again")
            raise SystemExit(1) from None

    def _serve_metrics(self) -> None:
        address, port = settings.WORKER_METRICS_ADDRESS, settings.WORKER_METRICS_PORT
        try:
            start_server(address=address, port=port)
        except OSError as error:
            raise CommandError(
                f"The worker's metrics can't be served on {address}:{port} ({error.strerror}): "
                "type another WORKER_METRICS_PORT, or 0 for none."
            ) from None


async def _work(running: App, *, once: bool) -> None:
    async with running.open_async():
        await running.run_worker_async(
            name=f"{socket.gethostname()}-{os.getpid()}",
            concurrency=settings.WORKER_CONCURRENCY,
            wait=not once,
            listen_notify=not once,
            shutdown_graceful_timeout=_SHUTDOWN_SECONDS,
        )
