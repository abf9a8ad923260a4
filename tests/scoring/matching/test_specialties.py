"""A mark sheet of our own across specialties, far from the rubrics that the weights were fitted on."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.domain.matching import match_questions
from scoring.domain.matching.model import Question
from scoring.domain.transcript.model import Speaker, Utterance

SHEET = Path(__file__).with_name("specialties.txt")
ROWS = [
    [cell.strip() for cell in line.split("|")]
    for line in SHEET.read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("verdict", "label", "phrases", "said"), ROWS, ids=[row[3] for row in ROWS])
def test_the_mark_sheet(verdict: str, label: str, phrases: str, said: str) -> None:
    question = Question("q", "#Q.q", label, tuple(phrase.strip() for phrase in phrases.split(";")))
    utterances = (Utterance(1, Speaker.STUDENT, said), Utterance(2, Speaker.PATIENT, "Well, I suppose so."))
    (match,) = match_questions((question,), utterances, (None, None))
    assert match.asked is (verdict == "yes")
