"""What every operation of the API has in common, added to the OpenAPI document: errors, headers, security.

An operation lists its own successes; how it may refuse follows from what it takes. A status that an operation can
answer and that is missing here makes the API tests fail.
"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from grader.api_examples import request_examples
from grader.errors import CODE_OF_STATUS
from rubrics.domain.document import Slug
from rubrics.http.errors import Error
from rubrics.http.json_schema import WireSchema, schemas_of

_MEANING = {
    400: "The address, a header or the body can't be read.",
    401: "Neither a session nor a key.",
    403: "A wrong key, or a scope that is missing.",
    404: "Unknown, or not the caller's.",
    406: "No answer in that media type.",
    409: "The state forbids it.",
    412: "If-Match names an older copy.",
    413: "Over a size limit.",
    415: "A media type or file that is not read.",
    422: "Well-formed, but can't be graded.",
    429: "Too many requests.",
    500: "Our fault; nothing was stored.",
}
_ALWAYS = (400, 401, 403, 406, 429, 500)
_PUBLIC = {"/api", "/api/schema"}


def _link(operation: str, **parameters: str) -> dict[str, Any]:
    return {"operationId": operation, "parameters": parameters}


_TO_GRADING = {"grading_id": "$response.body#/grading_id"}
_TO_VERSION = {"rubric_id": "$response.body#/rubric_id", "version": "$response.body#/version"}
_TO_BATCH = {"batch_id": "$response.body#/batch_id"}
_VERSION_LINKS = {name: _link(name, **_TO_VERSION) for name in ("rubric_read", "rubric_patch", "rubric_delete")}
_LINKS: dict[str, dict[str, dict[str, Any]]] = {
    "grade": {
        "201": {name: _link(name, **_TO_GRADING) for name in ("grading_read", "grading_verify", "grading_decisions")}
    },
    "rubric_create": {"201": {**_VERSION_LINKS, "rubric_approve": _link("rubric_approve", **_TO_VERSION)}},
    "rubric_replace": {"200": _VERSION_LINKS},
    "rubric_patch": {"200": _VERSION_LINKS},
    "rubric_approve": {"200": {"rubric_archive": _link("rubric_archive", **_TO_VERSION)}},
    "batch_create": {"202": {name: _link(name, **_TO_BATCH) for name in ("batch_read", "batch_cancel")}},
}
"""What can be done next with what an answer holds, by operation and status."""

_REQUEST_ID = {
    "schema": {"type": "string"},
    "description": "Names the request in the log and in errors.",
}
_PATH_SCHEMAS = {"rubric_id": TypeAdapter(Slug).json_schema(schema_generator=WireSchema)}
"""What a part of the address looks like, where bodies name the same thing. Any other address answers 404."""
_RETRY_AFTER = {"schema": {"type": "integer", "minimum": 1}, "required": True, "description": "Seconds to wait."}


def with_common_answers(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """drf-spectacular's postprocessing hook."""
    described, parts = schemas_of(Error)
    result.setdefault("components", {}).setdefault("schemas", {}).update({"Error": described, **parts})
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return result


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    for status in _refusals(path, method, operation):
        responses.setdefault(str(status), _refusal(status))
    for answer in responses.values():
        answer.setdefault("headers", {})["X-Request-ID"] = _REQUEST_ID
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path" and parameter["name"] in _PATH_SCHEMAS:
            parameter["schema"] = _PATH_SCHEMAS[parameter["name"]]
    example = request_examples().get(operation["operationId"])
    if example is not None:
        operation["requestBody"]["content"]["application/json"]["example"] = example
    for answered, links in _LINKS.get(operation["operationId"], {}).items():
        responses[answered]["links"] = links
    operation["responses"] = dict(sorted(responses.items()))


def _refusals(path: str, method: str, operation: dict[str, Any]) -> set[int]:
    if path in _PUBLIC:
        return {400, 403, 406, 429, 500}
    found = set(_ALWAYS)
    if "{" in path:
        found.add(404)
    if "requestBody" in operation or method in {"post", "put", "patch"}:
        found |= {413, 415}
    headers = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "header"}
    if "If-Match" in headers:
        found.add(412)
    if "Idempotency-Key" in headers:
        found |= {409, 422}
    return found


def _refusal(status: int) -> dict[str, Any]:
    headers: dict[str, Any] = {"Retry-After": _RETRY_AFTER} if status == 429 else {}  # noqa: PLR2004
    return {
        "description": _MEANING.get(status, CODE_OF_STATUS.get(status, "")),
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        "headers": headers,
    }
