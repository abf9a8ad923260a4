"""Grading a transcript over HTTP."""

from __future__ import annotations

from typing import Annotated

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from pydantic import Field, StrictInt
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback.api.answers import GradingAnswer, grading_as_json
from feedback.services import GradeRequest, submission_grade
from rubrics.http import Body, Name, read_body
from rubrics.http.headers import IDEMPOTENCY_KEY, idempotency_key
from rubrics.http.openapi import refusals
from rubrics.parsers import TranscriptParser
from scoring.access import viewer_of
from scoring.api.spoken import Content, Format, SpeakerMap, SummaryText
from scoring.domain.pipeline import SubmissionInputs
from scoring.domain.terms import Style

RubricId = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]
VersionGiven = Annotated[
    str,
    Field(max_length=20, json_schema_extra={"pattern": r"^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$"}),
]


class SubmissionBody(Body):
    """What a student handed in. format: recognised when it is left out."""

    oral_transcript: Content
    summary_text: SummaryText | None = None
    format: Format | None = None
    speaker_map: SpeakerMap | None = None

    def inputs(self) -> SubmissionInputs:
        return SubmissionInputs(
            oral_transcript=self.oral_transcript,
            summary_text=self.summary_text,
            format=self.format,
            speaker_map=self.speaker_map or {},
        )


class GradeBody(Body):
    """rubric_version: the latest approved one when it is left out. student_id: the school's own."""

    rubric_id: RubricId
    rubric_version: VersionGiven | None = None
    student_id: Name
    submission: SubmissionBody
    style: Style = Style.CONSTRUCTIVE
    assessment: Annotated[StrictInt, Field(ge=1, le=2**63 - 1)] | None = None

    def grade_request(self) -> GradeRequest:
        """The body as the use case takes it."""
        return GradeRequest(
            rubric_id=self.rubric_id,
            rubric_version=self.rubric_version,
            student_id=self.student_id,
            inputs=self.submission.inputs(),
            style=self.style,
            assessment_id=self.assessment,
        )


class GradeView(APIView):
    required_scope = "grade"
    service = "grade"
    parser_classes = (TranscriptParser,)

    @extend_schema(
        operation_id="grade",
        request=GradeBody,
        responses={201: GradingAnswer, **refusals(404, 409, 422)},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Grade a transcript and store the grading."""
        grading = submission_grade(
            request=read_body(GradeBody, request.data).grade_request(),
            viewer=viewer_of(request.user),
            at=timezone.now(),
            idempotency_key=idempotency_key(request),
        )
        return Response(grading_as_json(grading), status=status.HTTP_201_CREATED)
