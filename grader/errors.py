"""The one place that knows which refusal is which HTTP status, and the one shape in which errors answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response

from grader.request_id import current_request_id
from rubrics.domain.errors import (
    FieldProblem,
    Forbidden,
    Malformed,
    NotFound,
    NotUnderstood,
    Refusal,
    Stale,
    TooLarge,
    Ungradable,
    UnsupportedFormat,
    WrongState,
)

STATUS_OF_REFUSAL: dict[type[Refusal], int] = {
    Malformed: status.HTTP_400_BAD_REQUEST,
    Forbidden: status.HTTP_403_FORBIDDEN,
    NotFound: status.HTTP_404_NOT_FOUND,
    WrongState: status.HTTP_409_CONFLICT,
    Stale: status.HTTP_412_PRECONDITION_FAILED,
    TooLarge: status.HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    UnsupportedFormat: status.HTTP_415_UNSUPPORTED_MEDIA_TYPE,
    Ungradable: status.HTTP_422_UNPROCESSABLE_ENTITY,
    NotUnderstood: status.HTTP_422_UNPROCESSABLE_ENTITY,
}

CODE_OF_STATUS = {
    400: "malformed",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    429: "throttled",
    500: "server_error",
}


def error_body(code: str, message: str, fields: Sequence[FieldProblem] = ()) -> dict[str, Any]:
    return {
        "error": {
            "code": code,
            "message": _shown(message),
            "fields": [{"field": _shown(problem.field), "message": _shown(problem.message)} for problem in fields],
            "request_id": current_request_id(),
        }
    }


def _shown(text: str) -> str:
    """What a caller sent may be quoted; a NUL in it would end the text for half of all programs."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's hook. None lets a programming error become a 500, which `server_error` words."""
    if isinstance(exc, Refusal):
        return Response(error_body(exc.code, exc.message, exc.fields), status=_status_of(exc))
    if isinstance(exc, Http404):
        exc = exceptions.NotFound("There is nothing here, or it is not yours. Check the address.")
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if not isinstance(exc, exceptions.APIException):
        return None
    return _framework_answer(exc)


def _status_of(refusal: Refusal) -> int:
    return next(number for kind, number in STATUS_OF_REFUSAL.items() if isinstance(refusal, kind))


def _framework_answer(exc: exceptions.APIException) -> Response:
    headers = {}
    scheme = getattr(exc, "auth_header", None)
    if scheme:
        headers["WWW-Authenticate"] = str(scheme)
    wait = getattr(exc, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    problems = tuple(_flatten(exc.detail)) if isinstance(exc, exceptions.ValidationError) else ()
    message = _message(exc, problems)
    code = CODE_OF_STATUS.get(exc.status_code, "refused")
    return Response(error_body(code, message, problems), status=exc.status_code, headers=headers)


def _message(exc: exceptions.APIException, problems: Sequence[FieldProblem]) -> str:
    if problems:
        return f"{problems[0].field}: {problems[0].message}" if problems[0].field else problems[0].message
    return str(exc.detail)


def _flatten(detail: Any, path: str = "") -> list[FieldProblem]:
    """REST framework nests its validation errors by field; ours are a flat list with dotted paths."""
    if isinstance(detail, dict):
        steps = [("" if key == "non_field_errors" else str(key), value) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        steps = [(str(index), value) for index, value in enumerate(detail)]
    elif isinstance(detail, list):
        return [FieldProblem(path, str(item)) for item in detail]
    else:
        return [FieldProblem(path, str(detail))]
    return [
        problem for step, value in steps for problem in _flatten(value, ".".join(part for part in (path, step) if part))
    ]


def json_error(number: int, message: str, code: str | None = None) -> JsonResponse:
    return JsonResponse(error_body(code or CODE_OF_STATUS[number], message), status=number)


def wants_json(request: HttpRequest) -> bool:
    """The API answers errors as JSON, pages as pages."""
    return request.path.startswith("/api") or not request.accepts("text/html")
