"""The formats a transcript can come in, and how to tell them apart."""

from __future__ import annotations

from collections.abc import Callable, Collection

from rubrics.domain.errors import Malformed
from scoring.domain.transcript.passage import Reading
from scoring.domain.transcript.plain_text import read_plain_text

Reader = Callable[[str, Collection[str]], Reading]

READERS: dict[str, Reader] = {
    "text": read_plain_text,
}
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
    return "text"
