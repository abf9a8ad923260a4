"""Bodies of the stateless endpoints."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from rubrics.domain.errors import FieldProblem, Malformed
from rubrics.serializers import StrictSerializer, TranscriptField
from scoring.domain.matching.model import Question
from scoring.domain.transcript import TRANSCRIPT_FORMATS, parse_transcript
from scoring.domain.transcript.model import Utterance
from scoring.domain.transcript.parts import UtterancePart, utterances_from_parts

MAX_UTTERANCES = 20_000
MAX_QUESTIONS = 500
MAX_PHRASES = 200


@extend_schema_field({"oneOf": [{"type": "number"}, {"type": "string"}]})
class TimestampField(serializers.Field):  # type: ignore[type-arg] # generic in the stubs alone
    """Seconds, or a clock time; read by the transcript parser."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            raise serializers.ValidationError("Give seconds (65.5) or a clock time (“01:05.5”).")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class UtteranceSerializer(serializers.Serializer[Any]):
    """Further fields, such as those of /api/transcripts/parse, may stand here and are not read."""

    speaker = serializers.CharField(max_length=100)
    text = serializers.CharField(trim_whitespace=False, allow_blank=True, max_length=100_000)
    timestamp_start = TimestampField(required=False, allow_null=True)
    timestamp_end = TimestampField(required=False, allow_null=True)


def utterances_of(rows: list[dict[str, Any]]) -> tuple[Utterance, ...]:
    """Given lists are never merged: one utterance a row, turns counted from 1."""
    return utterances_from_parts([UtterancePart(**row) for row in rows])


class TranscriptSerializer(StrictSerializer):
    content = TranscriptField()
    format = serializers.ChoiceField(choices=TRANSCRIPT_FORMATS, required=False, allow_null=True)
    speaker_map = serializers.DictField(child=serializers.CharField(max_length=100), required=False)


class SegmentSerializer(StrictSerializer):
    """A transcript, or utterances."""

    content = TranscriptField(required=False)
    format = serializers.ChoiceField(choices=TRANSCRIPT_FORMATS, required=False, allow_null=True)
    speaker_map = serializers.DictField(child=serializers.CharField(max_length=100), required=False)
    utterances = UtteranceSerializer(many=True, required=False, max_length=MAX_UTTERANCES)  # type: ignore[call-arg]

    def spoken(self) -> tuple[Utterance, ...]:
        body = self.validated_data
        if ("content" in body) == ("utterances" in body):
            message = "Send either content or utterances."
            raise Malformed(message, fields=(FieldProblem("utterances", message),))
        if "utterances" in body:
            return utterances_of(body["utterances"])
        return parse_transcript(
            body["content"], format=body.get("format"), speaker_map=body.get("speaker_map")
        ).utterances


class QuestionSerializer(StrictSerializer):
    id = serializers.CharField(max_length=100)
    anchor = serializers.CharField(max_length=200)
    label = serializers.CharField(max_length=500, required=False, allow_blank=True)  # type: ignore[assignment]
    critical = serializers.BooleanField(required=False)
    phrases = serializers.ListField(
        child=serializers.CharField(max_length=300), min_length=1, max_length=MAX_PHRASES, allow_empty=False
    )


class MatchSerializer(StrictSerializer):
    """`student_utterances` is another name for `utterances`."""

    rubric_questions = QuestionSerializer(many=True, max_length=MAX_QUESTIONS)  # type: ignore[call-arg]
    utterances = UtteranceSerializer(many=True, required=False, max_length=MAX_UTTERANCES)  # type: ignore[call-arg]
    student_utterances = UtteranceSerializer(many=True, required=False, max_length=MAX_UTTERANCES)  # type: ignore[call-arg]
    matching_threshold = serializers.DecimalField(
        max_digits=5, decimal_places=4, min_value=Decimal(0), max_value=Decimal(1), required=False, allow_null=True
    )

    def validate_rubric_questions(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        ids = [row["id"] for row in value]
        if len(set(ids)) != len(ids):
            raise serializers.ValidationError("Two questions have one id. Give each its own.")
        return value

    def rows(self) -> list[dict[str, Any]]:
        body = self.validated_data
        if ("utterances" in body) == ("student_utterances" in body):
            message = "Send the utterances once, as utterances or as student_utterances."
            raise Malformed(message, fields=(FieldProblem("utterances", message),))
        return list(body.get("utterances") or body.get("student_utterances") or [])

    def questions(self) -> list[Question]:
        return [
            Question(
                row["id"],
                row["anchor"],
                row.get("label") or row["phrases"][0],
                tuple(row["phrases"]),
                critical=row.get("critical", False),
            )
            for row in self.validated_data["rubric_questions"]
        ]


def _share() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=12, decimal_places=10, min_value=Decimal(0), max_value=Decimal(1))


class ComponentNumbersSerializer(StrictSerializer):
    structure = _share()
    key_questions = _share()
    reasoning = _share()
    summary = _share()
    communication = serializers.DecimalField(
        max_digits=12, decimal_places=10, min_value=Decimal(0), max_value=Decimal(1), default=Decimal(0)
    )


class ScoreSerializer(StrictSerializer):
    weights = ComponentNumbersSerializer()
    component_scores = ComponentNumbersSerializer()
