"""Ends of utterances, and the doubts that a transcript is graded with."""

from __future__ import annotations

import pytest

from scoring.domain.transcript import parse_transcript
from scoring.domain.transcript.model import Transcript
from scoring.domain.transcript.warnings import FEWEST_WORDS
from tests.scoring.transcript.reading import codes, times


def turns(transcript: Transcript, code: str) -> tuple[int, ...]:
    return next(w.turns for w in transcript.warnings if w.code == code)


ENDS = {
    "a stated end": ("[00:05 - 00:07] Student: Hi.\n[00:09] Patient: Hi.", [(5000, 7000, False), (9000, 10_000, True)]),
    "the next start": ("[00:05] Student: Hi.\n[00:09] Patient: Hi.", [(5000, 9000, False), (9000, 10_000, True)]),
    "an estimate of 0.4 seconds a word": ("[00:05] Student: one two three four five", [(5000, 7000, True)]),
    "at least a second": ("[00:05] Student: Hi.", [(5000, 6000, True)]),
    "never its own start": ("[00:05] Student: Hi.\n[00:05] Patient: Hi.", [(5000, 6000, True), (5000, 6000, True)]),
    "its own start when the source says so": ("[00:05 - 00:05] Student: Hi.", [(5000, 5000, False)]),
    "an estimate when times run back": (
        "[00:05] Student: Hi.\n[00:02] Patient: Hi.",
        [(5000, 6000, True), (2000, 3000, True)],
    ),
    "an estimate bounded by a later start": (
        "[00:05] Student: one two three four five\nPatient: Hi.\n[00:06] Student: Hi.",
        [(5000, 6000, True), (None, None, False), (6000, 7000, True)],
    ),
    "an end before the start is not used": ("[00:08 - 00:05] Student: Hi.", [(8000, 9000, True)]),
    "no time, no end": ("Student: Hi.", [(None, None, False)]),
}


@pytest.mark.parametrize(("content", "expected"), ENDS.values(), ids=ENDS.keys())
def test_an_utterance_ends_at(content: str, expected: list[tuple[int | None, int | None, bool]]) -> None:
    utterances = parse_transcript(content).utterances
    assert [(u.start_ms, u.end_ms, u.end_estimated) for u in utterances] == expected


WARNED: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "times that run back": (
        "[00:05] Student: a\n[00:02] Patient: b\n[00:03] Student: c\n[00:09] Patient: d", "times_out_of_order", (2, 3),
    ),
    "an end before its start": ("[00:01] Patient: b\n[00:08 - 00:05] Student: a", "ends_before_start", (2,)),
    "some turns without times": ("[00:05] Student: a\nPatient: b", "mixed_times", (2,)),
    "times of day": ("9:00 AM Student: a\n9:01 AM Patient: b", "times_of_day", ()),
    "a long silence": ("[00:05] Student: a\n[01:06.999] Patient: b", "gap", (1,)),
    "a long silence after a stated end": ("[00:05 - 00:06] Student: a\n[01:06.001] Patient: b", "gap", (1,)),
    "a student alone": ("Student: a\nStudent: b", "single_speaker", ()),
    "a patient alone": ("Patient: a\nPatient: b", "single_speaker", ()),
    "a dialogue without labels": ("Any fever?\nNo.\nAny cough?\nNo.\nAny pain?\nYes.", "unlabelled_dialogue", ()),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code", "expected"), WARNED.values(), ids=WARNED.keys())
def test_a_doubt_is_named_with_its_turns(content: str, code: str, expected: tuple[int, ...]) -> None:
    assert turns(parse_transcript(content), code) == expected


def test_the_order_of_the_file_is_kept_when_times_run_back() -> None:
    assert [start for start, _ in times("[00:05] Student: a\n[00:02] Patient: b")] == [5000, 2000]


NOT_WARNED = {
    "times in order": "[00:05] Student: a\n[00:05] Patient: b\n[00:08] Student: c",
    "no times": "Student: a\nPatient: b",
    "a pause of a minute": "[00:05] Student: a\n[01:06] Patient: b",
    "a long turn that fills its time": f"[00:05] Student: {'word ' * 200}\n[01:25] Patient: b",
}


@pytest.mark.parametrize("content", NOT_WARNED.values(), ids=NOT_WARNED.keys())
def test_there_is_no_doubt_about(content: str) -> None:
    assert codes(content) == []


@pytest.mark.parametrize(("words", "told"), [(FEWEST_WORDS - 1, True), (FEWEST_WORDS, False)])
def test_a_very_short_transcript_is_told(words: int, told: bool) -> None:
    content = f"Student: {'word ' * (words - 1)}\nPatient: yes"
    assert ("very_short" in [w.code for w in parse_transcript(content).warnings]) is told


def test_a_case_presentation_has_only_the_doubt_of_one_voice() -> None:
    assert codes("A man of 54 with chest pain. He denies fever. He smokes.") == ["single_speaker"]
