"""Feedback from results that a caller has, without storing anything."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated

from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback.api.answers import FeedbackAnswer
from feedback.domain.compose import Feedback, compose_feedback
from feedback.services import feedback_as_json
from rubrics.domain.document import RubricDocument, Share
from rubrics.domain.errors import FieldProblem, Ungradable
from rubrics.http import Body, read_body
from rubrics.http.openapi import refusals
from scoring import metrics
from scoring.api.scores import ExactScore
from scoring.api.spoken import SourceText, SummaryText
from scoring.domain.citations import Sources
from scoring.domain.result import (
    CommunicationDetail,
    KeyQuestionsDetail,
    ReasoningDetail,
    StructureDetail,
    SummaryDetail,
    TranscriptDetail,
)
from scoring.domain.terms import Style
from scoring.domain.transcript.model import Transcript

logger = logging.getLogger(__name__)


class GivenStructure(StructureDetail):
    exact_score: ExactScore | None = None


class GivenKeyQuestions(KeyQuestionsDetail):
    exact_score: ExactScore | None = None


class GivenReasoning(ReasoningDetail):
    exact_score: ExactScore | None = None


class GivenSummary(SummaryDetail):
    exact_score: ExactScore | None = None


class GivenCommunication(CommunicationDetail):
    exact_score: ExactScore | None = None


class GivenResults(Body):
    """As /api/evaluate/* answer them, or as a grading's detailed_results hold them."""

    structure: GivenStructure
    key_questions: GivenKeyQuestions
    reasoning: GivenReasoning
    summary: GivenSummary
    communication: GivenCommunication
    transcript: TranscriptDetail | None = None


class GivenScores(Body):
    structure: Share
    key_questions: Share
    reasoning: Share
    summary: Share
    communication: Share


@dataclass(frozen=True, slots=True)
class Given:
    """A posted result as composing takes it."""

    overall_score: Decimal
    component_scores: Mapping[str, Decimal]
    detailed_results: GivenResults


class ComposeBody(Body):
    """source_text, summary_text: what the evidence quotes; every quotation is checked against them."""

    rubric: RubricDocument
    overall_score: Share
    component_scores: GivenScores
    detailed_results: GivenResults
    source_text: SourceText
    summary_text: SummaryText | None = None
    style: Style = Style.CONSTRUCTIVE

    def judged(self) -> Given:
        return Given(self.overall_score, dict(self.component_scores), self.detailed_results)


class ComposedFeedback(FeedbackAnswer):
    rejected: Annotated[
        list[str], Field(description="Items left out, and why: an anchor or quotation that is not where it says.")
    ]


class FeedbackComposeView(APIView):
    required_scope = "grade"
    service = "feedback"

    @extend_schema(
        operation_id="feedback_compose", request=ComposeBody, responses={200: ComposedFeedback, **refusals(422)}
    )
    def post(self, request: Request) -> Response:
        """Feedback in words. An item is left out when its anchor or quotation is not in the rubric or the texts."""
        body = read_body(ComposeBody, request.data)
        source = body.source_text.removeprefix("\ufeff")
        sources = Sources(
            rubric_id=body.rubric.rubric_id,
            anchors=frozenset(anchor for _, anchor in body.rubric.anchors()),
            transcript=Transcript(source, "text", ()),
            summary_text=body.summary_text,
            summary_tokens=body.detailed_results.summary.tokens,
        )
        feedback = _composed(body, sources)
        for reason in feedback.rejected:
            metrics.count_error(service="feedback", error_type="citation_rejected")
            logger.warning("citation rejected in a posted result: %s", reason.partition(":")[0])
        return Response({**feedback_as_json(feedback), "rejected": list(feedback.rejected)})


def _composed(body: ComposeBody, sources: Sources) -> Feedback:
    try:
        return compose_feedback(body.judged(), body.rubric, sources, body.style)
    except InvalidOperation as error:
        message = "A number in it is larger than any grading has. Send results as they were answered."
        problem = FieldProblem("detailed_results", message)
        raise Ungradable(f"detailed_results: {message}", code="inconsistent", fields=(problem,)) from error
