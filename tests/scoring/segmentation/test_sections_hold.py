"""What holds for any transcript: one label each, the same on every machine, in bounded time."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.segmentation import DialogueClass, Section, classify_dialogue, label_sections
from scoring.domain.segmentation.chain import likeliest_sections
from scoring.domain.segmentation.model import default_model, parse_model
from scoring.domain.segmentation.turns import leading_indexes
from scoring.domain.segmentation.words import words_of
from scoring.domain.transcript.model import Speaker, Utterance

ROOT = Path(__file__).resolve().parents[3]
STUDENT, PATIENT, EXAMINER, UNKNOWN = Speaker.STUDENT, Speaker.PATIENT, Speaker.EXAMINER, Speaker.UNKNOWN

_SPOKEN = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["Do you smoke?", "Okay.", "When did it start?", "", "¿Qué le pasa?", "你好", "Any allergies?"]),
)
_TRANSCRIPTS = st.lists(st.tuples(st.sampled_from(list(Speaker)), _SPOKEN), max_size=25)


def utterances_of(rows: list[tuple[Speaker, str]]) -> list[Utterance]:
    return [Utterance(turn, speaker, text) for turn, (speaker, text) in enumerate(rows, 1)]


@given(_TRANSCRIPTS)
def test_any_transcript_has_one_label_per_utterance(rows: list[tuple[Speaker, str]]) -> None:
    labels = label_sections(utterances_of(rows))
    assert len(labels) == len(rows)
    assert all(label is None or isinstance(label, Section) for label in labels)


@given(_TRANSCRIPTS)
def test_nothing_is_unlabelled_once_a_section_has_begun(rows: list[tuple[Speaker, str]]) -> None:
    labels = label_sections(utterances_of(rows))
    assert not any(before is not None and after is None for before, after in pairwise(labels))


@given(_TRANSCRIPTS)
def test_only_a_leading_turn_changes_the_section(rows: list[tuple[Speaker, str]]) -> None:
    utterances = utterances_of(rows)
    labels, led = label_sections(utterances), leading_indexes(utterances)
    changes = [index for index in range(1, len(labels)) if labels[index] is not labels[index - 1]]
    assert set(changes) <= set(led)


@given(_TRANSCRIPTS)
def test_any_dialogue_has_a_class(rows: list[tuple[Speaker, str]]) -> None:
    assert classify_dialogue(utterances_of(rows)) in DialogueClass


@pytest.mark.parametrize(
    ("rows", "led"),
    [
        ([(STUDENT, "a"), (PATIENT, "b"), (UNKNOWN, "c"), (EXAMINER, "d")], (0,)),
        ([(PATIENT, "a"), (UNKNOWN, "b"), (PATIENT, "c")], (1,)),
        ([(PATIENT, "a"), (PATIENT, "b")], (0, 1)),
    ],
    ids=["the student leads", "without a student, unknown speakers lead", "else everybody does"],
)
def test_the_student_leads(rows: list[tuple[Speaker, str]], led: tuple[int, ...]) -> None:
    assert leading_indexes(utterances_of(rows)) == led


def test_an_unknown_speaker_is_labelled_like_a_student() -> None:
    asked = ["What brings you in?", "When did it start?", "Do you smoke?"]
    as_student = label_sections(utterances_of([(STUDENT, text) for text in asked]))
    assert label_sections(utterances_of([(UNKNOWN, text) for text in asked])) == as_student


def test_one_family_question_inside_the_social_history_does_not_end_it() -> None:
    labels = label_sections(
        utterances_of(
            [
                (STUDENT, "What do you do for work?"),
                (PATIENT, "I teach."),
                (STUDENT, "Does anyone in your family have heart disease?"),
                (PATIENT, "My father."),
                (STUDENT, "Do you smoke or drink alcohol?"),
                (PATIENT, "No."),
            ]
        )
    )
    assert labels == (Section.SH, Section.SH, Section.FH, Section.FH, Section.SH, Section.SH)


@pytest.mark.parametrize(
    "recap",
    [
        "So to summarize, your mother and your father had strokes, and you smoke.",
        "In summary, this is a 50-year-old man with a family history of diabetes who takes insulin.",
        "Let me just summarise: your sister has asthma, and you have been wheezing.",
    ],
)
def test_a_summary_that_mentions_the_family_is_a_summary(recap: str) -> None:
    asked = [(STUDENT, "What brings you in?"), (STUDENT, "How long have you had it?"), (STUDENT, recap)]
    assert label_sections(utterances_of(asked))[-1] is Section.SUMMARY


@pytest.mark.parametrize(
    "text",
    ["word " * 100_000, "a" * 1_000_000, "'" * 1_000_000, "漢字" * 100_000, "\u0301" * 100_000],
    ids=["many words", "one long word", "apostrophes", "no spaces", "combining marks"],
)
def test_a_huge_turn_is_read_by_its_opening(text: str) -> None:
    assert len(words_of(text)) <= 400
    labels = label_sections(utterances_of([(STUDENT, "What brings you in?"), (STUDENT, text)]))
    assert labels[0] is Section.CC


def test_a_label_does_not_depend_on_what_is_said_beyond_the_opening_words() -> None:
    opening = "Do you have any allergies? " + "well " * 400
    assert words_of(opening) == words_of(opening + "does cancer run in your family?")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It’s MY knees", ("it's", "my", "knee")),
        ("54-year-old, 38.5°", ("0", "year", "old", "0", "0")),
        ("Allergies? Illness, pus, crisis", ("allergy", "illness", "pus", "crisis")),
        ("", ()),
    ],
    ids=["curly apostrophe, case, plural", "numbers", "what is no plural", "nothing"],
)
def test_words_are_compared_by_light_stems(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


def test_scores_are_integers_of_bounded_size() -> None:
    model = default_model()
    assert model.weights.dtype == np.int64
    longest_turn = 400 * 6
    assert int(np.abs(model.weights).max()) * longest_turn < 2**31


def test_a_turn_without_known_features_scores_nothing() -> None:
    model = parse_model("labels\tCC\tHPI\tFILLER\nmove:CC\t0\t0\nmove:HPI\t0\t0\nmove:\t0\t0\nw:pain\t1\t7\t0\n")
    assert model.scores([[], ["w:pain"], ["w:unseen"]]).tolist() == [[0, 0, 0], [1, 7, 0], [0, 0, 0]]
    assert model.scores([]).shape == (0, 3)


@pytest.mark.parametrize(
    ("scores", "path"),
    [
        ([[0, 0, 9], [5, 0, 0], [0, 0, 9], [0, 7, 0]], (None, 0, 0, 1)),
        ([[0, 0, 9], [0, 0, 9]], (None, None)),
        ([[4, 0, 0], [3, 4, 0], [4, 0, 0]], (0, 0, 0)),
        ([[4, 0, 0], [3, 9, 0], [4, 0, 0]], (0, 1, 0)),
        ([[1, 1, 0]], (0,)),
        ([], ()),
    ],
    ids=[
        "a filler stays in the running section",
        "fillers alone begin nothing",
        "weak evidence does not pay for a change",
        "strong evidence does",
        "a tie goes to the section listed first",
        "no turns",
    ],
)
def test_the_likeliest_path_weighs_evidence_against_moving(scores: list[list[int]], path: tuple[int | None]) -> None:
    moves = np.array([[0, -2], [-2, 0], [0, 0]], dtype=np.int64)
    assert likeliest_sections(np.array(scores, dtype=np.int64).reshape(-1, 3), moves) == path


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_labels_do_not_depend_on_the_hash_seed(seed: str) -> None:
    script = (
        "from tests.scoring.segmentation.test_label_sections import INTERVIEW, PRESENTATION, spoken\n"
        "from scoring.domain.segmentation import label_sections\n"
        "print([label_sections(spoken(script)[0]) for script in (INTERVIEW, PRESENTATION)])"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
        text=True,
    )
    from_here = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert told.stdout == from_here.stdout
    assert "SUMMARY" in told.stdout
