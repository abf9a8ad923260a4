"""Request headers that several operations read."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from rubrics.domain.errors import FieldProblem, Malformed

MAX_KEY_CHARACTERS = 255

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": MAX_KEY_CHARACTERS, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="The same key and body: the answer that was given the first time. A UUID, for example.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "minLength": 1, "maxLength": 200},
    OpenApiParameter.HEADER,
    description="The ETag of the copy that is changed: 412 when it is not the stored one any more.",
)


def idempotency_key(request: Request) -> str | None:
    """The caller's key for this request. Raises Malformed for what can't be one."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 1 <= len(key) <= MAX_KEY_CHARACTERS or not key.isascii() or not key.isprintable():
        message = f"An Idempotency-Key is 1 to {MAX_KEY_CHARACTERS} printable ASCII characters, such as a UUID."
        raise Malformed(message, fields=(FieldProblem("Idempotency-Key", message),))
    return key
