"""Holds every answer of the API to the OpenAPI document, in whichever test it is given.

The fixture `client` of every test is a `ConformingClient`: a status, header or body that the document does not have
fails the test that got it.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker


@lru_cache(maxsize=1)
def openapi() -> dict[str, Any]:
    """The document as /api/schema serves it."""
    document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return dict(json.loads(json.dumps(document)))


@lru_cache(maxsize=1)
def _paths() -> list[tuple[re.Pattern[str], str]]:
    """Literal paths first: /api/rubrics/templates is not a rubric of that name."""
    ordered = sorted(openapi()["paths"], key=lambda path: ("{" in path, path))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in ordered]


def operation_of(method: str, address: str) -> tuple[str, dict[str, Any]] | None:
    path = urlsplit(address).path.rstrip("/")
    for pattern, template in _paths():
        if pattern.fullmatch(path):
            found = openapi()["paths"][template].get(method.lower())
            return None if found is None else (template, found)
    return None


@lru_cache(maxsize=512)
def _validator(path: str, method: str, status: str, media_type: str) -> Draft202012Validator:
    steps = ("paths", path, method.lower(), "responses", status, "content", media_type, "schema")
    reference = "#/" + "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
    return Draft202012Validator({**openapi(), "$ref": reference}, format_checker=FormatChecker())


def assert_conforms(method: str, address: str, response: HttpResponse) -> None:
    """Raises AssertionError when the document does not have this answer."""
    found = operation_of(method, address)
    if found is None:
        assert response.status_code in {404, 405}, f"{method} {address} is not in the OpenAPI document"
        return
    path, operation = found
    status = str(response.status_code)
    where = f"{method} {path} answered {status}"
    assert status in operation["responses"], f"{where}, which is not documented: {response.content[:300]!r}"
    answer = operation["responses"][status]
    missing = [
        name for name, header in answer["headers"].items() if header.get("required") and name not in response.headers
    ]
    assert missing == [], f"{where} without its headers"
    assert "X-Request-ID" in response.headers, f"{where} without X-Request-ID"
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    if "content" not in answer:
        assert not response.content, f"{where} with a body, and none is documented"
        return
    assert media_type in answer["content"], f"{where} as {media_type}, which is not documented"
    if media_type != "application/json":
        return
    problems = [
        f"{'.'.join(map(str, problem.absolute_path))}: {problem.message[:300]}"
        for problem in _validator(path, method, status, media_type).iter_errors(json.loads(response.content))
    ]
    assert problems == [], f"{where} with a body that its schema does not allow: {problems[:3]}"


class ConformingClient(Client):
    """Django's test client, strict about the API."""

    def generic(self, method: str, path: str, *args: Any, **options: Any) -> Any:
        response = super().generic(method, path, *args, **options)
        browsed = "text/html" in response.headers.get("Content-Type", "")
        if urlsplit(str(path)).path.startswith("/api/") and not browsed:
            assert_conforms(method, str(path), response)
        return response
