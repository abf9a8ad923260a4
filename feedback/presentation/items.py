"""The rubric's items with their verdicts, in the rubric's order, numbered through the whole page.

A verdict is an icon, a word and a tone together: none of the three stands alone on a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from feedback.domain.phrasing import shortened
from feedback.presentation.highlights import Ink, Span
from feedback.presentation.numbers import Timeline
from scoring.domain.citations import Citations, Cited, Quote


class Tone(StrEnum):
    """What a verdict asks of its reader; style sheets colour by it."""

    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Verdict:
    icon: str
    word: str
    tone: Tone


ASKED = Verdict("✓", "Asked", Tone.GOOD)
MISSED = Verdict("✕", "Missed", Tone.BAD)
UNCERTAIN = Verdict("?", "Uncertain", Tone.UNSURE)
TO_MARK = Verdict("–", "Yours to mark", Tone.OPEN)
HEARD = Verdict("✓", "Heard", Tone.GOOD)
NOT_HEARD = Verdict("✕", "Not heard", Tone.BAD)
PRESENT = Verdict("✓", "Present", Tone.GOOD)
ABSENT = Verdict("✕", "Not found", Tone.BAD)
MET = Verdict("✓", "Met", Tone.GOOD)
NOT_MET = Verdict("✕", "Not met", Tone.BAD)
IN_ORDER = Verdict("✓", "In order", Tone.GOOD)
SPARED = Verdict("✓", "Spared", Tone.GOOD)
APPLIES = Verdict("✕", "Applies", Tone.BAD)
OUT_OF_PLACE = Verdict("✕", "Out of place", Tone.BAD)
SUCCINCT = Verdict("✓", "Succinct", Tone.GOOD)
TOO_LONG = Verdict("✕", "Too long", Tone.BAD)


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in the student's words. anchor: where on the page it is; quote may be empty where a place says enough."""

    when: str
    anchor: str
    quote: str


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Item:
    """credited: it earned its points. marked: quotations that are highlighted in the transcript.

    looked: the moments are where it was looked for. number: its place on the page, from 1. key: its name in reviews.
    """

    verdict: Verdict
    label: str
    citations: Citations
    credited: bool = False
    marked: tuple[Quote, ...] = ()
    moments: tuple[Moment, ...] = ()
    looked: bool = False
    critical: bool = False
    confidence: str = ""
    note: str = ""
    cost: str = ""
    facts: tuple[Fact, ...] = ()
    number: int = 0
    key: str = ""

    @property
    def anchor(self) -> str:
        return f"item-{self.number}"

    @property
    def needs_a_person(self) -> bool:
        return self.verdict.tone in (Tone.UNSURE, Tone.OPEN)


def moments(entry: Cited, line: Timeline, *, number: int) -> tuple[Moment, ...]:
    """Links to marked evidence, one for each turn: what was said there in pieces is quoted together."""
    found = []
    for place, pieces in enumerate(_by_turn(entry.evidence)):
        quote = shortened(" … ".join(piece.quote for piece in pieces))
        found.append(Moment(_when(pieces[0], line), evidence_anchor(number, place), quote))
    return tuple(found)


def _by_turn(quotes: Sequence[Quote]) -> list[list[Quote]]:
    turns: dict[int | None, list[Quote]] = {}
    for quote in quotes:
        turns.setdefault(quote.turn, []).append(quote)
    return list(turns.values())


def places(entry: Cited, line: Timeline, *, quoted: bool) -> tuple[Moment, ...]:
    """Links to whole turns or to the summary, which are not marked; each place once."""
    found: dict[str, Moment] = {}
    for quote in entry.evidence:
        anchor = "written-summary" if quote.turn is None else f"turn-{quote.turn}"
        text = shortened(quote.quote) if quoted else ""
        found.setdefault(anchor, Moment(_when(quote, line), anchor, text))
    return tuple(found.values())


def _when(quote: Quote, line: Timeline) -> str:
    return "written summary" if quote.turn is None else line.when(quote.turn)


def evidence_anchor(number: int, place: int) -> str:
    """The id of an item's evidence in the transcript: `e3`, in further turns `e3-1`, `e3-2`."""
    return f"e{number}-{place}" if place else f"e{number}"


def spans_of(items: Sequence[Item], source: str) -> Iterator[Span]:
    """What to highlight in one source, “oral” or “summary”; only the first piece in a turn has an anchor."""
    for item in items:
        for place, pieces in enumerate(_by_turn(item.marked)):
            for piece in pieces:
                if piece.source == source:
                    anchor = evidence_anchor(item.number, place) if piece is pieces[0] else ""
                    yield Span(piece.start, piece.end, item.number, anchor, _ink(item))


def _ink(item: Item) -> Ink:
    if item.verdict is UNCERTAIN:
        return Ink.UNCERTAIN
    return Ink.ASKED if item.verdict is ASKED else Ink.OTHER
