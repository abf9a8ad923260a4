"""Which questions of a checklist were asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from drf_spectacular.utils import extend_schema
from pydantic import Field, StrictBool, StrictInt, model_validator
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.domain.document import MAX_ITEMS, Anchor, ItemId, KeyQuestion, Label, Phrases, Share
from rubrics.http import Body, Number, read_body
from rubrics.http.openapi import refusals
from scoring.api.spoken import Utterances, inconsistent, transcript_of
from scoring.domain.matching import matcher_with
from scoring.domain.matching.model import Evidence, Question, QuestionMatch
from scoring.domain.overall import four_places
from scoring.domain.segmentation import label_sections
from scoring.school import school_engine

_ONE_LIST = "Send the utterances once, as utterances or as student_utterances."


class QuestionBody(Body):
    """A question of a rubric; without a label its first phrase is one."""

    id: ItemId
    anchor: Anchor
    label: Label | None = None
    critical: StrictBool = False
    phrases: Phrases

    def question(self) -> Question:
        label = self.label or self.phrases[0]
        return Question(self.id, self.anchor, label, tuple(self.phrases), critical=self.critical)

    def key_question(self) -> KeyQuestion:
        return KeyQuestion(
            id=self.id,
            anchor=self.anchor,
            label=self.label or self.phrases[0],
            critical=self.critical,
            phrases=self.phrases,
        )


Questions = Annotated[list[QuestionBody], Field(max_length=MAX_ITEMS)]


def refuse_twins(questions: Sequence[QuestionBody]) -> None:
    """Raises Ungradable when two questions have one id."""
    twins = [name for name, times in Counter(question.id for question in questions).items() if times > 1]
    if twins:
        raise inconsistent("rubric_questions", f"Two questions have the id “{twins[0]}”. Give each its own.")


class MatchBody(Body):
    """`student_utterances` is another name for `utterances`."""

    rubric_questions: Questions
    utterances: Utterances | None = None
    student_utterances: Utterances | None = None
    matching_threshold: Annotated[Share | None, Field(description="In place of the engine's own.")] = None

    model_config = Body.model_config | {
        "json_schema_extra": {
            "if": {"properties": {"utterances": {"type": "array"}}, "required": ["utterances"]},
            "then": {"properties": {"student_utterances": {"type": "null"}}},
            "else": {"properties": {"student_utterances": {"type": "array"}}, "required": ["student_utterances"]},
        }
    }

    @model_validator(mode="after")
    def _one_list(self) -> MatchBody:
        if (self.utterances is None) == (self.student_utterances is None):
            raise ValueError(_ONE_LIST)
        return self

    @property
    def rows(self) -> Utterances:
        return self.utterances if self.utterances is not None else self.student_utterances or []


class MatchedUtterance(Body):
    """The utterance as it was given, with its place among those given."""

    model_config = Body.model_config | {"extra": "allow"}

    speaker: str
    text: str
    timestamp_start: Number | str | None = None
    timestamp_end: Number | str | None = None
    turn: StrictInt


class TextSpan(Body):
    """[start, end) in the text of the utterance."""

    start: Annotated[StrictInt, Field(ge=0)]
    end: Annotated[StrictInt, Field(ge=0)]


class QuestionVerdict(Body):
    """confidence: that an examiner would tick it. uncertain: too close to call, for faculty to decide."""

    question_id: ItemId
    question_anchor: Anchor
    confidence: Share
    uncertain: StrictBool


class MatchAnswer(QuestionVerdict):
    matched_utterance: MatchedUtterance
    span: TextSpan
    matching_phrase: str


class UnmatchedAnswer(QuestionVerdict):
    """nearest_utterance: what came nearest, null when nothing did."""

    critical: StrictBool
    nearest_utterance: MatchedUtterance | None
    span: TextSpan | None
    matching_phrase: str | None


class MatchedQuestions(Body):
    matches: list[MatchAnswer]
    unmatched_questions: list[UnmatchedAnswer]


def verdict_of(given: MatchAnswer | UnmatchedAnswer) -> QuestionMatch:
    """An entry of /api/match/questions as the engine's own verdict."""
    asked = isinstance(given, MatchAnswer)
    heard = given.matched_utterance if isinstance(given, MatchAnswer) else given.nearest_utterance
    place = None if heard is None or given.span is None else Evidence(heard.turn, given.span.start, given.span.end)
    return QuestionMatch(given.question_id, asked, given.uncertain, given.confidence, given.matching_phrase, place)


class MatchQuestionsView(APIView):
    required_scope = "grade"
    service = "questions"

    @extend_schema(
        operation_id="questions_match", request=MatchBody, responses={200: MatchedQuestions, **refusals(422)}
    )
    def post(self, request: Request) -> Response:
        """Which of the given questions were asked, in which utterance, with which confidence."""
        return Response(matched_questions(read_body(MatchBody, request.data)))


def matched_questions(body: MatchBody) -> dict[str, Any]:
    """As `MatchedQuestions` describes it. Raises Ungradable for questions or utterances at odds with themselves."""
    refuse_twins(body.rubric_questions)
    questions = [row.question() for row in body.rubric_questions]
    utterances = transcript_of(body.rows).utterances
    match = matcher_with(school_engine().school)
    matches = match(questions, utterances, label_sections(utterances), body.matching_threshold)
    rows = [row.model_dump(exclude_unset=True) for row in body.rows]
    pairs = list(zip(questions, matches, strict=True))
    return {
        "matches": [_matched(question, match, rows) for question, match in pairs if match.asked],
        "unmatched_questions": [_unmatched(question, match, rows) for question, match in pairs if not match.asked],
    }


def _verdict(question: Question, match: QuestionMatch) -> dict[str, Any]:
    return {
        "question_id": question.id,
        "question_anchor": question.anchor,
        "confidence": float(four_places(match.confidence)),
        "uncertain": match.uncertain,
        "span": None if match.evidence is None else {"start": match.evidence.start, "end": match.evidence.end},
        "matching_phrase": match.matching_phrase,
    }


def _matched(question: Question, match: QuestionMatch, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {**_verdict(question, match), "matched_utterance": _heard(match, rows)}


def _unmatched(question: Question, match: QuestionMatch, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **_verdict(question, match),
        "critical": question.critical,
        "nearest_utterance": _heard(match, rows),
    }


def _heard(match: QuestionMatch, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    if match.evidence is None:
        return None
    given = {
        name: float(value) if isinstance(value, Decimal) else value
        for name, value in rows[match.evidence.turn - 1].items()
    }
    return {**given, "turn": match.evidence.turn}
