"""Each component of a grade by itself: the same entry that a grading holds in its detailed results.

`exact_score` is the score before rounding; /api/score/compute takes it, so that a grade put together by hand is the
grade that /api/grade gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any

from drf_spectacular.utils import extend_schema
from pydantic import BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.domain.document import Communication, KeyQuestionsPolicy, Reasoning, Slug, Structure, Summary
from rubrics.domain.errors import FieldProblem, Ungradable
from rubrics.domain.patterns import PatternProblem, compile_pattern
from rubrics.http import read_body
from rubrics.http.openapi import refusals
from scoring.api.questions import MatchAnswer, Questions, UnmatchedAnswer, refuse_twins, verdict_of
from scoring.api.scores import ExactScore
from scoring.api.spoken import Spoken, SpokenBody, SummaryText, inconsistent
from scoring.domain.citations import Citer, Sources
from scoring.domain.communication import score_communication
from scoring.domain.key_questions import score_key_questions
from scoring.domain.matching.model import QuestionMatch
from scoring.domain.reasoning import score_reasoning
from scoring.domain.report.conclusion import communication_detail, reasoning_detail, summary_detail
from scoring.domain.report.history import key_questions_detail, structure_detail
from scoring.domain.result import (
    CommunicationDetail,
    KeyQuestionsDetail,
    ReasoningDetail,
    StructureDetail,
    SummaryDetail,
    numbers_as_json,
)
from scoring.domain.structure import score_structure
from scoring.domain.summary import score_summary, summary_source
from scoring.domain.transcript.model import Utterance


class StructureEvaluation(StructureDetail):
    exact_score: ExactScore


class KeyQuestionsEvaluation(KeyQuestionsDetail):
    exact_score: ExactScore


class ReasoningEvaluation(ReasoningDetail):
    exact_score: ExactScore


class SummaryEvaluation(SummaryDetail):
    exact_score: ExactScore


class CommunicationEvaluation(CommunicationDetail):
    exact_score: ExactScore


class EvaluationBody(SpokenBody):
    """rubric_id: what citations call the rubric."""

    rubric_id: Annotated[Slug, Field(description="What citations call the rubric.")] = "rubric"

    def citer(self, spoken: Spoken, summary_text: str | None = None) -> Citer:
        judged = summary_source(spoken.utterances, spoken.sections, summary_text)
        return Citer(Sources(self.rubric_id, frozenset(), spoken.transcript, summary_text, judged.tokens))


class StructureBody(EvaluationBody):
    rubric_structure: Structure


class KeyQuestionsBody(EvaluationBody):
    """matches, unmatched_questions: as /api/match/questions answers them for these utterances."""

    rubric_questions: Questions
    key_questions_policy: KeyQuestionsPolicy
    matches: list[MatchAnswer]
    unmatched_questions: list[UnmatchedAnswer]

    def verdicts(self, utterances: tuple[Utterance, ...]) -> dict[str, QuestionMatch]:
        refuse_twins(self.rubric_questions)
        given: tuple[MatchAnswer | UnmatchedAnswer, ...] = (*self.matches, *self.unmatched_questions)
        if sorted(verdict.question_id for verdict in given) != sorted(row.id for row in self.rubric_questions):
            raise inconsistent("matches", "Send each question's verdict once, in matches or in unmatched_questions.")
        verdicts = {verdict.question_id: verdict_of(verdict) for verdict in given}
        for name, verdict in verdicts.items():
            place = verdict.evidence
            if place and not (
                1 <= place.turn <= len(utterances) and place.start <= place.end <= len(utterances[place.turn - 1].text)
            ):
                raise inconsistent("matches", f"The verdict on “{name}” points outside the utterances.")
        return verdicts


class ReasoningBody(EvaluationBody):
    rubric_reasoning: Reasoning
    summary_text: SummaryText | None = None


class SummaryBody(EvaluationBody):
    rubric_summary: Summary
    summary_text: SummaryText | None = None


class CommunicationBody(EvaluationBody):
    rubric_communication: Communication


def _answer(detail: BaseModel, score: Fraction) -> Response:
    exact = f"{score.numerator}/{score.denominator}"
    return Response({**numbers_as_json(detail.model_dump(mode="python")), "exact_score": exact})


def _refuse_unusable_patterns(field: str, rubric_part: BaseModel) -> None:
    """A rubric's own are checked when it is approved; here nobody has looked at them yet."""
    problems = [
        FieldProblem(f"{field}.{path}", str(problem))
        for path, pattern in _patterns(rubric_part.model_dump())
        if (problem := _problem_of(pattern)) is not None
    ]
    if problems:
        raise Ungradable(problems[0].message, code="unusable_pattern", fields=tuple(problems))


