"""gunicorn's own lines and the access log, in the format of every other line."""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http.message import Request
from gunicorn.http.wsgi import Response

from grader.env import Environment
from grader.logs import FORMATTERS
from grader.request_id import HEADER
from grader.safety import LOG_FORMATS


class GunicornLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Access lines tell method, path, status, time and size: no query string, no referrer, no user agent."""

    def __init__(self, cfg: Config) -> None:
        self.formatter = FORMATTERS[log_format()](verbatim=False)
        super().__init__(cfg)

    def _set_handler(self, log: logging.Logger, output: str | None, fmt: logging.Formatter, stream: Any = None) -> None:
        super()._set_handler(log, output, self.formatter, stream)

    def access(self, resp: Response, req: Request, environ: dict[str, Any], request_time: timedelta) -> None:
        headers = {name.lower(): value for name, value in resp.headers}
        self.access_log.info(
            "%s %s %s %.1fms %sB %s",
            environ.get("REQUEST_METHOD", "-"),
            environ.get("PATH_INFO", "-"),
            str(resp.status).split(" ", 1)[0],
            request_time / timedelta(milliseconds=1),
            resp.sent,
            environ.get("REMOTE_ADDR") or "-",
            extra={"request_id": headers.get(HEADER.lower())},
        )


def log_format() -> str:
    """LOG_FORMAT, read without Django's settings, which gunicorn's master process never loads."""
    return Environment(os.environ).choice("LOG_FORMAT", default="text", choices=LOG_FORMATS)
