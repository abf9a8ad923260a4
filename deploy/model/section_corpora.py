"""Read the annotated corpora and our own examples into turns that carry the sections they may belong to."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scoring.domain.segmentation.cues import default_lexicon
from scoring.domain.segmentation.features import encounter_features, turn_features
from scoring.domain.segmentation.model import FILLER
from scoring.domain.segmentation.turns import leading_indexes, leading_turns
from scoring.domain.transcript.model import Speaker, Utterance

_INTERVIEW_LINE = re.compile(r"(?:\[[\d:]+\]\s*)?(D|P|Doctor|Patient):\s*(.*)")
_DIALOGUE_LINE = re.compile(r"(\w+):\s*(.*)")
_INTERVIEW_LABELS = {"ALL": ("ALLERGIES",), "OTHER": (FILLER,), "PLAN": ("PLAN", "ASSESSMENT")}
_HEADER_LABELS = {
    "CC": ("CC", "HPI"),
    "GENHX": ("CC", "HPI"),
    "ROS": ("ROS",),
    "FAM/SOCHX": ("FH", "SH"),
    "PASTMEDICALHX": ("PMH",),
    "PASTSURGICAL": ("PMH",),
    "GYNHX": ("PMH",),
    "IMMUNIZATIONS": ("PMH",),
    "OTHER_HISTORY": ("PMH",),
    "MEDICATIONS": ("MEDS",),
    "ALLERGY": ("ALLERGIES",),
    "EXAM": ("EXAM",),
    "IMAGING": ("EXAM",),
    "LABS": ("EXAM",),
    "PROCEDURES": ("EXAM", "PLAN"),
    "ASSESSMENT": ("ASSESSMENT",),
    "DIAGNOSIS": ("ASSESSMENT",),
    "PLAN": ("PLAN",),
    "DISPOSITION": ("PLAN",),
    "EDCOURSE": ("PLAN", "EXAM"),
}


@dataclass(frozen=True, slots=True)
class LabelledTurn:
    """allowed: the labels it may have, in no order; empty when the annotators left it out."""

    features: list[str]
    allowed: tuple[str, ...]
    weight: float


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
    return _encounter(path.stem, utterances, allowed, weight=1.0, gold=gold)


def dialogues(path: Path, weight: float) -> list[Encounter]:
    """The MTS-Dialog snippets: every doctor's turn may be of its header's sections or a filler."""
    found: list[Encounter] = []
    for row in read_dialogues(path):
        allowed = [(*_HEADER_LABELS[row.header], FILLER)] * len(row.utterances)
        found.append(_encounter(row.id, row.utterances, allowed, weight=weight))
    return found


@dataclass(frozen=True, slots=True)
class Dialogue:
    id: str
    header: str
    utterances: tuple[Utterance, ...]


def read_dialogues(path: Path) -> list[Dialogue]:
    with path.open(encoding="utf-8-sig", newline="") as rows:
        return [Dialogue(row["ID"], row["section_header"], _spoken(row["dialogue"])) for row in csv.DictReader(rows)]


def _spoken(text: str) -> tuple[Utterance, ...]:
    utterances: list[Utterance] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _DIALOGUE_LINE.match(line)
        name, said = (match[1], match[2]) if match else ("Doctor", line)
        utterances.append(Utterance(len(utterances) + 1, _role(name), said))
    return tuple(utterances)


def _role(name: str) -> Speaker:
    return Speaker.STUDENT if name.startswith("Do") else Speaker.PATIENT


def examples(path: Path, weight: float) -> list[Encounter]:
    """Our own examples; `== apart` lines stand alone, other blocks are whole encounters."""
    found: list[Encounter] = []
    for number, (kind, rows) in enumerate(_blocks(path.read_text(encoding="utf-8"))):
        utterances = tuple(Utterance(turn, Speaker.STUDENT, text) for turn, (_, text) in enumerate(rows, 1))
        allowed = [(label,) for label, _ in rows]
        ordered = kind != "apart"
        found.append(_encounter(f"example{number}", utterances, allowed, weight=weight, ordered=ordered))
    return found


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
    weight: float,
    ordered: bool = True,
    gold: tuple[str | None, ...] = (),
) -> Encounter:
    led = leading_indexes(utterances)
    turns = leading_turns(utterances, led, default_lexicon())
    named = encounter_features(turns) if ordered else [turn_features(turn) for turn in turns]
    labelled = tuple(LabelledTurn(features, allowed[index], weight) for index, features in zip(led, named, strict=True))
    return Encounter(identifier, labelled, ordered, utterances, gold)
