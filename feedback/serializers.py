"""The shape of a grade request and of a grading, as the API reads and answers them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from feedback.services import GradeRequest
from rubrics.serializers import StrictSerializer, TranscriptField
from scoring.decisions import final_as_json, final_of
from scoring.domain.pipeline import SubmissionInputs
from scoring.domain.terms import Style
from scoring.domain.transcript import TRANSCRIPT_FORMATS
from scoring.models import Grading

MAX_SUMMARY_CHARACTERS = 20_000
MAX_SPEAKERS = 100


class SubmissionSerializer(StrictSerializer):
    oral_transcript = TranscriptField()
    summary_text = serializers.CharField(
        trim_whitespace=False, allow_blank=True, allow_null=True, required=False, max_length=MAX_SUMMARY_CHARACTERS
    )
    format = serializers.ChoiceField(choices=TRANSCRIPT_FORMATS, required=False, allow_null=True)
    speaker_map = serializers.DictField(child=serializers.CharField(max_length=100), required=False)

    def validate_speaker_map(self, value: dict[str, str]) -> dict[str, str]:
        if len(value) > MAX_SPEAKERS:
            raise serializers.ValidationError(f"At most {MAX_SPEAKERS} speakers can be mapped.")
        return value


class GradeRequestSerializer(StrictSerializer):
    rubric_id = serializers.CharField(max_length=100)
    rubric_version = serializers.CharField(max_length=20, required=False, allow_null=True)
    student_id = serializers.CharField(max_length=100)
    submission = SubmissionSerializer()
    style = serializers.ChoiceField(  # type: ignore[assignment] # fields have a `style` of their own; this is ours
        choices=[style.value for style in Style], required=False
    )
    assessment = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, allow_null=True)

    def grade_request(self) -> GradeRequest:
        """The validated body as the use case takes it."""
        body = self.validated_data
        submission = body["submission"]
        return GradeRequest(
            rubric_id=body["rubric_id"],
            rubric_version=body.get("rubric_version"),
            student_id=body["student_id"],
            inputs=SubmissionInputs(
                oral_transcript=submission["oral_transcript"],
                summary_text=submission.get("summary_text"),
                format=submission.get("format"),
                speaker_map=submission.get("speaker_map", {}),
            ),
            style=Style(body.get("style", Style.CONSTRUCTIVE)),
            assessment_id=body.get("assessment"),
        )


def grading_as_json(grading: Grading) -> dict[str, Any]:
    """The stored result with what stands outside its digest: ids, time, style, feedback, and `final` once people decided.

    Without a decision there is no `final` at all: whoever recomputes the digest drops the five fields they know of.
    """
    final = final_as_json(final_of(grading))
    decided = {} if final is None else {"final": final}
    return {
        "grading_id": str(grading.pk),
        "student_id": grading.submission.student_id,
        "timestamp": grading.created_at.isoformat().replace("+00:00", "Z"),
        "style": grading.style,
        **grading.result,
        "feedback": grading.feedback,
        **decided,
    }


class VerificationSerializer(serializers.Serializer[Any]):
    """match is null when another engine version made the grading."""

    match = serializers.BooleanField(allow_null=True)
    stored_digest = serializers.CharField()
    recomputed_digest = serializers.CharField(allow_null=True)
    engine_version = serializers.CharField()


class GradingSummarySerializer(serializers.ModelSerializer[Grading]):
    """A grading in a list: scores and identity, without the evidence."""

    grading_id = serializers.UUIDField(source="id")
    rubric_id = serializers.CharField(source="rubric_version.rubric.rubric_id")
    rubric_version = serializers.CharField(source="rubric_version.version")
    student_id = serializers.CharField(source="submission.student_id")
    assessment = serializers.IntegerField(source="submission.assessment_id", allow_null=True)
    timestamp = serializers.DateTimeField(source="created_at")
    overall_score = serializers.FloatField()

    class Meta:
        model = Grading
        fields = (
            "grading_id",
            "rubric_id",
            "rubric_version",
            "student_id",
            "assessment",
            "timestamp",
            "overall_score",
            "uncertain_items",
            "warning_count",
            "engine_version",
            "digest",
        )
