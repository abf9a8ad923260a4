"""Log lines: one line each, `time request_id LEVEL logger message`, or one JSON object with the same fields.

Nothing that a person wrote or said may reach a log. The first line of defence is that nobody logs it; the second is
here: keys, passwords and query strings are blanked, and of an exception only its type and where it happened are told,
because the texts of validation and database errors quote the value that was refused.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.db.utils import InterfaceError, OperationalError

from grader.request_id import current_request_id

# CloudWatch counts errors with `[time, request_id, level=ERROR*, ...]`; the worst ones must not slip through it.
_LEVELS = {"CRITICAL": "ERROR-CRITICAL"}
_CONTROL = {code: repr(chr(code))[1:-1] for code in (*range(32), 127, 0x85, 0x2028, 0x2029)}
_BLANK = "***"
_SENSITIVE: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"(?i)([\w-]*(?:api[-_]?key|authorization|cookie|password|secret|token)[\"']?\s*[:=]\s*)(?:bearer\s+|api-key\s+)?[\"']?[^\s\"',;]+"
        ),
        rf"\1{_BLANK}",
    ),
    (re.compile(r"\b[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}\b"), _BLANK),
    (re.compile(r"(\w+://[^\s:/@]*):[^\s@]*@"), rf"\1:{_BLANK}@"),
    (re.compile(r"(/[^\s?\"'<>]*)\?[^\s\"'<>]*"), r"\1"),
)
# Their texts speak of the machine, never of a transcript.
_TELLING = (OSError, ImportError, AttributeError, NameError, OperationalError, InterfaceError)

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def redact(text: str) -> str:
    """Blank what looks like a key, a password or a query string. A last resort: it can't know a patient's name."""
    for pattern, replacement in _SENSITIVE:
        text = pattern.sub(replacement, text)
    return text


class _Formatter(logging.Formatter):
    def __init__(self, *, verbatim: bool) -> None:
        super().__init__()
        self.verbatim = verbatim

    def fields(self, record: logging.LogRecord) -> dict[str, str]:
        moment = datetime.fromtimestamp(record.created, tz=UTC)
        return {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "request_id": _request_id(record),
            "level": _LEVELS.get(record.levelname, record.levelname),
            "logger": record.name,
            "message": redact(self._message(record)),
        }

    def _message(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        if record.exc_info and not isinstance(record.exc_info, bool):
            message = f"{message}\n{self.formatException(record.exc_info)}"
        return message

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - logging's name
        if self.verbatim:
            return super().formatException(ei)
        return "\n".join(_places(ei[1])) if ei[1] is not None else ""


def _request_id(record: logging.LogRecord) -> str:
    """Django tells of a refused request after our middleware is done with it, but hands the request along."""
    for holder in (record, getattr(record, "request", None)):
        found = getattr(holder, "request_id", None)
        if isinstance(found, str):
            return found
    return current_request_id()


def _places(error: BaseException) -> list[str]:
    """Types and places of an exception and what it came from, outermost first, without the texts."""
    lines = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        told = f": {current}" if isinstance(current, _TELLING) else ""
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}{told}")
        lines.extend(f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(current.__traceback__))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return lines


class TextFormatter(_Formatter):
    """`2026-11-24T10:00:00.123Z 4f0c… ERROR scoring.services Grading failed`; line breaks stand as `\\n`."""

    def format(self, record: logging.LogRecord) -> str:
        fields = self.fields(record)
        fields["logger"] = fields["logger"].replace(" ", "_")
        return " ".join(fields.values()).translate(_CONTROL)


class JsonFormatter(_Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.fields(record), ensure_ascii=False)


class StrangersMistake(logging.Filter):
    """Makes a warning of it: whoever scans the internet with made-up host names must not wake a person."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
        return True


FORMATTERS: dict[str, type[_Formatter]] = {"text": TextFormatter, "json": JsonFormatter}


def logging_config(*, level: str, log_format: str, verbatim: bool) -> dict[str, Any]:
    """The `LOGGING` setting: everything to stderr through one handler. `verbatim` also tells exceptions' texts."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": FORMATTERS[log_format], "verbatim": verbatim}},
        "filters": {"strangers_mistake": {"()": StrangersMistake}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django adds handlers of its own to these two.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "django.security.DisallowedHost": {"filters": ["strangers_mistake"]},
            # At DEBUG these tell statements with their values, and job arguments.
            "django.db.backends": {"level": "INFO"},
            "procrastinate": {"level": "INFO" if level == "DEBUG" else level},
            # Every command would tell which tasks there are.
            "procrastinate.blueprints": {"level": "WARNING"},
            "procrastinate.periodic": {"level": "WARNING"},
            # At INFO its pool tells of every connection lent.
            "psycopg": {"level": "WARNING"},
        },
    }
