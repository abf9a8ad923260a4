"""How labels and phrases of a rubric are taken apart."""

from __future__ import annotations

import pytest

from scoring.domain.matching.model import Question
from scoring.domain.matching.questions import Reader
from scoring.domain.matching.vocabulary import clinical_vocabulary


def wordings(label: str, *phrases: str, beside: tuple[Question, ...] = ()) -> set[frozenset[str]]:
    """What has to be heard for the question, a set of concepts and words for each wording."""
    question = Question("q", "#q", label, phrases)
    units = Reader((question, *beside), clinical_vocabulary()).units()
    return {
        frozenset(item.concepts[0] if item.concepts else item.words[0] for item, _ in unit.items)
        for unit in units
        if unit.question == 0
    }


ONSET = Question("onset", "#o", "When did the cough start?", ("how long have you had the cough",))
READ = [
    pytest.param(("Any fever, chills or night sweats?",), {frozenset({"fever"}), frozenset({"chills"}), frozenset({"night sweats"})}, id="a-list-is-its-members"),
    pytest.param(("Any heart disease or cancer in the family?",), {frozenset({"heart disease", "@family"}), frozenset({"cancer", "@family"})}, id="the-family-holds-for-all"),
    pytest.param(("Do you smoke?", "how many a day"), {frozenset({"@smoking"})}, id="what-the-vocabulary-knows"),
    pytest.param(("Do you smoke?", "for how many years"), {frozenset({"@smoking"}), frozenset({"@onset", "@smoking"})}, id="an-elliptic-phrase-takes-its-topic"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "expected"), READ)
def test_what_has_to_be_heard(texts: tuple[str, ...], expected: set[frozenset[str]]) -> None:
    assert wordings(*texts) >= expected


def test_a_subject_need_not_be_named_again() -> None:
    assert wordings(ONSET.label, *ONSET.phrases) == {frozenset({"@onset"})}


def test_naming_the_subject_alone_is_not_asking_what_it_is_like() -> None:
    found = wordings("What is it about the cough?", "describe the cough", beside=(ONSET,))
    assert frozenset({"cough"}) not in found


def test_a_question_after_the_subject_itself_keeps_it() -> None:
    assert frozenset({"cough"}) in wordings("Any cough?", "any cough", beside=(ONSET,))


@pytest.mark.parametrize("text", ["?", "…", "of the", "123", "\r", ""], ids=repr)
def test_a_label_without_content_asks_nothing_and_breaks_nothing(text: str) -> None:
    assert all(len(names) <= 1 for names in wordings(text, text))


def test_how_heavy_the_bleeding_is_asks_for_more_than_the_subject() -> None:
    onset = Question("onset", "#o", "When did the heavy bleeding start?", ("how long have your periods been heavy",))
    assert frozenset({"heavy periods"}) in wordings("How heavy is the bleeding?", "flooding or clots", beside=(onset,))
