"""The section ribbon and the score bars: geometry for SVG drawn on the server, in percent of the width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from feedback.domain.phrasing import section_name
from feedback.presentation.numbers import Timeline
from scoring.domain.result import SectionRun, StructureDetail, TurnEntry


@dataclass(frozen=True, slots=True)
class Standing:
    """How a run of a section stands to the expected order: an icon, words and a tone, as with verdicts."""

    icon: str
    words: str
    tone: str


IN_ORDER = Standing("✓", "in order", "good")
AGAIN = Standing("↺", "come back to", "open")
NOT_EXPECTED = Standing("+", "not part of the expected order", "open")
OUT_OF_PLACE = Standing("✕", "out of place", "bad")


def standing(run: SectionRun, structure: StructureDetail) -> Standing:
    """A section that was heard in its place is not out of place when the student comes back to it later."""
    if run.in_order:
        return IN_ORDER
    if run.section.casefold() not in {label.casefold() for label in structure.expected_order}:
        return NOT_EXPECTED
    placed = {other.section for other in structure.runs if other.in_order}
    return AGAIN if run.section in placed else OUT_OF_PLACE


_LONGEST_CODE = 3
# The ribbon's capitals and small letters are about so many pixels wide; a label that would be cut is left out instead.
_LETTER, _DIGIT, _PADDING = 9, 8, 12
_DESKTOP, _PHONE = 1160, 340


@dataclass(frozen=True, slots=True)
class RibbonPart:
    """x, width: percent of the ribbon. fits: the label has room `always`, only on `wide` screens, or `never`."""

    label: str
    name: str
    turn: int
    when: str
    x: str
    width: str
    standing: Standing
    fits: str


@dataclass(frozen=True, slots=True)
class Ribbon:
    """timed: drawn by the clock; otherwise by the number of turns."""

    parts: tuple[RibbonPart, ...]
    timed: bool


def ribbon(structure: StructureDetail, turns: Sequence[TurnEntry], line: Timeline) -> Ribbon:
    """One part a run of a section. Times that are missing or run backwards would draw a lie, so turns count then."""
    runs = structure.runs
    clocked = _clocked(turns)
    starts = clocked or {turn.turn: turn.turn - 1 for turn in turns}
    end = max((turn.end_ms or turn.start_ms or 0 for turn in turns), default=0) if clocked else len(turns)
    first = min(starts.values(), default=0)
    places = [starts[run.first_turn] for run in runs] + [end]
    total = Fraction(max(end - first, 1))
    parts = tuple(
        _part(run, standing(run, structure), Fraction(low - first) / total, Fraction(high - low) / total, line)
        for run, (low, high) in zip(runs, pairwise(places), strict=True)
    )
    return Ribbon(parts, timed=bool(clocked))


def _clocked(turns: Sequence[TurnEntry]) -> dict[int, int]:
    starts = {turn.turn: turn.start_ms for turn in turns if turn.start_ms is not None}
    in_order = all(before <= after for before, after in pairwise(starts.values()))
    moves = len(set(starts.values())) > 1
    return starts if len(starts) == len(turns) and in_order and moves else {}


def _part(run: SectionRun, place: Standing, x: Fraction, width: Fraction, line: Timeline) -> RibbonPart:
    return RibbonPart(
        label=section_label(run.section),
        name=section_title(run.section),
        turn=run.first_turn,
        when=line.when(run.first_turn),
        x=svg_percent(x),
        width=svg_percent(width),
        standing=place,
        fits=_fits(_shown(run, place), line.when(run.first_turn), width),
    )


def _shown(run: SectionRun, place: Standing) -> str:
    label = section_label(run.section)
    return label if place is IN_ORDER else f"{place.icon} {label}"


def _fits(label: str, when: str, width: Fraction) -> str:
    needed = max(len(label) * _LETTER, len(when) * _DIGIT) + _PADDING
    if width * _PHONE >= needed:
        return "always"
    return "wide" if width * _DESKTOP >= needed else "never"


def section_label(label: str) -> str:
    """As short as the rubric has it; the engine's own long codes are written as words."""
    return label.capitalize() if label.isupper() and len(label) > _LONGEST_CODE else label


def section_title(label: str) -> str:
    """“HPI” as “History of present illness”."""
    name = section_name(label)
    return name[:1].upper() + name[1:]


def svg_percent(share: Fraction) -> str:
    """
    >>> svg_percent(Fraction(1, 3))
    '33.33%'
    """
    return f"{float(share * 100):.2f}%"
