"""The class of a whole short dialogue, and the weights files that classes and sections rest on."""

from __future__ import annotations

import pytest

from scoring.domain.segmentation.dialogue import DialogueClass, classify_dialogue
from scoring.domain.segmentation.release import SegmenterFileError, released_text
from scoring.domain.transcript import parse_transcript

DIALOGUES = {
    DialogueClass.PMH: "Doctor: Do you have any allergies?\nPatient: Just penicillin.",
    DialogueClass.SH_FH: "Doctor: Does anyone in your family have diabetes?\nPatient: My mother does.",
    DialogueClass.PLAN: "Doctor: The plan is to start a blood pressure tablet and see you in two weeks.\nPatient: OK.",
    DialogueClass.CC: "Doctor: What brings you in today?\nPatient: My back hurts.",
    DialogueClass.EXAM: "Doctor: On examination your lungs sound clear. The X-ray was normal.\nPatient: Good.",
}


@pytest.mark.parametrize(("expected", "text"), DIALOGUES.items(), ids=[name.value for name in DIALOGUES])
def test_a_short_dialogue_has_the_class_of_its_topic(expected: DialogueClass, text: str) -> None:
    assert classify_dialogue(parse_transcript(text).utterances) is expected


def test_a_dialogue_of_unknown_words_has_the_commonest_class() -> None:
    assert classify_dialogue(()) is DialogueClass.HPI


def test_a_weights_file_that_is_not_the_released_one_is_refused() -> None:
    with pytest.raises(SegmenterFileError, match="restore it from the release"):
        released_text("sections.tsv", "0" * 64)
