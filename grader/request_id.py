"""One id for each request: in its log lines, in its errors and in the `X-Request-ID` header of its answer."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
NO_REQUEST = "-"
_GIVEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,63}")

_current: ContextVar[str] = ContextVar("request_id", default=NO_REQUEST)


def current_request_id() -> str:
    """The id of the request being answered, `-` outside one."""
    return _current.get()


class RequestIdMiddleware:
    """Takes over a plain id from the proxy, so that its log and ours can be joined; makes one otherwise.

    Anything but letters, digits and hyphens is replaced: an id stands in log lines, where a space or a line break
    would let a client write lines of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        token = _current.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response[HEADER] = request_id
        return response
