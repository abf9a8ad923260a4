"""Transcripts and utterances as requests give them and answers show them.

A stateless caller passes utterances from one endpoint to the next. What a quotation was cut from has to come along:
either the utterances alone, and then their texts joined by line breaks are the source, or `source_text` as well, and
then every offset refers to that, as in a grading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt
from pydantic.types import StringConstraints

from rubrics.domain.errors import FieldProblem, Malformed, Ungradable
from rubrics.domain.wire import SHOWS
from rubrics.http import Answer, Body, Number
from scoring.domain.segmentation import Section, label_sections
from scoring.domain.transcript import MAX_TRANSCRIPT_BYTES, MAX_UTTERANCES, TRANSCRIPT_FORMATS, parse_transcript
from scoring.domain.transcript.model import Fragment, SourceSpan, Speaker, Transcript, Utterance
from scoring.domain.transcript.parts import MAX_SECONDS, UtterancePart, utterances_from_parts

MAX_SPEAKERS = 100
MAX_SUMMARY_CHARACTERS = 20_000
_CLOCK = r"^([0-9]{1,2}:)?[0-5]?[0-9]:[0-5][0-9]([.,][0-9]{1,3})?$"
_ROLE = "|".join(
    "".join(f"[{letter.upper()}{letter}]" for letter in role) for role in ("student", "patient", "examiner", "unknown")
)

Format = Literal[TRANSCRIPT_FORMATS]  # type: ignore[valid-type] # the parser's own list
Content = Annotated[
    str,
    # Only described here: the parser words these refusals, for files as well.
    Field(
        description="At most 1 MiB in UTF-8.",
        json_schema_extra={"minLength": 1, "pattern": rf"^[^\x00]*{SHOWS}[^\x00]*$"},
    ),
]
SourceText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_TRANSCRIPT_BYTES, pattern=SHOWS),
    Field(description="What the offsets of the utterances refer to."),
]
Label = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00]*$")]
SpeakerMap = Annotated[
    dict[Label, Annotated[Label, Field(json_schema_extra={"pattern": f"^({_ROLE})$"})]], Field(max_length=MAX_SPEAKERS)
]
SummaryText = Annotated[str, StringConstraints(max_length=MAX_SUMMARY_CHARACTERS, pattern=r"^[^\x00]*$")]
Seconds = Annotated[
    Annotated[Number, Field(ge=0, le=MAX_SECONDS)] | Annotated[str, StringConstraints(pattern=_CLOCK)],
    Field(description="Seconds, or a clock time such as 01:05.5."),
]
Offset = Annotated[StrictInt, Field(ge=0, le=MAX_TRANSCRIPT_BYTES)]


class FragmentPart(Body):
    """text[start:end] was read from source_text[source_start:source_end]."""

    start: Offset
    end: Offset
    source_start: Offset
    source_end: Offset


class UtteranceBody(Body):
    """One utterance. What /api/transcripts/parse adds may stay: with it, quotations keep their place in the source."""

    speaker: Annotated[Label, Field(description="student, patient, examiner or unknown, in any case.")]
    text: Annotated[str, StringConstraints(max_length=100_000, pattern=r"^[^\x00]*$")]
    timestamp_start: Seconds | None = None
    timestamp_end: Seconds | None = None
    turn: Annotated[StrictInt, Field(ge=1, description="Not read: turns are counted from 1 as given.")] | None = None
    end_estimated: StrictBool = False
    start: Offset | None = None
    end: Offset | None = None
    fragments: Annotated[list[FragmentPart], Field(max_length=5_000)] | None = None


Utterances = Annotated[list[UtteranceBody], Field(max_length=MAX_UTTERANCES)]


class UtteranceAnswer(Answer):
    """start, end: code points of the transcript without its BOM. fragments: null where text is source[start:end]."""

    turn: int
    speaker: Speaker
    text: str
    timestamp_start: Annotated[float | None, Field(description="Seconds; null without times.")]
    timestamp_end: float | None
    end_estimated: bool
    start: int | None
    end: int | None
    fragments: list[FragmentPart] | None


def utterance_answer(utterance: Utterance) -> UtteranceAnswer:
    spans = utterance.source_spans(0, len(utterance.text))
    verbatim = len(utterance.fragments) == 1 and utterance.fragments[0].verbatim
    return UtteranceAnswer(
        turn=utterance.turn,
        speaker=utterance.speaker,
        text=utterance.text,
        timestamp_start=_seconds(utterance.start_ms),
        timestamp_end=_seconds(utterance.end_ms),
        end_estimated=utterance.end_estimated,
        start=spans[0].start if spans else None,
        end=spans[-1].end if spans else None,
        fragments=None if verbatim else [_fragment_answer(piece) for piece in utterance.fragments],
    )


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


def _fragment_answer(piece: Fragment) -> FragmentPart:
    return FragmentPart(start=piece.start, end=piece.end, source_start=piece.source.start, source_end=piece.source.end)


class TranscriptBody(Body):
    """A transcript as it came."""

    content: Content
    format: Format | None = None
    speaker_map: SpeakerMap | None = None

    def transcript(self) -> Transcript:
        return parse_transcript(self.content, format=self.format, speaker_map=self.speaker_map)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said and the section of each utterance."""

    transcript: Transcript
    sections: tuple[Section | None, ...]

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        return self.transcript.utterances


