"""Did the encounter follow the expected order? (contract 6.1, docs/algorithms/structure.md)

Utterance labels become runs, runs become the detected order, and the score is the longest common subsequence with
the rubric's order, less the penalties that apply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from rubrics.domain.document import PenaltyKind, Structure, StructurePenalty
from rubrics.domain.penalties import read_penalty
from scoring.domain.formulas import structure_share
from scoring.domain.segmentation.section import Section
from scoring.domain.structure_labels import rubric_labels
from scoring.domain.transcript.model import Speaker, Utterance


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive utterances of one section; `label` is spelled as the rubric spells it, turns are inclusive."""

    label: str
    first_turn: int
    last_turn: int
    student_turns: tuple[int, ...]


class ViolationKind(StrEnum):
    MISSING = "missing_section"
    INVERSION = "inversion"


@dataclass(frozen=True, slots=True)
class StructureViolation:
    """A section that is missing, or found before one that should precede it.

    penalty: the rubric's penalty that names this very violation, else None (then it costs only its place in the
    subsequence). run: where the section was found out of place; None when it is missing.
    """

    kind: ViolationKind
    section: str
    before: str | None
    penalty: StructurePenalty | None
    run: Run | None


@dataclass(frozen=True, slots=True)
class StructureScore:
    score: Fraction
    runs: tuple[Run, ...]
    in_order: tuple[Run, ...]
    applied_penalties: tuple[StructurePenalty, ...]
    violations: tuple[StructureViolation, ...]

    @property
    def detected_order(self) -> tuple[str, ...]:
        return tuple(run.label for run in self.runs)


def score_structure(
    structure: Structure, utterances: Sequence[Utterance], sections: Sequence[Section | None]
) -> StructureScore:
    """score = clamp(LCS(detected, expected) / len(expected) + sum of the values of the penalties that apply)."""
    runs = section_runs(structure, utterances, sections)
    in_order = _longest_in_order(runs, structure.expected_order)
    first = _first_runs(runs)
    applied = tuple(penalty for penalty in structure.penalties if _applies(penalty, structure, first))
    return StructureScore(
        score=structure_share(
            in_order=len(in_order),
            expected=len(structure.expected_order),
            penalties=(Fraction(penalty.value) for penalty in applied),
        ),
        runs=runs,
        in_order=in_order,
        applied_penalties=applied,
        violations=_violations(structure, first, in_order, applied),
    )


def section_runs(
    structure: Structure, utterances: Sequence[Utterance], sections: Sequence[Section | None]
) -> tuple[Run, ...]:
    """Runs in reading order; unlabelled utterances belong to the run they stand in.

    A run with a single question of the student, flanked by the same section on both sides, is a detour and is
    dropped, unless it is all there is of its section: one family question inside the social history is not a
    missing family history.
    """
    labels = rubric_labels(structure)
    runs: list[Run] = []
    for utterance, section in zip(utterances, sections, strict=True):
        label = runs[-1].label if section is None and runs else labels.get(section)
        if label is not None:
            _extend(runs, label, utterance)
    return _without_detours(runs)


def _extend(runs: list[Run], label: str, utterance: Utterance) -> None:
    turn = utterance.turn
    asked = (turn,) if utterance.speaker is Speaker.STUDENT else ()
    if runs and runs[-1].label == label:
        last = runs[-1]
        runs[-1] = Run(label, last.first_turn, turn, last.student_turns + asked)
    else:
        runs.append(Run(label, turn, turn, asked))


def _without_detours(runs: Sequence[Run]) -> tuple[Run, ...]:
    total = {label: sum(run.label == label for run in runs) for label in {run.label for run in runs}}
    kept: list[Run] = []
    for index, run in enumerate(runs):
        following = runs[index + 1].label if index + 1 < len(runs) else None
        detour = len(run.student_turns) <= 1 and bool(kept) and kept[-1].label == following and total[run.label] > 1
        if detour:
            total[run.label] -= 1
        elif kept and kept[-1].label == run.label:
            kept[-1] = _joined(kept[-1], run)
        else:
            kept.append(run)
    return tuple(kept)


