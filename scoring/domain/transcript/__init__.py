"""Transcripts of interviews and case presentations, read from the formats that schools have (docs/transcripts.md)."""

from __future__ import annotations

from collections.abc import Mapping

from rubrics.domain.errors import Ungradable
from scoring.domain.transcript.assembly import assemble
from scoring.domain.transcript.decode import DecodedText, check_text, decode_transcript
from scoring.domain.transcript.formats import READERS, TRANSCRIPT_FORMATS, check_format, recognise
from scoring.domain.transcript.limits import MAX_LINES, MAX_TRANSCRIPT_BYTES, MAX_UTTERANCES
from scoring.domain.transcript.model import Speaker, Transcript
from scoring.domain.transcript.serialise import serialise_text
from scoring.domain.transcript.speakers import read_speaker_map

__all__ = [
    "MAX_LINES",
    "MAX_TRANSCRIPT_BYTES",
    "MAX_UTTERANCES",
    "TRANSCRIPT_FORMATS",
    "DecodedText",
    "decode_transcript",
    "parse_transcript",
    "require_gradable",
    "serialise_text",
]


def parse_transcript(
    content: str,
    *,
    format: str | None = None,  # noqa: A002 - the API's own name for it
    speaker_map: Mapping[str, str] | None = None,
) -> Transcript:
    """Read a transcript; every offset refers to `content` without its BOM.

    format: one of `TRANSCRIPT_FORMATS`, or None to have it recognised.
    speaker_map: a role for any label, in any case (`{"Speaker 1": "student"}`); it wins over what the label says.

    Raises Malformed (empty, not of the stated format, a bad map), TooLarge, UnsupportedFormat (binary), and Ungradable
    when nothing in it is speech. A student need not speak: that is asked by `require_gradable`.
    """
    source = check_text(content)
    mapped = read_speaker_map(speaker_map)
    name = check_format(format) if format else recognise(source)
    transcript = assemble(source, name, READERS[name](source, mapped.keys()), mapped)
    if not transcript.utterances:
        raise Ungradable(
            "No speech was found in this transcript, only headings, times or labels. "
            "Check that the file has what was said.",
            code="no_speech",
        )
    return transcript


def require_gradable(transcript: Transcript) -> Transcript:
    """The transcript, when a student says something in it; Ungradable otherwise."""
    if any(utterance.speaker is Speaker.STUDENT for utterance in transcript.utterances):
        return transcript
    raise Ungradable(
        "This file has no lines by a student. Tell us which speaker is the student, or check the labels in the file.",
        code="no_student_speech",
    )
