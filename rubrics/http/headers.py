"""Request headers that several operations read."""

from __future__ import annotations

import hashlib
import json
import re

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from rubrics.domain.errors import FieldProblem, Malformed
from rubrics.services.retries import Attempt

MAX_KEY_CHARACTERS = 255
MAX_ETAG_CHARACTERS = 200
_KEY_CHARACTER = "[!-~]"
_KEY = re.compile(f"{_KEY_CHARACTER}{{1,{MAX_KEY_CHARACTERS}}}")

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": MAX_KEY_CHARACTERS, "pattern": f"^{_KEY_CHARACTER}+$"},
    OpenApiParameter.HEADER,
    description="The same key and body: the answer that was given the first time. A UUID, for example.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "minLength": 1, "maxLength": MAX_ETAG_CHARACTERS},
    OpenApiParameter.HEADER,
    description="The ETag of the copy that is changed: 412 when it is not the stored one any more.",
)
IF_MATCH_REQUIRED = OpenApiParameter(
    "If-Match",
    {"type": "string", "minLength": 1, "maxLength": MAX_ETAG_CHARACTERS},
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the copy that you had: 412 when it is not the stored one any more.",
)


def if_match(request: Request) -> str | None:
    """The copy that the caller has. Raises Malformed for what is no ETag."""
    given = request.headers.get("If-Match")
    if given is not None and not 1 <= len(given) <= MAX_ETAG_CHARACTERS:
        message = "Send the ETag of the rubric as it was answered, quotes included."
        raise Malformed(f"If-Match: {message}", fields=(FieldProblem("If-Match", message),))
    return given


def attempt_of(request: Request, *, owner: str, route: str) -> Attempt | None:
    """The request as one of possibly several attempts; None without an Idempotency-Key. Raises Malformed."""
    key = idempotency_key(request)
    return None if key is None else Attempt(owner, route, key, body_sha256(request))


def body_sha256(request: Request) -> str:
    """Of what was asked: parsed, so that spaces don't matter, with the address."""
    asked = json.dumps([request.get_full_path(), request.data], sort_keys=True, default=str)
    return hashlib.sha256(asked.encode()).hexdigest()


def idempotency_key(request: Request) -> str | None:
    """The caller's key for this request. Raises Malformed for what can't be one."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        message = f"An Idempotency-Key is 1 to {MAX_KEY_CHARACTERS} ASCII characters without spaces, such as a UUID."
        raise Malformed(message, fields=(FieldProblem("Idempotency-Key", message),))
    return key
