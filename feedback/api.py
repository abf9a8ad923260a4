"""Grading over HTTP."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback.serializers import (
    GradeRequestSerializer,
    GradingSummarySerializer,
    VerificationSerializer,
    grading_as_json,
)
from feedback.services import submission_grade
from rubrics.domain.errors import FieldProblem, Malformed, NotFound
from scoring.access import viewer_of
from scoring.models import Grading
from scoring.services import grading_verify

MAX_KEY_CHARACTERS = 255


class GradeView(APIView):
    """Grade a transcript and store the grading."""

    required_scope = "grade"
    service = "grade"

    @extend_schema(
        operation_id="grade",
        request=GradeRequestSerializer,
        responses={201: OpenApiTypes.OBJECT},
        parameters=[
            OpenApiParameter("Idempotency-Key", str, "header", description="The same key and body: the same grading.")
        ],
    )
    def post(self, request: Request) -> Response:
        body = GradeRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        grading = submission_grade(
            request=body.grade_request(),
            viewer=viewer_of(request.user),
            at=timezone.now(),
            idempotency_key=_idempotency_key(request),
        )
        return Response(grading_as_json(grading), status=status.HTTP_201_CREATED)

    def get_serializer(self) -> GradeRequestSerializer:
        """Gives the browsable API a form."""
        return GradeRequestSerializer()


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 1 <= len(key) <= MAX_KEY_CHARACTERS or not key.isprintable():
        message = f"An Idempotency-Key is 1 to {MAX_KEY_CHARACTERS} printable characters. Send a UUID, for example."
        raise Malformed(message, fields=(FieldProblem("Idempotency-Key", message),))
    return key


class GradingListView(generics.ListAPIView[Grading]):
    """Gradings that the caller may see, newest first."""

    required_scope = "read"
    service = "grade"
    serializer_class = GradingSummarySerializer
    filterset_fields = {  # noqa: RUF012 - django-filter reads a dict
        "submission__student_id": ["exact"],
        "submission__assessment": ["exact"],
        "rubric_version__rubric__rubric_id": ["exact"],
        "created_at": ["gte", "lt"],
    }

    def get_queryset(self) -> QuerySet[Grading]:
        return Grading.objects.visible_to(viewer_of(self.request.user)).with_context().defer("result", "feedback")


class GradingView(APIView):
    required_scope = "read"
    service = "grade"

    @extend_schema(operation_id="grading_read", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, grading_id: UUID) -> Response:
        """One grading, as it was stored."""
        return Response(grading_as_json(_visible_grading(request, grading_id)))


class GradingVerifyView(APIView):
    required_scope = "read"
    service = "grade"

    @extend_schema(operation_id="grading_verify", request=None, responses={200: VerificationSerializer})
    def post(self, request: Request, grading_id: UUID) -> Response:
        """Grade the stored submission again and compare digests; nothing is stored."""
        verification = grading_verify(grading=_visible_grading(request, grading_id))
        return Response(VerificationSerializer(verification).data)


def _visible_grading(request: Request, grading_id: UUID) -> Grading:
    grading = Grading.objects.visible_to(viewer_of(request.user)).with_context().filter(pk=grading_id).first()
    if grading is None:
        raise NotFound("There is no such grading, or it is not yours. Check the id.")
    return grading