class SpokenBody(Body):
    """Utterances; labels: their sections from /api/transcripts/segment, found here when they are left out."""

    utterances: Utterances
    source_text: SourceText | None = None
    labels: list[Section | None] | None = None

    def spoken(self) -> Spoken:
        transcript = transcript_of(self.utterances, self.source_text)
        if self.labels is None:
            return Spoken(transcript, label_sections(transcript.utterances))
        if len(self.labels) != len(self.utterances):
            raise inconsistent(
                "labels", f"There are {len(self.utterances)} utterances. Send one label or null for each."
            )
        return Spoken(transcript, tuple(self.labels))


def transcript_of(rows: Sequence[UtteranceBody], source_text: str | None = None) -> Transcript:
    """Given lists are never merged: one utterance a row, turns counted from 1."""
    read = _read(rows)
    pairs = [
        replace(utterance, end_estimated=row.end_estimated or utterance.end_estimated)
        for utterance, row in zip(read, rows, strict=True)
    ]
    if source_text is None:
        return Transcript("\n".join(row.text for row in rows), "text", tuple(_side_by_side(pairs)))
    source = source_text.removeprefix("\ufeff")
    placed = [
        _placed(utterance, row, index, source) for index, (utterance, row) in enumerate(zip(pairs, rows, strict=True))
    ]
    return Transcript(source, "text", tuple(placed))


def _read(rows: Sequence[UtteranceBody]) -> tuple[Utterance, ...]:
    """Types were checked: what is refused now is at odds with itself, such as an end before its start."""
    try:
        return utterances_from_parts([_part(row) for row in rows])
    except Malformed as refusal:
        raise Ungradable(refusal.message, code="inconsistent", fields=refusal.fields) from refusal


def _part(row: UtteranceBody) -> UtterancePart:
    return UtterancePart(row.speaker, row.text, _time(row.timestamp_start), _time(row.timestamp_end))


def _time(given: Decimal | str | None) -> str | float | None:
    return float(given) if isinstance(given, Decimal) else given


def _side_by_side(utterances: Sequence[Utterance]) -> Iterator[Utterance]:
    """Each utterance's text is its own source, at its place among the texts joined by line breaks."""
    offset = 0
    for utterance in utterances:
        end = offset + len(utterance.text)
        whole = Fragment(0, len(utterance.text), SourceSpan(offset, end))
        yield replace(utterance, fragments=(whole,) if utterance.text else ())
        offset = end + 1


def _placed(utterance: Utterance, row: UtteranceBody, index: int, source: str) -> Utterance:
    """The utterance at its place in the source; refused where the two do not fit."""
    if not row.text:
        return replace(utterance, fragments=())
    if row.fragments is None:
        if row.start is None or row.end is None or source[row.start : row.end] != row.text:
            raise inconsistent(
                f"utterances.{index}.start",
                "source_text[start:end] is not the text. Send utterances as /api/transcripts/parse answers them.",
            )
        pieces: tuple[Fragment, ...] = (Fragment(0, len(row.text), SourceSpan(row.start, row.end)),)
    else:
        pieces = tuple(
            Fragment(piece.start, piece.end, SourceSpan(piece.source_start, piece.source_end))
            for piece in row.fragments
        )
        if not _fit(pieces, row.text, source):
            raise inconsistent(
                f"utterances.{index}.fragments",
                "These do not lie gapless over the text and inside source_text. Send them as parse answers them.",
            )
    return replace(utterance, fragments=pieces)


def _fit(pieces: Sequence[Fragment], text: str, source: str) -> bool:
    reached = 0
    for piece in pieces:
        ordered = piece.start == reached < piece.end and piece.source.start <= piece.source.end <= len(source)
        if not ordered:
            return False
        same = text[piece.start : piece.end] == source[piece.source.start : piece.source.end]
        if piece.verbatim and not same and piece.end - piece.start > 1:
            return False
        reached = piece.end
    return reached == len(text)


def inconsistent(field: str, message: str) -> Ungradable:
    """Each part is well-formed, and they don't fit one another."""
    return Ungradable(f"{field}: {message}", code="inconsistent", fields=(FieldProblem(field, message),))
