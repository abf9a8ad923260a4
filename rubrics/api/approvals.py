"""Putting a version into use, and taking it out."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.api.answers import VersionQuery, actor_named, rubric_response, version_asked_for
from rubrics.domain.document import RubricDocument, Text
from rubrics.http import Body, read_body
from rubrics.http.headers import IDEMPOTENCY_KEY
from rubrics.http.openapi import ETAG, parameters_of, refusals
from rubrics.services import (
    rubric_version_approve,
    rubric_version_archive,
    rubric_version_read,
    rubric_version_to_edit,
)


class ApprovalBody(Body):
    """note: why, for whoever reads the version's history."""

    note: Text = ""


class RubricApproveView(APIView):
    required_scope = "admin"
    service = "rubrics"

    @extend_schema(
        operation_id="rubric_approve",
        parameters=[*parameters_of(VersionQuery), IDEMPOTENCY_KEY, ETAG],
        request=ApprovalBody,
        responses={200: RubricDocument, **refusals(409)},
    )
    def post(self, request: Request, rubric_id: str) -> Response:
        """Run the checks and approve; the newest version unless ?version= is given. Refused while there are errors."""
        body = read_body(ApprovalBody, request.data)
        version = rubric_version_approve(
            rubric_version=rubric_version_to_edit(rubric_id=rubric_id, version=version_asked_for(request)),
            by=str(request.user),
            at=timezone.now(),
            note=body.note,
            actor=actor_named(request),
        )
        return rubric_response(version)


class RubricArchiveView(APIView):
    required_scope = "admin"
    service = "rubrics"

    @extend_schema(
        operation_id="rubric_archive",
        parameters=[*parameters_of(VersionQuery), IDEMPOTENCY_KEY, ETAG],
        request=None,
        responses={200: RubricDocument, **refusals(409)},
    )
    def post(self, request: Request, rubric_id: str) -> Response:
        """Take an approved version out of use, the latest approved one by default. Its gradings stay."""
        version = rubric_version_read(rubric_id=rubric_id, version=version_asked_for(request))
        at, actor = timezone.now(), actor_named(request)
        return rubric_response(rubric_version_archive(rubric_version=version, at=at, actor=actor))
