"""What views say of themselves in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from rubrics.http.errors import Error
from rubrics.http.json_schema import schemas_of
from rubrics.http.queries import Query

ETAG = OpenApiParameter(
    "ETag",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description="Names this copy; send it back in If-Match to change no other.",
    response=[200, 201],
)

LOCATION = OpenApiParameter(
    "Location",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description="The address of what was made.",
    response=[201, 202],
)
_MEANING = {
    404: "Unknown, or not the caller's.",
    409: "The state forbids it.",
    413: "Over a size limit.",
    415: "A file that is not read.",
    422: "Well-formed, but it can't be graded, or the Idempotency-Key was used with another body.",
}


def refusals(*statuses: int) -> dict[int, OpenApiResponse]:
    """Statuses of an operation beyond those that every operation has (grader.api_contract)."""
    return {status: OpenApiResponse(Error, description=_MEANING[status]) for status in statuses}


def parameters_of(model: type[Query]) -> list[OpenApiParameter]:
    described, _ = schemas_of(model)
    required = described.get("required", [])
    return [
        OpenApiParameter(
            name,
            _without_null(schema),
            OpenApiParameter.QUERY,
            required=name in required,
            description=schema.pop("description", ""),
        )
        for name, schema in described["properties"].items()
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that is left out is left out; there is no null in an address."""
    variants = [variant for variant in schema.pop("anyOf", []) if variant != {"type": "null"}]
    if schema.get("default", 0) is None:
        del schema["default"]
    return {**schema, **variants[0]} if len(variants) == 1 else schema
