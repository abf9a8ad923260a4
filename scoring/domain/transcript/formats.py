"""The formats a transcript can come in, and how to tell them apart."""

from __future__ import annotations

from collections.abc import Callable, Collection

from rubrics.domain.errors import Malformed
from scoring.domain.transcript.cues import is_srt, is_vtt, read_srt, read_vtt
from scoring.domain.transcript.json_formats import is_aws_transcribe, is_json, read_aws_transcribe, read_whisper
from scoring.domain.transcript.passage import Reading
from scoring.domain.transcript.plain_text import read_plain_text
from scoring.domain.transcript.tabular import is_csv, is_tsv, read_csv, read_tsv

Reader = Callable[[str, Collection[str]], Reading]

READERS: dict[str, Reader] = {
    "text": read_plain_text,
    "vtt": read_vtt,
    "srt": read_srt,
    "aws_transcribe": read_aws_transcribe,
    "whisper": read_whisper,
    "csv": read_csv,
    "tsv": read_tsv,
}
_SIGNS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("vtt", is_vtt),
    ("srt", is_srt),
    ("aws_transcribe", is_aws_transcribe),
    ("whisper", is_json),
    ("tsv", is_tsv),
    ("csv", is_csv),
)
TRANSCRIPT_FORMATS = tuple(READERS)


def check_format(name: str) -> str:
    """The name of a format we read, in lower case; Malformed with the list of them otherwise."""
    known = name.strip().lower()
    if known not in READERS:
        raise Malformed(
            f"“{name}” is not a transcript format. Use one of {', '.join(TRANSCRIPT_FORMATS)}, "
            "or leave it out to have the format recognised."
        )
    return known


def recognise(source: str) -> str:
    """The format that the content is in; what is nothing else is plain text."""
    return next((name for name, matches in _SIGNS if matches(source)), "text")
