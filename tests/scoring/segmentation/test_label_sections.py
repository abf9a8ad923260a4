"""What the segmenter must get right, whoever trained it: the traps of graders of this kind."""

from __future__ import annotations

import pytest

from scoring.domain.segmentation import Section, label_sections
from scoring.domain.transcript.model import Speaker, Utterance

SPEAKERS = {"S": Speaker.STUDENT, "P": Speaker.PATIENT, "E": Speaker.EXAMINER, "?": Speaker.UNKNOWN}

INTERVIEW = """
S: Hello, my name is Jo and I'm a medical student. | None
P: Hi there. | None
S: What brings you to the emergency department? | CC
P: I have a terrible headache. | CC
S: When did it start? | HPI
P: Yesterday evening. | HPI
S: Okay. | HPI
S: Is it sharp or dull, and where exactly? | HPI
P: Dull, all over. | HPI
S: Any trouble passing urine? | ROS
P: No. | ROS
S: Any diarrhea or constipation? | ROS
P: No. | ROS
S: Do you have any medical conditions? | PMH
P: Migraine. | PMH
S: Which medications do you take? | MEDS
P: Just ibuprofen. | MEDS
S: Any allergies? | ALLERGIES
P: Not that I know. | ALLERGIES
S: Do you smoke? | SH
P: I quit. | SH
S: Does anyone in your family have migraines? | FH
P: My mother. | FH
S: And what do you do for work? | SH
P: I'm a teacher. | SH
S: So to summarize, you have a dull headache since yesterday, and your mother has migraines. Is that right? | SUMMARY
P: Yes. | SUMMARY
S: I'd like to examine you and then order some blood tests. | PLAN
P: Sure. | PLAN
S: Thank you. | PLAN
"""

PRESENTATION = """
S: This is a 61-year-old woman with a history of asthma who presents with a cough. | CC
S: It began one week ago and is productive of green sputum. | HPI
S: Past medical history is notable for asthma and reflux. | PMH
S: Family history is positive for lung cancer in her father. | FH
S: She is a former smoker and lives with her daughter. | SH
S: On exam, she had crackles at the right base. | EXAM
S: In summary, this is a 61-year-old woman with asthma and a family history of lung cancer. | SUMMARY
S: My assessment is community acquired pneumonia. | ASSESSMENT
"""


def spoken(script: str) -> tuple[list[Utterance], list[str]]:
    rows = [line.rsplit(" | ", 1) for line in script.strip().splitlines()]
    utterances = [Utterance(turn, SPEAKERS[said[0]], said[3:]) for turn, (said, _) in enumerate(rows, 1)]
    return utterances, [label for _, label in rows]


def said(*lines: str, by: Speaker = Speaker.STUDENT) -> list[Utterance]:
    return [Utterance(turn, by, line) for turn, line in enumerate(lines, 1)]


@pytest.mark.parametrize("script", [INTERVIEW, PRESENTATION], ids=["interview", "case presentation"])
def test_an_ordinary_encounter_is_labelled_turn_by_turn(script: str) -> None:
    utterances, expected = spoken(script)
    assert [str(label) for label in label_sections(utterances)] == expected


@pytest.mark.parametrize(
    "opening",
    [
        "What brings you to the emergency department?",
        "What brings you to the Emergency Department today?",
        "How can I help you today?",
        "Hi, I'm a medical student. What seems to be the problem?",
    ],
)
def test_an_opening_question_is_the_chief_complaint(opening: str) -> None:
    assert label_sections(said(opening, "When did it start?")) == (Section.CC, Section.HPI)


def test_every_utterance_has_an_entry_and_a_leading_greeting_makes_no_section() -> None:
    labels = label_sections(said("Good morning.", "Nice to meet you.", "What brings you in?"))
    assert labels == (None, None, Section.CC)


def test_no_utterances_have_no_labels() -> None:
    assert label_sections([]) == ()


def test_a_transcript_of_greetings_alone_has_no_section() -> None:
    assert label_sections(said("Hello.", "Hi.", "Thank you.")) == (None, None, None)


@pytest.mark.parametrize(
    "opening",
    [
        "So tell me what's been happening.",
        "So, um, what happened today?",
        "What brings you to the emergency department?",
        "How can I help you this morning?",
        "What seems to be the trouble?",
    ],
)
def test_an_open_invitation_opens_the_encounter(opening: str) -> None:
    utterances, _ = spoken(
        f"S: {opening} | CC\nP: My stomach hurts since yesterday. | CC\nS: Where does it hurt? | HPI"
    )
    assert label_sections(utterances)[0] is Section.CC
