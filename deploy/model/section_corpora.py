"""Read the annotated corpora and our own examples into turns that carry the sections they may belong to."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scoring.domain.segmentation.features import encounter_features, turn_features
from scoring.domain.segmentation.model import FILLER
from scoring.domain.segmentation.turns import leading_indexes, leading_turns
from scoring.domain.transcript.model import Speaker, Utterance

_INTERVIEW_LINE = re.compile(r"(?:\[[\d:]+\]\s*)?(D|P|Doctor|Patient):\s*(.*)")
_DIALOGUE_LINE = re.compile(r"(\w+):\s*(.*)")
_INTERVIEW_LABELS = {"ALL": ("ALLERGIES",), "OTHER": (FILLER,), "PLAN": ("PLAN", "ASSESSMENT")}
_SUMMARY_WEIGHT = 3


@dataclass(frozen=True, slots=True)
class LabelledTurn:
    """allowed: the labels it may have, in no order; empty when the annotators left it out."""

    features: list[str]
    allowed: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Encounter:
    """Turns in order. `ordered` is false when they were never said one after another."""

    id: str
    turns: tuple[LabelledTurn, ...]
    ordered: bool
    utterances: tuple[Utterance, ...] = ()
    gold: tuple[str | None, ...] = ()


def interviews(folder: Path) -> list[Encounter]:
    """The osce-dev interviews, by id; `gold` is the annotated label of every utterance as the file names it."""
    return [_interview(path, folder) for path in sorted((folder / "labels").glob("*.json"))]


def _interview(path: Path, folder: Path) -> Encounter:
    labels: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["sections"]
    lines = (folder / "transcripts" / f"{path.stem}.txt").read_text(encoding="utf-8-sig").splitlines()
    spoken = [match for line in lines if (match := _INTERVIEW_LINE.match(line.strip()))]
    utterances = tuple(
        Utterance(turn, Speaker.STUDENT if match[1].startswith("D") else Speaker.PATIENT, match[2])
        for turn, match in enumerate(spoken, 1)
    )
    gold = tuple(labels.get(str(utterance.turn)) for utterance in utterances)
    allowed = [_INTERVIEW_LABELS.get(label, (label,)) if label else () for label in gold]
    return _encounter(path.stem, utterances, allowed, gold=gold)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A snippet of MTS-Dialog; `note` is the section a clinician wrote from it."""

    note: str
    header: str
    utterances: tuple[Utterance, ...]


def read_dialogues(path: Path) -> list[Dialogue]:
    with path.open(encoding="utf-8-sig", newline="") as rows:
        return [
            Dialogue(row["section_text"], row["section_header"], _spoken(row["dialogue"]))
            for row in csv.DictReader(rows)
        ]


def _spoken(text: str) -> tuple[Utterance, ...]:
    utterances: list[Utterance] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _DIALOGUE_LINE.match(line)
        name, said = (match[1], match[2]) if match else ("Doctor", line)
        utterances.append(Utterance(len(utterances) + 1, _role(name), said))
    return tuple(utterances)


def _role(name: str) -> Speaker:
    return Speaker.STUDENT if name.startswith("Do") else Speaker.PATIENT


def examples(path: Path) -> list[Encounter]:
    """Our own examples; `== apart` lines stand alone, other blocks are whole encounters."""
    found: list[Encounter] = []
    for number, (kind, rows) in enumerate(_blocks(path.read_text(encoding="utf-8"))):
        utterances = tuple(Utterance(turn, _example_role(label), text) for turn, (label, text) in enumerate(rows, 1))
        allowed = [(label,) for label, _ in rows]
        ordered = kind != "apart"
        found.append(_encounter(f"example{number}", utterances, allowed, ordered=ordered))
    return found


def _example_role(label: str) -> Speaker:
    return Speaker.PATIENT if label == "P" else Speaker.STUDENT


def _blocks(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    kind, rows = "", list[tuple[str, str]]()
    for line in text.splitlines():
        if line.startswith("== "):
            if rows:
                yield kind, rows
            kind, rows = line.removeprefix("== "), []
        elif line and not line.startswith("#"):
            label, said = line.split("\t")
            rows.append((label, said))
    yield kind, rows


def _encounter(
    identifier: str,
    utterances: tuple[Utterance, ...],
    allowed: Sequence[tuple[str, ...]],
    *,
    ordered: bool = True,
    gold: tuple[str | None, ...] = (),
) -> Encounter:
    led = leading_indexes(utterances)
    turns = leading_turns(utterances, led)
    named = encounter_features(turns) if ordered else [turn_features(turn) for turn in turns]
    labelled = tuple(
        LabelledTurn(features, allowed[index], _weight(allowed[index]))
        for index, features in zip(led, named, strict=True)
    )
    return Encounter(identifier, labelled, ordered, utterances, gold)


def _weight(allowed: tuple[str, ...]) -> int:
    """A summary is rare and missing one is costly, so each counts for more than another turn."""
    return _SUMMARY_WEIGHT if allowed == ("SUMMARY",) else 1
