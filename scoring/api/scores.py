"""From component scores to the overall score."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from drf_spectacular.utils import extend_schema
from pydantic import AfterValidator, Field, PlainValidator, StringConstraints, TypeAdapter, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.domain.document import Share
from rubrics.http import Answer, Body, read_body
from rubrics.http.bodies import problem_of
from scoring.domain.overall import four_places, score_overall
from scoring.domain.report.overview import breakdown
from scoring.domain.result import ScoreEntry, numbers_as_json


def _at_most_one(given: str) -> str:
    if ratio(given) > 1:
        raise ValueError("A score is from 0 to 1. Send the exact_score of an evaluation as it is.")
    return given


def ratio(given: str) -> Fraction:
    """An exact_score such as “2/3” as a number."""
    top, _, bottom = given.partition("/")
    return Fraction(int(top), int(bottom))


ExactScore = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]{0,99})/[1-9][0-9]{0,99}$"),
    AfterValidator(_at_most_one),
    Field(description="A score from 0 to 1 as an exact fraction."),
]


class ComponentWeights(Body):
    structure: Share
    key_questions: Share
    reasoning: Share
    summary: Share
    communication: Share = Decimal(0)


_NUMBER: TypeAdapter[Decimal] = TypeAdapter(Share)
_FRACTION: TypeAdapter[str] = TypeAdapter(ExactScore)


def _score_given(given: object) -> Decimal | str:
    """A union would answer one problem for each of its kinds, under names that only pydantic knows."""
    try:
        return _FRACTION.validate_python(given) if isinstance(given, str) else _NUMBER.validate_python(given)
    except ValidationError as error:
        raise ValueError(problem_of(error.errors(include_url=False, include_context=False)[0]).message) from None


ScoreGiven = Annotated[Decimal | str, PlainValidator(_score_given, json_schema_input_type=Share | ExactScore)]


class ComponentScores(Body):
    """Numbers from 0 to 1, or an evaluation's exact_score, so that nothing is rounded twice."""

    structure: ScoreGiven
    key_questions: ScoreGiven
    reasoning: ScoreGiven
    summary: ScoreGiven
    communication: ScoreGiven = Decimal(0)


class ScoreBody(Body):
    weights: ComponentWeights
    component_scores: ComponentScores


class ScoreBreakdown(Answer):
    structure: ScoreEntry
    key_questions: ScoreEntry
    reasoning: ScoreEntry
    summary: ScoreEntry
    communication: ScoreEntry


class ComputedScore(Answer):
    overall_score: Decimal
    score_breakdown: ScoreBreakdown


class ScoreComputeView(APIView):
    required_scope = "grade"
    service = "scoring"

    @extend_schema(operation_id="score_compute", request=ScoreBody, responses={200: ComputedScore})
    def post(self, request: Request) -> Response:
        """The overall score of given component scores and weights, rounded once."""
        body = read_body(ScoreBody, request.data)
        given: dict[str, Decimal | str] = dict(body.component_scores)
        scores = {name: ratio(score) if isinstance(score, str) else Fraction(score) for name, score in given.items()}
        overall = score_overall(scores, body.weights.model_dump())
        answer = ComputedScore(
            overall_score=four_places(overall.score), score_breakdown=ScoreBreakdown(**breakdown(overall))
        )
        return Response(numbers_as_json(answer.model_dump()))
