"""Reading a transcript, and labelling its sections."""

from __future__ import annotations

from typing import Annotated

from drf_spectacular.utils import extend_schema
from pydantic import Field, model_validator
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.domain.document import Structure
from rubrics.http import Answer, Body, read_body
from rubrics.http.openapi import refusals
from scoring.api.spoken import (
    Content,
    Format,
    SpeakerMap,
    TranscriptBody,
    UtteranceAnswer,
    Utterances,
    transcript_of,
    utterance_answer,
)
from scoring.domain.segmentation import label_sections
from scoring.domain.segmentation.section import Section
from scoring.domain.structure import section_runs
from scoring.domain.transcript import parse_transcript
from scoring.domain.transcript.model import Transcript

# Runs in the engine's own names: no rubric is asked for here.
_ENGINE_ORDER = Structure(anchor="#R.structure", expected_order=[section.value for section in Section])


class TranscriptWarningAnswer(Answer):
    code: str
    message: str
    turns: list[int]


class DroppedAnswer(Answer):
    """A passage that became no speech; `line` counts from 1."""

    line: int
    text: str
    reason: str


class ParsedTranscript(Answer):
    format: Format
    utterances: list[UtteranceAnswer]
    warnings: list[TranscriptWarningAnswer]
    dropped: list[DroppedAnswer]


class SegmentBody(Body):
    """A transcript, or utterances; never both."""

    content: Content | None = None
    format: Format | None = None
    speaker_map: SpeakerMap | None = None
    utterances: Utterances | None = None

    model_config = Body.model_config | {
        "json_schema_extra": {
            "oneOf": [
                {"required": ["content"], "properties": {"utterances": {"type": "null"}}},
                {
                    "required": ["utterances"],
                    "properties": {name: {"type": "null"} for name in ("content", "format", "speaker_map")},
                },
            ]
        }
    }

    @model_validator(mode="after")
    def _one_of_two(self) -> SegmentBody:
        if (self.content is None) == (self.utterances is None):
            raise ValueError("Send either content or utterances.")
        if self.utterances is not None and (self.format or self.speaker_map):
            raise ValueError("format and speaker_map are about content. Leave them out with utterances.")
        return self

    def transcript(self) -> Transcript:
        if self.utterances is not None:
            return transcript_of(self.utterances)
        return parse_transcript(self.content or "", format=self.format, speaker_map=self.speaker_map)


class SectionAnswer(Answer):
    section: Section
    first_turn: int
    last_turn: int


class SegmentedTranscript(Answer):
    sections: list[SectionAnswer]
    detected_order: list[Section]
    labels: Annotated[list[Section | None], Field(description="One label or null for each utterance, in order.")]


class TranscriptParseView(APIView):
    required_scope = "grade"
    service = "transcripts"

    @extend_schema(
        operation_id="transcript_parse", request=TranscriptBody, responses={200: ParsedTranscript, **refusals(422)}
    )
    def post(self, request: Request) -> Response:
        """How a transcript is read: utterances, warnings, and what was dropped and why."""
        transcript = read_body(TranscriptBody, request.data).transcript()
        answer = ParsedTranscript(
            format=transcript.format,
            utterances=[utterance_answer(utterance) for utterance in transcript.utterances],
            warnings=[
                TranscriptWarningAnswer(code=w.code, message=w.message, turns=list(w.turns))
                for w in transcript.warnings
            ],
            dropped=[DroppedAnswer(line=d.line, text=d.text, reason=d.reason) for d in transcript.dropped],
        )
        return Response(answer.model_dump(mode="json"))


class TranscriptSegmentView(APIView):
    required_scope = "grade"
    service = "transcripts"

    @extend_schema(
        operation_id="transcript_segment", request=SegmentBody, responses={200: SegmentedTranscript, **refusals(422)}
    )
    def post(self, request: Request) -> Response:
        """The sections of a transcript or of given utterances. Given utterances are never merged."""
        utterances = read_body(SegmentBody, request.data).transcript().utterances
        labels = label_sections(utterances)
        runs = section_runs(_ENGINE_ORDER, utterances, labels)
        answer = SegmentedTranscript(
            sections=[
                SectionAnswer(section=Section(run.label), first_turn=run.first_turn, last_turn=run.last_turn)
                for run in runs
            ],
            detected_order=[Section(run.label) for run in runs],
            labels=list(labels),
        )
        return Response(answer.model_dump(mode="json"))
