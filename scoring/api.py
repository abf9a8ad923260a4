"""The parts of the pipeline, each alone, without storing anything."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.domain.document import Structure
from scoring.domain.matching import match_questions
from scoring.domain.matching.model import Question, QuestionMatch
from scoring.domain.overall import four_places, score_overall
from scoring.domain.report.overview import breakdown
from scoring.domain.result import numbers_as_json
from scoring.domain.segmentation import label_sections
from scoring.domain.segmentation.section import Section
from scoring.domain.structure import section_runs
from scoring.domain.transcript import parse_transcript
from scoring.domain.transcript.model import Utterance
from scoring.serializers import (
    MatchSerializer,
    ScoreSerializer,
    SegmentSerializer,
    TranscriptSerializer,
    utterances_of,
)

# Runs in the engine's own names: no rubric is asked for here.
_ENGINE_ORDER = Structure(anchor="#R.structure", expected_order=[section.value for section in Section])


def utterance_as_json(utterance: Utterance) -> dict[str, Any]:
    """Times in seconds, null without times; start and end are offsets into the source, where there is one."""
    spans = utterance.source_spans(0, len(utterance.text))
    return {
        "turn": utterance.turn,
        "speaker": utterance.speaker.value,
        "text": utterance.text,
        "timestamp_start": _seconds(utterance.start_ms),
        "timestamp_end": _seconds(utterance.end_ms),
        "end_estimated": utterance.end_estimated,
        "start": spans[0].start if spans else None,
        "end": spans[-1].end if spans else None,
    }


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


class TranscriptParseView(APIView):
    required_scope = "grade"
    service = "transcripts"

    @extend_schema(request=TranscriptSerializer, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """How a transcript is read: utterances, warnings, and what was dropped and why."""
        body = TranscriptSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        transcript = parse_transcript(
            given["content"], format=given.get("format"), speaker_map=given.get("speaker_map")
        )
        return Response(
            {
                "format": transcript.format,
                "utterances": [utterance_as_json(utterance) for utterance in transcript.utterances],
                "warnings": [{"code": w.code, "message": w.message, "turns": w.turns} for w in transcript.warnings],
                "dropped": [{"line": d.line, "text": d.text, "reason": d.reason} for d in transcript.dropped],
            }
        )


class TranscriptSegmentView(APIView):
    required_scope = "grade"
    service = "transcripts"

    @extend_schema(request=SegmentSerializer, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """Sections of a transcript or of given utterances; labels[] has one entry per utterance."""
        body = SegmentSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        utterances = body.spoken()
        labels = label_sections(utterances)
        runs = section_runs(_ENGINE_ORDER, utterances, labels)
        return Response(
            {
                "sections": [
                    {"section": run.label, "first_turn": run.first_turn, "last_turn": run.last_turn} for run in runs
                ],
                "detected_order": [run.label for run in runs],
                "labels": [None if label is None else label.value for label in labels],
            }
        )


class MatchQuestionsView(APIView):
    required_scope = "grade"
    service = "questions"

    @extend_schema(request=MatchSerializer, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """Which of the given questions were asked, in which utterance, with which confidence."""
        body = MatchSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        rows, questions = body.rows(), body.questions()
        utterances = utterances_of(rows)
        threshold = body.validated_data.get("matching_threshold")
        matches = match_questions(questions, utterances, label_sections(utterances), threshold)
        pairs = list(zip(questions, matches, strict=True))
        return Response(
            {
                "matches": [_match(question, match, rows) for question, match in pairs if match.asked],
                "unmatched_questions": [_unmatched(question, match) for question, match in pairs if not match.asked],
            }
        )


def _match(question: Question, match: QuestionMatch, rows: list[dict[str, Any]]) -> dict[str, Any]:
    evidence = match.evidence
    heard = None if evidence is None else {**rows[evidence.turn - 1], "turn": evidence.turn}
    return {
        "question_id": question.id,
        "question_anchor": question.anchor,
        "matched_utterance": heard,
        "span": None if evidence is None else {"start": evidence.start, "end": evidence.end},
        "confidence": float(four_places(match.confidence)),
        "uncertain": match.uncertain,
        "matching_phrase": match.matching_phrase,
    }


def _unmatched(question: Question, match: QuestionMatch) -> dict[str, Any]:
    return {
        "question_id": question.id,
        "question_anchor": question.anchor,
        "critical": question.critical,
        "confidence": float(four_places(match.confidence)),
        "uncertain": match.uncertain,
    }


class ScoreComputeView(APIView):
    required_scope = "grade"
    service = "scoring"

    @extend_schema(request=ScoreSerializer, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """The overall score of given component scores and weights."""
        body = ScoreSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        overall = score_overall(
            {name: Fraction(score) for name, score in given["component_scores"].items()}, given["weights"]
        )
        parts = {name: part.model_dump() for name, part in breakdown(overall).items()}
        return Response(numbers_as_json({"overall_score": four_places(overall.score), "score_breakdown": parts}))
