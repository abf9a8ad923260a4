"""Drafts: saved in place, copied, rolled back to, started from a template."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from pydantic import Field, StringConstraints
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.api.answers import VersionQuery, actor_named, etag, person_of, rubric_response, version_asked_for
from rubrics.domain.document import RubricDocument, Slug, Version, rubric_from_mapping
from rubrics.domain.drafts import StaleDraft
from rubrics.domain.errors import Malformed
from rubrics.http import Body, read_body
from rubrics.http.headers import IDEMPOTENCY_KEY, IF_MATCH_REQUIRED, attempt_of, if_match
from rubrics.http.openapi import ETAG, parameters_of, refusals
from rubrics.models import RubricVersion
from rubrics.services import (
    rubric_copy,
    rubric_draft_save,
    rubric_from_template,
    rubric_roll_back,
    rubric_version_to_edit,
)
from rubrics.services.retries import version_once

Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]


class RubricDraftView(APIView):
    required_scope = "rubrics"
    service = "rubrics"

    @extend_schema(
        operation_id="rubric_draft_save",
        parameters=[*parameters_of(VersionQuery), IF_MATCH_REQUIRED, ETAG],
        request=RubricDocument,
        responses={200: RubricDocument, **refusals(404, 409)},
    )
    def put(self, request: Request, rubric_id: str) -> Response:
        """Change a draft in place, the newest version by default. If-Match is required: the ETag of the copy you had.

        Answers 412 when somebody saved in between; `fields` names what your document would change in theirs.
        """
        draft = rubric_version_to_edit(rubric_id=rubric_id, version=version_asked_for(request))
        expected = if_match(request)
        if expected is None:
            raise Malformed("Send If-Match with the ETag of the copy you changed, so that nobody's work is lost.")
        if not isinstance(request.data, dict):
            raise Malformed("A rubric is a JSON object. Send the whole document.")
        if expected != etag(draft):
            # The tag names the copy by the beginning of its hash only, so the refusal is made here.
            raise StaleDraft(stored=draft.document, offered=rubric_from_mapping(request.data))
        saved = rubric_draft_save(
            rubric_version=draft,
            content=request.data,
            expected_sha256=draft.content_sha256,
            author_id=person_of(request),
            at=timezone.now(),
            actor=actor_named(request),
        )
        return rubric_response(saved)


class CopyBody(Body):
    """rubric_id: the new rubric's name. title: that of the original by default."""

    rubric_id: Slug
    title: Title | None = None


class RubricCopyView(APIView):
    required_scope = "rubrics"
    service = "rubrics"

    @extend_schema(
        operation_id="rubric_copy",
        parameters=[*parameters_of(VersionQuery), IDEMPOTENCY_KEY, ETAG],
        request=CopyBody,
        responses={201: RubricDocument, **refusals(404, 409)},
    )
    def post(self, request: Request, rubric_id: str) -> Response:
        """A new rubric, 1.0.0 and a draft, with the content of the newest version or of ?version=."""
        body = read_body(CopyBody, request.data)
        source = rubric_version_to_edit(rubric_id=rubric_id, version=version_asked_for(request))
        make = partial(rubric_copy, rubric_version=source, rubric_id=body.rubric_id, title=body.title)
        return _made_once(request, "copy rubric", make)


class TemplateBody(Body):
    template: Annotated[str, Field(max_length=100)]
    rubric_id: Slug
    title: Title


class RubricFromTemplateView(APIView):
    required_scope = "rubrics"
    service = "rubrics"

    @extend_schema(
        operation_id="rubric_from_template",
        parameters=[IDEMPOTENCY_KEY, ETAG],
        request=TemplateBody,
        responses={201: RubricDocument, **refusals(404, 409)},
    )
    def post(self, request: Request) -> Response:
        """A new rubric, 1.0.0 and a draft, from `blank`, `history`, `presentation` or a station of the library."""
        body = read_body(TemplateBody, request.data)
        make = partial(rubric_from_template, template=body.template, rubric_id=body.rubric_id, title=body.title)
        return _made_once(request, "start rubric", make)


class RollBackBody(Body):
    """version: the earlier version to return to, X.Y.Z."""

    version: Version


class RubricRollBackView(APIView):
    required_scope = "rubrics"
    service = "rubrics"

    @extend_schema(
        operation_id="rubric_roll_back",
        parameters=[IDEMPOTENCY_KEY, ETAG],
        request=RollBackBody,
        responses={201: RubricDocument, **refusals(404, 409)},
    )
    def post(self, request: Request, rubric_id: str) -> Response:
        """Store an earlier version's content as the next draft; every version between stays."""
        wanted = read_body(RollBackBody, request.data).version
        earlier = rubric_version_to_edit(rubric_id=rubric_id, version=wanted)
        return _made_once(request, "roll back rubric", partial(rubric_roll_back, rubric_version=earlier))


def _made_once(request: Request, route: str, make: Callable[..., RubricVersion]) -> Response:
    """A new draft, or the one that this request made when it came before under the same Idempotency-Key."""
    at, actor = timezone.now(), actor_named(request)
    version = version_once(
        attempt=attempt_of(request, owner=actor, route=route),
        at=at,
        make=lambda: make(author_id=person_of(request), at=at, actor=actor),
    )
    return rubric_response(version, status.HTTP_201_CREATED)
