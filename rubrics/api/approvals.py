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
from rubrics.http.headers import IDEMPOTENCY_KEY, attempt_of
from rubrics.http.openapi import ETAG, parameters_of, refusals
from rubrics.models import RubricVersion
from rubrics.services import (
    rubric_version_approve,
    rubric_version_archive,
    rubric_version_read,
    rubric_version_to_edit,
)
from rubrics.services.retries import version_once


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
        body, at, actor = read_body(ApprovalBody, request.data), timezone.now(), actor_named(request)
        wanted = version_asked_for(request)

        def approve() -> RubricVersion:
            draft = rubric_version_to_edit(rubric_id=rubric_id, version=wanted)
            return rubric_version_approve(
                rubric_version=draft, by=str(request.user), at=at, note=body.note, actor=actor
            )

        attempt = attempt_of(request, owner=actor, route="approve rubric")
        return rubric_response(version_once(attempt=attempt, at=at, make=approve))


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
        wanted, at, actor = version_asked_for(request), timezone.now(), actor_named(request)

        def archive() -> RubricVersion:
            approved = rubric_version_read(rubric_id=rubric_id, version=wanted)
            return rubric_version_archive(rubric_version=approved, at=at, actor=actor)

        attempt = attempt_of(request, owner=actor, route="archive rubric")
        return rubric_response(version_once(attempt=attempt, at=at, make=archive))
