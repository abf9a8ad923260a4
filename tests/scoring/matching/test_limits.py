"""Large and odd input is graded, and the answer stays what it was. A quadratic step would take minutes here."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from scoring.domain.matching import load, match_questions
from scoring.domain.matching.model import Question
from scoring.domain.transcript.model import Speaker, Utterance

SMOKING = Question("smoking", "#Q.smoking", "Do you smoke?", ("do you smoke", "smoking history"))


def test_a_transcript_of_a_mebibyte() -> None:
    line = "So I see, and has the pain been there all day or does it come and go? "
    said = tuple(Utterance(n + 1, Speaker.STUDENT, line + str(n)) for n in range(2**20 // len(line)))
    (match,) = match_questions((SMOKING,), (*said, Utterance(len(said) + 1, Speaker.STUDENT, "Do you smoke?")), ())
    assert match.asked


def test_one_utterance_of_a_mebibyte_without_a_full_stop() -> None:
    (match,) = match_questions((SMOKING,), (Utterance(1, Speaker.STUDENT, "do you have any pain " * 50_000),), ())
    assert not match.asked


def test_a_rubric_of_ten_thousand_phrases() -> None:
    questions = tuple(
        Question(f"q{n}", f"#Q.q{n}", f"Any symptom number {n}?", tuple(f"symptom {n} of kind {k}" for k in range(20)))
        for n in range(500)
    )
    found = match_questions((*questions, SMOKING), (Utterance(1, Speaker.STUDENT, "Do you smoke?"),), ())
    assert [match.question_id for match in found if match.asked] == ["smoking"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=40), max_size=3), st.lists(st.text(max_size=120), max_size=4))
@example("\x85", [], [])
def test_no_text_breaks_the_matcher(label: str, phrases: list[str], lines: list[str]) -> None:
    question = Question("q", "#Q.q", label, tuple(phrases))
    utterances = tuple(Utterance(n + 1, Speaker.STUDENT, line) for n, line in enumerate(lines))
    (match,) = match_questions((question,), utterances, ())
    if match.evidence is not None:
        text = utterances[match.evidence.turn - 1].text
        assert 0 <= match.evidence.start < match.evidence.end <= len(text)
        assert match.matching_phrase in {label, *phrases}


def test_loading_checks_the_data_once_and_again_without_harm() -> None:
    load()
    load()