def _patterns(part: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in part.items():
        for index, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, dict) and item.get("pattern"):
                yield f"{name}.{index}.pattern", item["pattern"]


def _problem_of(pattern: str) -> PatternProblem | None:
    try:
        compile_pattern(pattern)
    except PatternProblem as problem:
        return problem
    return None


class StructureEvaluationView(APIView):
    required_scope = "grade"
    service = "structure"

    @extend_schema(
        operation_id="evaluate_structure",
        request=StructureBody,
        responses={200: StructureEvaluation, **refusals(422)},
    )
    def post(self, request: Request) -> Response:
        """Did the encounter follow the order that the rubric expects?"""
        body = read_body(StructureBody, request.data)
        spoken = body.spoken()
        score = score_structure(body.rubric_structure, spoken.utterances, spoken.sections)
        return _answer(structure_detail(score, body.rubric_structure, body.citer(spoken)), score.score)


class KeyQuestionsEvaluationView(APIView):
    required_scope = "grade"
    service = "questions"

    @extend_schema(
        operation_id="evaluate_key_questions",
        request=KeyQuestionsBody,
        responses={200: KeyQuestionsEvaluation, **refusals(422)},
    )
    def post(self, request: Request) -> Response:
        """How much of the checklist was covered, given the verdicts of /api/match/questions?"""
        body = read_body(KeyQuestionsBody, request.data)
        spoken = body.spoken()
        policy, questions = body.key_questions_policy, [row.key_question() for row in body.rubric_questions]
        verdicts = body.verdicts(spoken.utterances)
        coverage = score_key_questions(questions, policy, {name: match.asked for name, match in verdicts.items()})
        detail = key_questions_detail(coverage, verdicts, questions, policy, body.citer(spoken))
        return _answer(detail, coverage.score)


class ReasoningEvaluationView(APIView):
    required_scope = "grade"
    service = "reasoning"

    @extend_schema(
        operation_id="evaluate_reasoning",
        request=ReasoningBody,
        responses={200: ReasoningEvaluation, **refusals(422)},
    )
    def post(self, request: Request) -> Response:
        """Which of the required lines of reasoning were heard?"""
        body = read_body(ReasoningBody, request.data)
        _refuse_unusable_patterns("rubric_reasoning", body.rubric_reasoning)
        spoken = body.spoken()
        score = score_reasoning(body.rubric_reasoning, spoken.utterances, spoken.sections, body.summary_text)
        return _answer(reasoning_detail(score, body.citer(spoken, body.summary_text)), score.score)


class SummaryEvaluationView(APIView):
    required_scope = "grade"
    service = "summary"

    @extend_schema(
        operation_id="evaluate_summary",
        request=SummaryBody,
        responses={200: SummaryEvaluation, **refusals(422)},
    )
    def post(self, request: Request) -> Response:
        """Is the summary succinct and complete? The text handed in, else what was said in the summary section."""
        body = read_body(SummaryBody, request.data)
        _refuse_unusable_patterns("rubric_summary", body.rubric_summary)
        spoken = body.spoken()
        score = score_summary(body.rubric_summary, spoken.utterances, spoken.sections, body.summary_text)
        citer = body.citer(spoken, body.summary_text)
        return _answer(summary_detail(score, body.rubric_summary, citer), score.score)


class CommunicationEvaluationView(APIView):
    required_scope = "grade"
    service = "communication"

    @extend_schema(
        operation_id="evaluate_communication",
        request=CommunicationBody,
        responses={200: CommunicationEvaluation, **refusals(422)},
    )
    def post(self, request: Request) -> Response:
        """How did the student speak with the patient?"""
        body = read_body(CommunicationBody, request.data)
        _refuse_unusable_patterns("rubric_communication", body.rubric_communication)
        spoken = body.spoken()
        score = score_communication(body.rubric_communication, spoken.utterances, spoken.sections)
        return _answer(communication_detail(score, body.citer(spoken)), score.score)
