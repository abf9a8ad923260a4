"""Rubrics and their versions: listed, and a new one stored."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.api.answers import actor_named, person_of, rubric_response
from rubrics.domain.document import RubricDocument, RubricStatus, Slug, Version, rubric_from_mapping
from rubrics.http import Answer
from rubrics.http.headers import IDEMPOTENCY_KEY, attempt_of
from rubrics.http.openapi import ETAG, parameters_of, refusals
from rubrics.http.pages import PageQuery, Sort, SparseFields, page_of, sparse_fields
from rubrics.http.queries import read_query
from rubrics.models import RubricVersion
from rubrics.parsers import StrictJsonParser
from rubrics.querysets import RubricVersionQuerySet
from rubrics.services import rubric_version_create, rubric_version_to_edit
from rubrics.services.retries import version_once

_NEWEST_VERSION_FIRST = (Sort("major", descending=True), Sort("minor", descending=True), Sort("patch", descending=True))
_PATHS = {"rubric_id": "rubric__rubric_id"}
_Words = Annotated[str | None, Field(max_length=300, pattern=r"^[^\x00]*$")]


class VersionsQuery(PageQuery):
    fields: SparseFields | None = None


class RubricQuery(VersionsQuery):
    """title: any part of it; specialty: the whole of it; neither minds the case."""

    rubric_id: _Words = None
    status: RubricStatus | None = None
    specialty: _Words = None
    title: _Words = None
    ordering: Literal[
        "rubric_id", "-rubric_id", "title", "-title", "created_at", "-created_at", "updated_at", "-updated_at"
    ] = "rubric_id"

    def filtered(self, versions: RubricVersionQuerySet) -> RubricVersionQuerySet:
        equal = {
            "rubric__rubric_id": self.rubric_id,
            "status": self.status,
            "specialty__iexact": self.specialty,
            "title__icontains": self.title,
        }
        return versions.filter(**{name: value for name, value in equal.items() if value is not None})

    def sorts(self) -> tuple[Sort, ...]:
        """By what was asked for, then by rubric, then newest version first."""
        name = self.ordering.removeprefix("-")
        first = Sort(_PATHS.get(name, name), descending=self.ordering.startswith("-"))
        by_rubric = () if name == "rubric_id" else (Sort("rubric__rubric_id"),)
        return (first, *by_rubric, *_NEWEST_VERSION_FIRST)


class RubricSummary(Answer):
    """A version in a list. With ?fields= it has those fields alone."""

    rubric_id: Slug
    version: Version
    status: RubricStatus
    title: str
    specialty: str
    content_sha256: str
    created_at: datetime
    updated_at: datetime

    model_config = Answer.model_config | {"json_schema_extra": {"required": []}}


class RubricPage(Answer):
    next: Annotated[str | None, Field(description="Address of the next page; null on the last one.")]
    previous: str | None
    results: list[RubricSummary]


def _row(version: RubricVersion) -> dict[str, Any]:
    return {
        "rubric_id": version.rubric.rubric_id,
        "version": version.version,
        "status": version.status,
        "title": version.title,
        "specialty": version.specialty,
        "content_sha256": version.content_sha256,
        "created_at": version.created_at,
        "updated_at": version.updated_at,
    }


class RubricListView(APIView):
    required_scope = {"GET": "read", "HEAD": "read", "OPTIONS": "read", "POST": "rubrics"}  # noqa: RUF012
    service = "rubrics"
    parser_classes = (StrictJsonParser,)

    @extend_schema(operation_id="rubrics_list", parameters=parameters_of(RubricQuery), responses={200: RubricPage})
    def get(self, request: Request) -> Response:
        """Every version of every rubric, newest version first within its rubric."""
        query = read_query(RubricQuery, request.query_params)
        versions = query.filtered(RubricVersion.objects.select_related("rubric").defer("content"))
        only = sparse_fields(query.fields, RubricSummary.model_fields)
        return Response(page_of(request, versions, query=query, sorts=query.sorts(), as_json=_row, only=only))

    @extend_schema(
        operation_id="rubric_create",
        parameters=[IDEMPOTENCY_KEY, ETAG],
        request=RubricDocument,
        responses={201: RubricDocument, **refusals(409)},
    )
    def post(self, request: Request) -> Response:
        """Store a document as a draft; a posted status is ignored."""
        document, at, actor = rubric_from_mapping(request.data), timezone.now(), actor_named(request)
        version = version_once(
            attempt=attempt_of(request, owner=actor, route="create rubric"),
            at=at,
            make=lambda: rubric_version_create(document=document, author_id=person_of(request), at=at, actor=actor),
        )
        return rubric_response(version, status.HTTP_201_CREATED)


class RubricVersionsView(APIView):
    required_scope = "read"
    service = "rubrics"

    @extend_schema(operation_id="rubric_versions", parameters=parameters_of(VersionsQuery), responses={200: RubricPage})
    def get(self, request: Request, rubric_id: str) -> Response:
        """The versions of one rubric, newest first."""
        query = read_query(VersionsQuery, request.query_params)
        newest = rubric_version_to_edit(rubric_id=rubric_id, version=None)
        versions = RubricVersion.objects.of(newest.rubric.rubric_id).defer("content")
        only = sparse_fields(query.fields, RubricSummary.model_fields)
        return Response(page_of(request, versions, query=query, sorts=_NEWEST_VERSION_FIRST, as_json=_row, only=only))
