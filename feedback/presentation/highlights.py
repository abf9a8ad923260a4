"""A passage cut where evidence begins and ends, so that marks may nest and overlap without broken markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Ink(StrEnum):
    """How a mark looks. Of several on one passage the first here wins: what needs a person is never painted over."""

    UNCERTAIN = "uncertain"
    YOURS = "yours"
    ASKED = "asked"
    OTHER = "other"


_STRENGTH = tuple(Ink)


@dataclass(frozen=True, slots=True)
class Span:
    """Evidence of item number `item`: [start, end) in code points of the source.

    anchor: an id of the page, unique; what a link to this evidence points at. Empty: marked without a badge.
    """

    start: int
    end: int
    item: int
    anchor: str
    ink: Ink = Ink.ASKED


@dataclass(frozen=True, slots=True)
class Badge:
    """Stands where the evidence of an item begins."""

    item: int
    anchor: str
    ink: Ink


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch under the same marks throughout. ink None: no evidence. The segments of a passage join to its text.

    start: where it begins in the source. A line break of two characters only ever ends a segment: browsers read it as
    one, and would count everything behind it one too early.
    """

    start: int
    text: str
    items: tuple[int, ...] = ()
    ink: Ink | None = None
    badges: tuple[Badge, ...] = ()


def highlighted(source: str, start: int, end: int, spans: Sequence[Span]) -> tuple[Segment, ...]:
    """source[start:end] in segments; spans that reach beyond it are clipped, empty ones and those outside ignored.

    A span that began before `start` gets no second badge here: each evidence has one place to link to.
    """
    inside = [span for span in spans if max(span.start, start) < min(span.end, end)]
    cuts = {start, end, *_after_line_breaks(source, start, end)}
    for span in inside:
        cuts |= {max(span.start, start), min(span.end, end)}
    edges = sorted(cuts)
    return tuple(_segment(source, low, high, inside) for low, high in pairwise(edges))


def _after_line_breaks(source: str, start: int, end: int) -> Iterator[int]:
    place = source.find("\r\n", start, end)
    while place >= 0:
        yield place + 2
        place = source.find("\r\n", place + 2, end)


def _segment(source: str, low: int, high: int, spans: Sequence[Span]) -> Segment:
    covering = sorted((s for s in spans if s.start <= low and high <= s.end), key=lambda s: (s.item, s.start))
    if not covering:
        return Segment(low, source[low:high])
    return Segment(
        start=low,
        text=source[low:high],
        items=tuple(dict.fromkeys(span.item for span in covering)),
        ink=min((span.ink for span in covering), key=_STRENGTH.index),
        badges=tuple(Badge(s.item, s.anchor, s.ink) for s in covering if s.start == low and s.anchor),
    )
