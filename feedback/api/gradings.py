"""Stored gradings over HTTP: listed, read, verified."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback.api.answers import GradingAnswer, grading_as_json, utc_text
from rubrics.domain.document import Slug, Version
from rubrics.domain.errors import NotFound
from rubrics.http import Answer, Moment, Number
from rubrics.http.openapi import parameters_of
from rubrics.http.pages import PageQuery, Sort, SparseFields, page_of, sparse_fields
from rubrics.http.queries import read_query
from scoring.access import viewer_of
from scoring.models import Grading
from scoring.querysets import GradingQuerySet
from scoring.services import grading_verify

Ordering = Literal[
    "timestamp", "-timestamp", "overall_score", "-overall_score", "student_id", "-student_id", "uncertain_items",
    "-uncertain_items",
]  # fmt: skip
_PATHS = {"timestamp": "created_at", "student_id": "submission__student_id"}


class GradingQuery(PageQuery):
    """from_time included, until excluded; times with their zone, such as 2026-11-01T09:00:00Z."""

    student_id: Annotated[str | None, Field(max_length=100, pattern=r"^[^\x00]*$")] = None
    assessment: Annotated[int | None, Field(ge=1, le=2**63 - 1)] = None
    rubric_id: Annotated[str | None, Field(max_length=100, pattern=r"^[^\x00]*$")] = None
    rubric_version: Version | None = None
    since: Annotated[Moment | None, Field(description="This moment or later, with its zone.")] = None
    until: Annotated[Moment | None, Field(description="Before this moment, with its zone.")] = None
    uncertain: Annotated[bool | None, Field(description="With items too close to call, or without.")] = None
    ordering: Ordering = "-timestamp"
    fields: SparseFields | None = None

    def filtered(self, gradings: GradingQuerySet) -> GradingQuerySet:
        equal = {
            "submission__student_id": self.student_id,
            "submission__assessment": self.assessment,
            "rubric_version__rubric__rubric_id": self.rubric_id,
            "created_at__gte": self.since,
            "created_at__lt": self.until,
        }
        found = gradings.filter(**{name: value for name, value in equal.items() if value is not None})
        if self.rubric_version is not None:
            major, minor, patch = self.rubric_version.split(".")
            found = found.filter(rubric_version__major=major, rubric_version__minor=minor, rubric_version__patch=patch)
        if self.uncertain is not None:
            found = found.filter(uncertain_items__gt=0) if self.uncertain else found.filter(uncertain_items=0)
        return found

    def sorts(self) -> tuple[Sort, ...]:
        name = self.ordering.removeprefix("-")
        return Sort(_PATHS.get(name, name), descending=self.ordering.startswith("-")), Sort("id")


class GradingSummary(Answer):
    """A grading in a list, without the evidence. With ?fields= it has those fields alone."""

    grading_id: UUID
    rubric_id: Slug
    rubric_version: Version
    student_id: str
    assessment: int | None
    timestamp: datetime
    overall_score: Number
    uncertain_items: int
    warning_count: int
    engine_version: str
    digest: str

    model_config = Answer.model_config | {"json_schema_extra": {"required": []}}


class GradingPage(Answer):
    next: Annotated[str | None, Field(description="Address of the next page; null on the last one.")]
    previous: str | None
    results: list[GradingSummary]


def _row(grading: Grading) -> dict[str, Any]:
    return {
        "grading_id": str(grading.pk),
        "rubric_id": grading.rubric_version.rubric.rubric_id,
        "rubric_version": grading.rubric_version.version,
        "student_id": grading.submission.student_id,
        "assessment": grading.submission.assessment_id,
        "timestamp": utc_text(grading.created_at),
        "overall_score": float(grading.overall_score),
        "uncertain_items": grading.uncertain_items,
        "warning_count": grading.warning_count,
        "engine_version": grading.engine_version,
        "digest": grading.digest,
    }


class VerificationAnswer(Answer):
    """match is null when another engine version made the grading: it can't be repeated here, which proves nothing."""

    match: bool | None
    stored_digest: str
    recomputed_digest: str | None
    engine_version: str


class GradingListView(APIView):
    required_scope = "read"
    service = "grade"

    @extend_schema(operation_id="gradings_list", parameters=parameters_of(GradingQuery), responses={200: GradingPage})
    def get(self, request: Request) -> Response:
        """Gradings that the caller may see, newest first unless ordered otherwise."""
        query = read_query(GradingQuery, request.query_params)
        visible = Grading.objects.visible_to(viewer_of(request.user)).with_context().defer("result", "feedback")
        only = sparse_fields(query.fields, GradingSummary.model_fields)
        return Response(
            page_of(request, query.filtered(visible), query=query, sorts=query.sorts(), as_json=_row, only=only)
        )


class GradingView(APIView):
    required_scope = "read"
    service = "grade"

    @extend_schema(operation_id="grading_read", responses={200: GradingAnswer})
    def get(self, request: Request, grading_id: UUID) -> Response:
        """One grading, as it was stored."""
        return Response(grading_as_json(_visible_grading(request, grading_id)))


class GradingVerifyView(APIView):
    required_scope = "read"
    service = "grade"

    @extend_schema(operation_id="grading_verify", request=None, responses={200: VerificationAnswer})
    def post(self, request: Request, grading_id: UUID) -> Response:
        """Grade the stored submission again and compare digests; nothing is stored."""
        verification = grading_verify(grading=_visible_grading(request, grading_id))
        return Response(
            {
                "match": verification.match,
                "stored_digest": verification.stored_digest,
                "recomputed_digest": verification.recomputed_digest,
                "engine_version": verification.engine_version,
            }
        )


def _visible_grading(request: Request, grading_id: UUID) -> Grading:
    grading = Grading.objects.visible_to(viewer_of(request.user)).with_context().filter(pk=grading_id).first()
    if grading is None:
        raise NotFound("There is no such grading, or it is not yours. Check the id.")
    return grading
