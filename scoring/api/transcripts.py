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
from rubrics.parsers import TranscriptParser
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
from scoring.domain.transcript.model import Speaker, SpeakerBasis, Transcript

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


class SpeakerAnswer(Answer):
    """Who a label was taken for. Where it is wrong, send it again with a speaker_map: {"<label>": "<role>"}."""

    label: Annotated[str, Field(description="As first written in the transcript.")]
    speaker: Speaker
    basis: Annotated[SpeakerBasis, Field(description="guess: the wording names no role; look at it before you grade.")]
    utterances: int


class ReadingAnswer(Answer):
    """What the parser made of a transcript. All are empty for utterances that were given."""

    warnings: list[TranscriptWarningAnswer]
    dropped: list[DroppedAnswer]
    speakers: list[SpeakerAnswer]


class ParsedTranscript(ReadingAnswer):
    format: Format
    utterances: list[UtteranceAnswer]


class SegmentBody(Body):
    """A transcript, or utterances; never both."""

    content: Content | None = None
    format: Format | None = None
    speaker_map: SpeakerMap | None = None
    utterances: Utterances | None = None

    model_config = Body.model_config | {
        # The parts that exclude one another, in words that generators of clients pass over.
        "json_schema_extra": {
            "if": {"properties": {"content": {"type": "string"}}, "required": ["content"]},
            "then": {"properties": {"utterances": {"type": "null"}}},
            "else": {
                "properties": {
                    "utterances": {"type": "array"},
                    **{name: {"type": "null"} for name in ("content", "format", "speaker_map")},
                },
                "required": ["utterances"],
            },
        }
    }

    @model_validator(mode="after")
    def _one_of_two(self) -> SegmentBody:
        if (self.content is None) == (self.utterances is None):
            raise ValueError("Send either content or utterances.")
        if self.utterances is not None and (self.format is not None or self.speaker_map is not None):
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


class SegmentedTranscript(ReadingAnswer):
    sections: list[SectionAnswer]
    detected_order: list[Section]
    labels: Annotated[list[Section | None], Field(description="One label or null for each utterance, in order.")]


def _reading(transcript: Transcript) -> ReadingAnswer:
    return ReadingAnswer(
        warnings=[
            TranscriptWarningAnswer(code=w.code, message=w.message, turns=list(w.turns)) for w in transcript.warnings
        ],
        dropped=[DroppedAnswer(line=d.line, text=d.text, reason=d.reason) for d in transcript.dropped],
        speakers=[
            SpeakerAnswer(label=s.label, speaker=s.speaker, basis=s.basis, utterances=s.utterances)
            for s in transcript.speakers
        ],
    )


class TranscriptParseView(APIView):
    required_scope = "grade"
    service = "transcripts"
    parser_classes = (TranscriptParser,)

    @extend_schema(
        operation_id="transcript_parse", request=TranscriptBody, responses={200: ParsedTranscript, **refusals(422)}
    )
    def post(self, request: Request) -> Response:
        """How a transcript is read: utterances, warnings, who was taken for whom, and what was dropped and why."""
        transcript = read_body(TranscriptBody, request.data).transcript()
        answer = ParsedTranscript(
            format=transcript.format,
            utterances=[utterance_answer(utterance) for utterance in transcript.utterances],
            **dict(_reading(transcript)),
        )
        return Response(answer.model_dump(mode="json"))


class TranscriptSegmentView(APIView):
    required_scope = "grade"
    service = "transcripts"
    parser_classes = (TranscriptParser,)

    @extend_schema(
        operation_id="transcript_segment", request=SegmentBody, responses={200: SegmentedTranscript, **refusals(422)}
    )
    def post(self, request: Request) -> Response:
        """The sections of a transcript or of given utterances. Given utterances are never merged."""
        transcript = read_body(SegmentBody, request.data).transcript()
        utterances = transcript.utterances
        labels = label_sections(utterances)
        runs = section_runs(_ENGINE_ORDER, utterances, labels)
        answer = SegmentedTranscript(
            sections=[
                SectionAnswer(section=Section(run.label), first_turn=run.first_turn, last_turn=run.last_turn)
                for run in runs
            ],
            detected_order=[Section(run.label) for run in runs],
            labels=list(labels),
            **dict(_reading(transcript)),
        )
        return Response(answer.model_dump(mode="json"))
