"""Stations of specialties that the weights never saw, told in everyday words with decoys.

The vocabulary was widened after they were written, so they no longer measure anything; they keep what was gained.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from scoring.domain.matching import match_questions
from scoring.domain.matching.model import Question
from scoring.domain.transcript.model import Speaker, Utterance

FOLDER = Path(__file__).with_name("stations")
STATIONS = sorted(path.stem for path in FOLDER.glob("*.txt"))
_STUDENT = re.compile(r"D\[([\w,]*)\]: (.*)")


class Station(NamedTuple):
    questions: tuple[Question, ...]
    utterances: tuple[Utterance, ...]
    asked: frozenset[str]


def read_station(name: str) -> Station:
    """`? id | label | phrases`, then turns: `D[ids it asks]: …` of the student and `P: …` of the patient."""
    questions: list[Question] = []
    utterances: list[Utterance] = []
    asked: set[str] = set()
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("? "):
            identifier, label, phrases = (cell.strip() for cell in line[2:].split("|"))
            questions.append(Question(identifier, f"#Q.{identifier}", label, tuple(phrases.split("; "))))
        elif said := _STUDENT.fullmatch(line):
            asked.update(filter(None, said[1].split(",")))
            utterances.append(Utterance(len(utterances) + 1, Speaker.STUDENT, said[2]))
        elif line.startswith("P: "):
            utterances.append(Utterance(len(utterances) + 1, Speaker.PATIENT, line[3:]))
    return Station(tuple(questions), tuple(utterances), frozenset(asked))


def wrong_verdicts(station: Station) -> tuple[set[str], set[str]]:
    """Questions that are credited without having been asked, and those that are missed."""
    matches = match_questions(station.questions, station.utterances, (None,) * len(station.utterances))
    credited = {match.question_id for match in matches if match.asked}
    return credited - station.asked, set(station.asked - credited)


@pytest.mark.parametrize("name", STATIONS)
def test_every_mark_names_a_question(name: str) -> None:
    station = read_station(name)
    assert station.asked < {question.id for question in station.questions}


def test_few_questions_are_credited_that_were_not_asked_and_few_are_missed() -> None:
    stations = [read_station(name) for name in STATIONS]
    wrong = [wrong_verdicts(station) for station in stations]
    asked = sum(len(station.asked) for station in stations)
    not_asked = sum(len(station.questions) for station in stations) - asked
    assert sum(len(credited) for credited, _ in wrong) <= 0.22 * not_asked
    assert sum(len(missed) for _, missed in wrong) <= 0.18 * asked
