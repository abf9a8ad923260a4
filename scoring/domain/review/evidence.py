"""Evidence that a person points out: cut from the source by us, and refused unless it is there word for word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rubrics.domain.errors import Ungradable
from scoring.domain.citations import Quote
from scoring.domain.result import TurnEntry

BYTE_ORDER_MARK = "\ufeff"
MAX_QUOTE = 2000


@dataclass(frozen=True, slots=True)
class Passage:
    """[start, end) in code points of the source; the quote is what the person saw there."""

    source: Literal["oral", "summary"]
    start: int
    end: int
    quote: str


def oral_source(oral_transcript: str) -> str:
    """The text that offsets refer to: a byte order mark at its head does not count."""
    return oral_transcript.removeprefix(BYTE_ORDER_MARK)


def verified_quote(passage: Passage, *, oral: str, summary: str, turns: Sequence[TurnEntry]) -> Quote:
    """Raises Ungradable (`citation_rejected`) for words that do not stand there, or that cross from turn to turn."""
    text = oral if passage.source == "oral" else summary
    inside = 0 <= passage.start < passage.end <= len(text)
    if not inside or text[passage.start : passage.end] != passage.quote or not passage.quote.strip():
        raise _rejected("These words do not stand at that place of the text. Select them again.")
    if passage.end - passage.start > MAX_QUOTE:
        raise _rejected(f"Evidence is at most {MAX_QUOTE} characters. Select the words that matter.")
    turn = None if passage.source == "summary" else _turn_of(passage, turns)
    return Quote(source=passage.source, turn=turn, start=passage.start, end=passage.end, quote=passage.quote)


def _turn_of(passage: Passage, turns: Sequence[TurnEntry]) -> int:
    for turn in turns:
        if turn.start <= passage.start and passage.end <= turn.end:
            return turn.turn
    raise _rejected("Evidence lies within one turn. Select words of one speaker.")


def _rejected(message: str) -> Ungradable:
    return Ungradable(message, code="citation_rejected")