def _joined(first: Run, second: Run) -> Run:
    return Run(first.label, first.first_turn, second.last_turn, first.student_turns + second.student_turns)


def _longest_in_order(runs: Sequence[Run], expected: Sequence[str]) -> tuple[Run, ...]:
    """The longest common subsequence of runs and expected labels; of several, the one whose runs come earliest."""
    longest = [[0] * (len(expected) + 1) for _ in range(len(runs) + 1)]
    for i in reversed(range(len(runs))):
        for j in reversed(range(len(expected))):
            together = longest[i + 1][j + 1] + 1 if runs[i].label == expected[j] else 0
            longest[i][j] = max(together, longest[i + 1][j], longest[i][j + 1])
    chosen: list[Run] = []
    i = j = 0
    while longest[i][j]:
        place = _place_in(expected, runs[i].label, j)
        if place is not None and longest[i + 1][place + 1] + 1 == longest[i][j]:
            chosen.append(runs[i])
            j = place + 1
        i += 1
    return tuple(chosen)


def _place_in(expected: Sequence[str], label: str, start: int) -> int | None:
    return next((place for place in range(start, len(expected)) if expected[place] == label), None)


def _first_runs(runs: Sequence[Run]) -> dict[str, Run]:
    first: dict[str, Run] = {}
    for run in runs:
        first.setdefault(run.label.casefold(), run)
    return first


def _applies(penalty: StructurePenalty, structure: Structure, first: Mapping[str, Run]) -> bool:
    reading = read_penalty(penalty, structure.expected_order)
    if reading is None:
        return False
    section = first.get(reading.section.casefold())
    if reading.kind is PenaltyKind.MISSING:
        return section is None
    before = first.get((reading.before or "").casefold())
    return section is not None and before is not None and section.first_turn < before.first_turn


def _violations(
    structure: Structure, first: Mapping[str, Run], in_order: Sequence[Run], applied: Sequence[StructurePenalty]
) -> tuple[StructureViolation, ...]:
    readings = [(penalty, read_penalty(penalty, structure.expected_order)) for penalty in applied]
    named = [(penalty, reading) for penalty, reading in readings if reading is not None]
    missing = {r.section.casefold(): p for p, r in reversed(named) if r.kind is PenaltyKind.MISSING}
    found = [
        StructureViolation(ViolationKind.MISSING, label, None, missing.get(label.casefold()), None)
        for label in dict.fromkeys(structure.expected_order)
        if label.casefold() not in first
    ]
    expected = {label.casefold() for label in structure.expected_order}
    found += [
        StructureViolation(ViolationKind.MISSING, r.section, None, p, None)
        for p, r in named
        if r.kind is PenaltyKind.MISSING and r.section.casefold() not in expected
    ]
    penalised = [
        StructureViolation(ViolationKind.INVERSION, r.section, r.before, p, first[r.section.casefold()])
        for p, r in named
        if r.kind is PenaltyKind.ORDER
    ]
    return (*found, *penalised, *_displaced(structure, first, in_order, penalised))


def _displaced(
    structure: Structure,
    first: Mapping[str, Run],
    in_order: Sequence[Run],
    penalised: Sequence[StructureViolation],
) -> list[StructureViolation]:
    """Sections left out of the subsequence that no applied order penalty has named yet."""
    placed = {run.label.casefold() for run in in_order}
    named = {name.casefold() for v in penalised for name in (v.section, v.before or "")}
    displaced = []
    for index, label in enumerate(structure.expected_order):
        run = first.get(label.casefold())
        if run is None or label.casefold() in placed | named:
            continue
        before = _neighbour_in_conflict(structure.expected_order, index, first)
        displaced.append(StructureViolation(ViolationKind.INVERSION, label, before, None, run))
    return displaced


def _neighbour_in_conflict(expected: Sequence[str], index: int, first: Mapping[str, Run]) -> str | None:
    """The nearest expected predecessor that came later, else None (the section came too late)."""
    here = first[expected[index].casefold()].first_turn
    for label in reversed(expected[:index]):
        other = first.get(label.casefold())
        if other is not None and other.first_turn > here:
            return label
    return None
