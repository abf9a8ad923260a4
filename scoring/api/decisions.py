"""Decisions of faculty over HTTP: the history of a grading, and another decision."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from pydantic import Field, StrictInt
from pydantic.types import StringConstraints
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.domain.errors import NotFound
from rubrics.domain.wire import VISIBLE
from rubrics.http import Answer, Body, Number, read_body
from rubrics.http.openapi import refusals
from scoring.access import viewer_of
from scoring.decisions import decision_as_json, final_as_json, final_of, reviewed
from scoring.domain.citations import Quote
from scoring.domain.review import MAX_TEXT, Action, GlobalRating, Judged, Review, ReviewState
from scoring.domain.review.evidence import MAX_QUOTE, Passage
from scoring.models import Grading
from scoring.services import DecisionRequest, decision_record

MAX_OFFSET = 2**31 - 1

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_TEXT, pattern=r"^[^\x00]*$")]
Whole = Annotated[StrictInt, Field(ge=0, le=MAX_OFFSET)]


class PassageBody(Body):
    """Offsets are code points of the text without its BOM; `quote` is what stands there."""

    source: Literal["oral", "summary"]
    start: Whole
    end: Annotated[StrictInt, Field(ge=1, le=MAX_OFFSET)]
    quote: Annotated[str, StringConstraints(min_length=1, max_length=MAX_QUOTE, pattern=r"^[^\x00]*$")]


class DecisionBody(Body):
    """seen: the last sequence number that the caller knows of. client_token: the same one again decides once."""

    item: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), VISIBLE]
    action: Action
    client_token: UUID
    seen: Whole = 0
    verdict: Judged | None = None
    reason: Text = ""
    comment: Text = ""
    rating: GlobalRating | None = None
    withdraws: Annotated[StrictInt, Field(ge=1, le=MAX_OFFSET)] | None = None
    evidence: PassageBody | None = None

    def decision_request(self) -> DecisionRequest:
        """The body as the use case takes it."""
        return DecisionRequest(
            item=self.item,
            action=self.action,
            client_token=self.client_token,
            seen=self.seen,
            verdict=self.verdict,
            reason=self.reason,
            comment=self.comment,
            rating=self.rating,
            withdraws=self.withdraws,
            evidence=None if self.evidence is None else Passage(**self.evidence.model_dump()),
        )


class DecisionAnswer(Answer):
    """by: who decided. withdraws: the sequence number of the decision that this one takes back."""

    sequence: int
    item: str
    action: Action
    verdict: Judged | None
    rating: GlobalRating | None
    reason: str
    comment: str
    withdraws: int | None
    evidence: Quote | None
    by: str
    at: datetime


class RoundedScores(Answer):
    """From 0 to 1, four decimals."""

    structure: Number
    key_questions: Number
    reasoning: Number
    summary: Number
    communication: Number


class FinalAnswer(Answer):
    """The faculty's score; exports use it. by: who decided last. to_do: items that nobody has addressed yet."""

    overall_score: Number
    component_scores: RoundedScores
    state: ReviewState
    global_rating: GlobalRating | None
    items: int
    decided: int
    to_do: int
    changed: int
    by: str
    at: datetime


class ReviewedItem(Answer):
    """machine, final: true, false, or null where nobody has judged the item."""

    item: str
    component: str
    machine: bool | None
    uncertain: bool
    final: bool | None
    applicable: bool
    decided: bool


class DecisionsAnswer(Answer):
    """decisions: oldest first. final: null while nothing that a person decided stands."""

    decisions: list[DecisionAnswer]
    items: list[ReviewedItem]
    final: FinalAnswer | None


class DecidedAnswer(Answer):
    decision: DecisionAnswer
    final: FinalAnswer | None


class GradingDecisionsView(APIView):
    required_scope = {"GET": "read", "HEAD": "read", "OPTIONS": "read", "POST": "grade"}  # noqa: RUF012 - a table
    service = "scoring"

    @extend_schema(operation_id="grading_decisions", responses={200: DecisionsAnswer})
    def get(self, request: Request, grading_id: UUID) -> Response:
        """Every decision about a grading, oldest first, with what each item counts for now and the final score."""
        grading = _visible_grading(request, grading_id)
        found = reviewed(grading)
        return Response(
            {
                "decisions": [decision_as_json(row) for row in found.history],
                "items": items_as_json(found.review),
                "final": final_as_json(final_of(grading)),
            }
        )

    @extend_schema(
        operation_id="grading_decide",
        request=DecisionBody,
        responses={200: DecidedAnswer, 201: DecidedAnswer, **refusals(409, 422)},
    )
    def post(self, request: Request, grading_id: UUID) -> Response:
        """Decide about one item. The same `client_token` again answers with the decision it made before, 200."""
        body = read_body(DecisionBody, request.data)
        grading = _visible_grading(request, grading_id)
        recorded = decision_record(
            grading=grading, request=body.decision_request(), viewer=viewer_of(request.user), at=timezone.now()
        )
        answer = {
            "decision": decision_as_json(recorded.decision),
            "final": final_as_json(final_of(_visible_grading(request, grading_id))),
        }
        return Response(answer, status=status.HTTP_200_OK if recorded.again else status.HTTP_201_CREATED)


def items_as_json(found: Review) -> list[dict[str, Any]]:
    return [
        {
            "item": outcome.item.key,
            "component": outcome.item.component,
            "machine": outcome.item.credited,
            "uncertain": outcome.item.uncertain,
            "final": outcome.credited if outcome.applicable else None,
            "applicable": outcome.applicable,
            "decided": outcome.decision is not None,
        }
        for outcome in found.outcomes
    ]


def _visible_grading(request: Request, grading_id: UUID) -> Grading:
    grading = Grading.objects.visible_to(viewer_of(request.user)).with_context().filter(pk=grading_id).first()
    if grading is None:
        raise NotFound("There is no such grading, or it is not yours. Check the id.")
    return grading
