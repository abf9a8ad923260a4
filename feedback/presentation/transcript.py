"""The transcript as a conversation, with the evidence marked where it was said."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.presentation.highlights import Segment, Span, highlighted
from feedback.presentation.numbers import Timeline
from feedback.presentation.ribbon import Standing, section_label, section_title, standing
from scoring.domain.result import GradingResult, SectionRun, StructureDetail, TurnEntry

_SPEAKERS = {"student": "Student", "patient": "Patient", "examiner": "Examiner", "unknown": "Not known"}


@dataclass(frozen=True, slots=True)
class SectionHead:
    """Where a section of the encounter begins."""

    label: str
    name: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class TurnView:
    """One turn. aside: the turn's own section where another one is woven in. warnings: what to check."""

    number: int
    time: str
    speaker: str
    by_student: bool
    segments: tuple[Segment, ...]
    head: SectionHead | None
    aside: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WarningView:
    """turns: at most `MAX_TURNS` of them, as (number, when); more: how many are left out."""

    message: str
    turns: tuple[tuple[int, str], ...]
    more: int


MAX_TURNS = 6


def turn_views(result: GradingResult, source: str, spans: Sequence[Span], line: Timeline) -> tuple[TurnView, ...]:
    """Evidence never reaches from one turn into the next, so each turn looks only at what begins in it."""
    heads = {run.first_turn: run for run in result.detailed_results.structure.runs}
    warnings = _warnings_by_turn(result)
    ordered = sorted(spans, key=lambda span: span.start)
    begins = [span.start for span in ordered]
    views = []
    running: SectionRun | None = None
    aside = ""
    for turn in result.detailed_results.transcript.turns:
        inside = ordered[bisect_left(begins, turn.start) : bisect_left(begins, turn.end)]
        head = heads.get(turn.turn)
        running = head or running
        before, aside = aside, _aside(turn, running)
        views.append(
            TurnView(
                number=turn.turn,
                time=line.time(turn.turn),
                speaker=_SPEAKERS.get(turn.speaker, turn.speaker),
                by_student=turn.speaker == "student",
                segments=highlighted(source, turn.start, turn.end, inside),
                head=None if head is None else _head(head, result.detailed_results.structure),
                aside=aside if aside != before else "",
                warnings=tuple(warnings.get(turn.turn, ())),
            )
        )
    return tuple(views)


def _head(run: SectionRun, structure: StructureDetail) -> SectionHead:
    return SectionHead(section_label(run.section), section_title(run.section), standing(run, structure))


def _aside(turn: TurnEntry, running: SectionRun | None) -> str:
    """The name of a turn's own section where it stands in another, such as medications inside the past history."""
    if turn.section is None or running is None:
        return ""
    own, around = section_title(turn.section), section_title(running.section)
    return "" if own == around else own


def _warnings_by_turn(result: GradingResult) -> Mapping[int, Sequence[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for warning in result.warnings:
        for turn in warning.turns:
            found[turn].append(warning.message)
    return found


def warning_views(result: GradingResult, line: Timeline) -> tuple[WarningView, ...]:
    return tuple(
        WarningView(
            message=warning.message,
            turns=tuple((turn, line.when(turn)) for turn in warning.turns[:MAX_TURNS]),
            more=max(0, len(warning.turns) - MAX_TURNS),
        )
        for warning in result.warnings
    )
