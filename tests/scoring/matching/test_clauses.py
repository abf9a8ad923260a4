"""Cutting speech into clauses and telling questions from the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.matching.clauses import clauses_of, student_clauses
from scoring.domain.matching.forms import Form
from scoring.domain.transcript.model import Speaker, Utterance

CUT = [
    pytest.param("Any fever? And chills?", ["Any fever?", "And chills?"], id="sentences"),
    pytest.param("OK. Right. Any fever?", ["Any fever?"], id="words-of-assent"),
    pytest.param("Dr. Lee saw you at 9 a.m. today.", ["Dr. Lee saw you at 9 a.m. today."], id="abbreviations"),
    pytest.param("", [], id="empty"),
    pytest.param("Um.", [], id="only-a-filler"),
]
FORMS = [
    pytest.param("Do you smoke?", {Form.MARKED, Form.ASKS}, id="question"),
    pytest.param("do you smoke", {Form.ASKS}, id="question-without-its-mark"),
    pytest.param("Any fever", {Form.LISTS}, id="list"),
    pytest.param("No chills?", {Form.MARKED, Form.LISTS}, id="negative-list"),
    pytest.param("Tell me about the pain.", {Form.ASKS}, id="request"),
    pytest.param("I won’t ask about smoking.", {Form.DENIED}, id="not-asked"),
    pytest.param("We didn't discuss alcohol.", {Form.DENIED}, id="not-discussed"),
    pytest.param("I forgot to ask about alcohol.", {Form.OMITTED}, id="forgotten"),
    pytest.param("I still need to ask about alcohol.", {Form.OMITTED}, id="still-to-come"),
    pytest.param("We'll do a scan.", {Form.PLANS}, id="plan"),
    pytest.param("You said it was the left.", {Form.CONFIRMS}, id="restated"),
]


@pytest.mark.parametrize(("text", "pieces"), CUT)
def test_where_speech_is_cut(text: str, pieces: list[str]) -> None:
    assert [text[clause.start : clause.end] for clause in clauses_of(text)] == pieces


@pytest.mark.parametrize(("text", "forms"), FORMS)
def test_the_forms_of_a_clause(text: str, forms: set[Form]) -> None:
    (clause,) = clauses_of(text)
    assert forms <= clause.forms


def test_a_patient_who_took_nothing_is_not_a_question_that_was_not_asked() -> None:
    (clause,) = clauses_of("So you didn't take anything for it")
    assert Form.DENIED not in clause.forms


def test_stutters_and_fillers_are_not_heard() -> None:
    (clause,) = clauses_of("how, um, how how long, uh, have you had it?")
    assert clause.words == ("how", "long", "have", "you", "had", "it")


def test_a_long_sentence_is_cut_where_a_question_begins() -> None:
    text = "so you told me about the cough and the cold and all of that and the week you had and do you have any pain in your chest at all"
    assert len(list(clauses_of(text))) == 2


def test_a_question_that_an_assent_splits_is_one() -> None:
    utterances = (
        Utterance(1, Speaker.STUDENT, "Any pain in your"),
        Utterance(2, Speaker.PATIENT, "Mm-hmm."),
        Utterance(3, Speaker.STUDENT, "chest?"),
    )
    assert student_clauses(utterances)[-1].words == ("any", "pain", "in", "your", "chest")


def test_a_finished_sentence_is_not_joined_to_the_next_turn() -> None:
    utterances = (Utterance(1, Speaker.STUDENT, "Any pain?"), Utterance(2, Speaker.STUDENT, "Fever?"))
    assert student_clauses(utterances)[-1].words == ("fever",)


@given(st.text(max_size=300))
def test_no_text_breaks_the_cutting_and_clauses_follow_each_other(text: str) -> None:
    end = 0
    for clause in clauses_of(text):
        assert end <= clause.start < clause.end <= len(text)
        assert len(clause.stems) == len(clause.words) > 0
        end = clause.end
