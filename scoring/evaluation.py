"""Runs the engine over annotated interviews and compares. Reads files, stores nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rubrics.domain.errors import Malformed
from rubrics.domain.vocabulary import vocabulary_from_json, wordings_of
from scoring.domain.agreement import Counts, count
from scoring.domain.matching import matcher_with
from scoring.domain.matching.model import Question, QuestionMatch
from scoring.domain.matching.own_words import OwnWords
from scoring.domain.segmentation import label_sections
from scoring.domain.segmentation.section import Section
from scoring.domain.transcript import decode_transcript, parse_transcript
from scoring.domain.transcript.model import Transcript
from scoring.school import school_engine

SECTIONS = ("CC", "HPI", "ROS", "PMH", "SH", "FH", "SUMMARY")
_AS_PMH = {"MEDS": "PMH", "ALL": "PMH", "ALLERGIES": "PMH"}


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """One checklist item of one interview, as the engine and as the person marked it."""

    question: Question
    match: QuestionMatch
    person: bool
    sure: bool
    evidence_turns: tuple[int, ...]
    quote: str

    @property
    def agrees(self) -> bool:
        return self.match.asked == self.person

    @property
    def cites_a_marked_turn(self) -> bool:
        return self.match.evidence is not None and self.match.evidence.turn in self.evidence_turns


@dataclass(frozen=True, slots=True)
class InterviewVerdicts:
    """sections: pairs of (engine, person) for the turns that the person labelled with one of `SECTIONS`."""

    interview: str
    rubric: str
    items: tuple[ItemVerdict, ...]
    sections: tuple[tuple[str | None, str], ...]

    def counts(self, *, sure_only: bool = False) -> Counts:
        return count([(item.match.asked, item.person) for item in self.items if item.sure or not sure_only])


def evaluate_folder(gold: Path) -> Iterator[InterviewVerdicts]:
    """One interview at a time, in the order of their names. Raises Malformed when the folder has no labels."""
    labels = sorted((gold / "labels").glob("*.json"))
    if not labels:
        raise Malformed(f"{gold} has no labels/*.json. Give a folder with labels, rubrics and transcripts.")
    for path in labels:
        yield _evaluate(gold, path.stem, _json(path))


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Malformed(f"{path.name} is not readable JSON. Mend the file.") from error


def _evaluate(gold: Path, name: str, label: dict[str, Any]) -> InterviewVerdicts:
    transcript = _transcript(gold, name)
    sections = label_sections(transcript.utterances)
    rubric = _json(gold / "rubrics" / f"{label['rubric']}.json")
    questions = _questions(rubric)
    match = matcher_with((*school_engine().school, *_own_words(rubric)))
    matches = match(questions, transcript.utterances, sections, None)
    marks = label["questions"]
    items = tuple(
        _item(question, match, marks[question.id], transcript)
        for question, match in zip(questions, matches, strict=True)
        if marks.get(question.id, {}).get("asked") is not None
    )
    return InterviewVerdicts(name, label["rubric"], items, _section_pairs(label.get("sections", {}), sections))


def _transcript(gold: Path, name: str) -> Transcript:
    paths = sorted((gold / "transcripts").glob(f"{name}.*"))
    if not paths:
        raise Malformed(f"transcripts/{name}.* is missing beside its labels. Add the file or remove the labels.")
    return parse_transcript(decode_transcript(paths[0].read_bytes()).text)


def _questions(rubric: dict[str, Any]) -> list[Question]:
    return [
        Question(q["id"], q["anchor"], q["label"], tuple(q["phrases"]), critical=q.get("critical", False))
        for q in rubric["key_questions"]
    ]


def _own_words(rubric: dict[str, Any]) -> OwnWords:
    return wordings_of(vocabulary_from_json(json.dumps(rubric.get("vocabulary", []))))


def _item(question: Question, match: QuestionMatch, mark: dict[str, Any], transcript: Transcript) -> ItemVerdict:
    evidence = match.evidence
    quote = "" if evidence is None else transcript.utterances[evidence.turn - 1].text[evidence.start : evidence.end]
    return ItemVerdict(
        question, match, mark["asked"], mark.get("sure", True), tuple(mark.get("evidence", ())), " ".join(quote.split())
    )


def _section_pairs(labels: dict[str, str], sections: tuple[Section | None, ...]) -> tuple[tuple[str | None, str], ...]:
    pairs = []
    for turn, person in labels.items():
        section = sections[int(turn) - 1]
        machine = None if section is None else _AS_PMH.get(section.value, section.value)
        if _AS_PMH.get(person, person) in SECTIONS:
            pairs.append((machine, _AS_PMH.get(person, person)))
    return tuple(pairs)
