"""One rubric: read, changed, deleted."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from pydantic import Field, JsonValue, RootModel
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.api.answers import VersionQuery, actor_named, etag, person_of, rubric_response, version_asked_for
from rubrics.domain.document import RubricDocument
from rubrics.domain.errors import Malformed, Stale
from rubrics.domain.identity import document_as_json
from rubrics.domain.patching import MAX_OPERATIONS, patched
from rubrics.http import Body, read_body
from rubrics.http.headers import IF_MATCH, if_match
from rubrics.http.openapi import ETAG, parameters_of, refusals
from rubrics.models import RubricVersion
from rubrics.parsers import JsonPatchParser, StrictJsonParser
from rubrics.services import (
    rubric_version_delete,
    rubric_version_read,
    rubric_version_revise,
    rubric_version_to_edit,
)

Pointer = Annotated[str, Field(pattern="^(/[^/\x00]*)+$", description="A JSON Pointer (RFC 6901).")]


class ValueOperation(Body):
    op: Literal["add", "replace", "test"]
    path: Pointer
    value: JsonValue


class RemoveOperation(Body):
    op: Literal["remove"]
    path: Pointer


class CopyOperation(Body):
    op: Literal["move", "copy"]
    path: Pointer
    from_: Annotated[Pointer, Field(alias="from")]


Operations = Annotated[
    list[ValueOperation | RemoveOperation | CopyOperation], Field(min_length=1, max_length=MAX_OPERATIONS)
]


class JsonPatch(RootModel[Operations]):
    """RFC 6902; all operations apply, or none."""


class PatchObject(Body):
    operations: Operations


class RubricPatch(RootModel[PatchObject | Operations]):
    """The operations, or an object that holds them."""


class OperationsGiven(Body):
    """Only that they are there; `patched` reads them and names the one at fault."""

    operations: list[Any]


_CHANGES = [*parameters_of(VersionQuery), IF_MATCH, ETAG]


class RubricView(APIView):
    """One rubric. Without ?version=, reading gives the latest approved version and editing starts from the newest."""

    required_scope = {"GET": "read", "HEAD": "read", "OPTIONS": "read", "*": "rubrics"}  # noqa: RUF012
    service = "rubrics"
    parser_classes = (StrictJsonParser, JsonPatchParser)

    @extend_schema(
        operation_id="rubric_read", parameters=[*parameters_of(VersionQuery), ETAG], responses={200: RubricDocument}
    )
    def get(self, request: Request, rubric_id: str) -> Response:
        """The latest approved version, or the one asked for."""
        return rubric_response(rubric_version_read(rubric_id=rubric_id, version=version_asked_for(request)))

    @extend_schema(
        operation_id="rubric_replace",
        parameters=_CHANGES,
        request=RubricDocument,
        responses={200: RubricDocument, **refusals(409)},
    )
    def put(self, request: Request, rubric_id: str) -> Response:
        """Store a changed document as the next draft."""
        base = _base(request, rubric_id)
        if not isinstance(request.data, dict):
            raise Malformed("A rubric is a JSON object. Send the whole document.")
        return _revised(request, base, request.data)

    @extend_schema(
        operation_id="rubric_patch",
        parameters=_CHANGES,
        request={"application/json-patch+json": JsonPatch, "application/json": RubricPatch},
        responses={200: RubricDocument, **refusals(409)},
    )
    def patch(self, request: Request, rubric_id: str) -> Response:
        """Apply RFC 6902 operations and store the result as the next draft."""
        base = _base(request, rubric_id)
        given = request.data
        operations = given if isinstance(given, list) else read_body(OperationsGiven, given).operations
        return _revised(request, base, patched(document_as_json(base.document), operations))

    @extend_schema(
        operation_id="rubric_delete",
        parameters=[*parameters_of(VersionQuery), IF_MATCH],
        responses={204: None, **refusals(409)},
    )
    def delete(self, request: Request, rubric_id: str) -> Response:
        """Delete a draft, the newest version unless another is named."""
        rubric_version_delete(rubric_version=_base(request, rubric_id), at=timezone.now(), actor=actor_named(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _base(request: Request, rubric_id: str) -> RubricVersion:
    base = rubric_version_to_edit(rubric_id=rubric_id, version=version_asked_for(request))
    expected = if_match(request)
    if expected not in (None, "*", etag(base)):
        raise Stale("Somebody changed this rubric since you read it. Read it again and repeat your change.")
    return base


def _revised(request: Request, base: RubricVersion, content: dict[str, Any]) -> Response:
    version = rubric_version_revise(
        base=base, content=content, author_id=person_of(request), at=timezone.now(), actor=actor_named(request)
    )
    return rubric_response(version)
