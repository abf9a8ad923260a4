"""What changed between two versions."""

from __future__ import annotations

from typing import Annotated, Any

from drf_spectacular.utils import extend_schema
from pydantic import Field, JsonValue
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.domain.diff import Change, ChangeKind, rubric_changes
from rubrics.domain.document import Version
from rubrics.domain.identity import document_as_json
from rubrics.http import Answer
from rubrics.http.openapi import parameters_of
from rubrics.http.queries import Query, read_query
from rubrics.services import rubric_version_read


class DiffQuery(Query):
    from_: Annotated[Version, Field(alias="from", description="The older version, X.Y.Z.")]
    to: Annotated[Version, Field(description="The newer version, X.Y.Z.")]


class ChangeAnswer(Answer):
    """path: dotted, with ids of items in place of their positions. text: the change as a person would say it."""

    path: str
    kind: ChangeKind
    before: JsonValue
    after: JsonValue
    text: str


class RubricDiff(Answer):
    from_: Annotated[Version, Field(alias="from")]
    to: Version
    changes: list[ChangeAnswer]


class RubricDiffView(APIView):
    required_scope = "read"
    service = "rubrics"

    @extend_schema(operation_id="rubric_diff", parameters=parameters_of(DiffQuery), responses={200: RubricDiff})
    def get(self, request: Request, rubric_id: str) -> Response:
        """What changed between two versions, item by item, in sentences."""
        query = read_query(DiffQuery, request.query_params)
        before, after = _document(rubric_id, query.from_), _document(rubric_id, query.to)
        changes = [change_as_json(change) for change in rubric_changes(before, after)]
        return Response({"from": before["version"], "to": after["version"], "changes": changes})


def change_as_json(change: Change) -> dict[str, Any]:
    return {
        "path": change.path,
        "kind": change.kind.value,
        "before": change.before,
        "after": change.after,
        "text": change.text,
    }


def _document(rubric_id: str, version: str) -> dict[str, Any]:
    return document_as_json(rubric_version_read(rubric_id=rubric_id, version=version).document)
