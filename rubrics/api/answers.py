"""What the endpoints of rubrics share. Every answer that is a rubric is the document itself, with its ETag."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from rubrics.audit import actor_of
from rubrics.domain.document import Version
from rubrics.domain.identity import document_as_json
from rubrics.http.queries import Query, read_query
from rubrics.models import RubricVersion


class VersionQuery(Query):
    version: Annotated[Version | None, Field(description="X.Y.Z")] = None


def version_asked_for(request: Request) -> str | None:
    return read_query(VersionQuery, request.query_params).version


def rubric_response(version: RubricVersion, http_status: int = status.HTTP_200_OK) -> Response:
    return Response(document_as_json(version.document), status=http_status, headers={"ETag": etag(version)})


def etag(version: RubricVersion) -> str:
    """Changes with content and state."""
    return f'"{version.content_sha256[:32]}-{version.status}"'


def person_of(request: Request) -> int | None:
    pk = request.user.pk
    return pk if isinstance(pk, int) else None


def actor_named(request: Request) -> str:
    """As the audit trail names them: a person by number, a key by its prefix."""
    pk = request.user.pk
    return actor_of(pk) if isinstance(pk, int) else f"key:{str(pk).removeprefix('key-')}"
