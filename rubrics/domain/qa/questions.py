"""Checks of the key questions: can each be told from the others by what a student says?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rubrics.domain.document import KeyQuestion, RubricDocument
from rubrics.domain.qa.findings import PatchOperation, Problem, removal
from rubrics.domain.qa.words import content_words, stem, words

MIN_LETTERS = 3
MIN_QUESTIONS_FOR_COMMON = 4
COMMON_SHARE = 3
"""A word is common when it stands in more than one of so many questions."""

MAX_CONTAINED_WORDS = 6
_LIST = re.compile(r"[^,?]+(?:,[^,?]+)+,?\s+(?:and|&)\s+[^,?]+", re.IGNORECASE)
_SECOND_QUESTION = re.compile(
    r"(?:\?|,?\s+and)\s+(?=(?:how|when|where|what|which|who|why|do|does|did|is|are|was|were|have|has|can)\b)",
    re.IGNORECASE,
)
_PAIR = re.compile(r"(?P<left>[^,;]+?)\s+(?:and|&|/)\s+(?P<right>[^,;]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """One phrase of one question."""

    question: int
    phrase: int

    @property
    def field(self) -> str:
        return f"key_questions.{self.question}.phrases.{self.phrase}"


def critical_questions(rubric: RubricDocument) -> Iterator[Problem]:
    if not any(question.critical for question in rubric.key_questions):
        yield Problem("key_questions", "No question is critical; mark at least one that must not be missed.")


def _phrases(rubric: RubricDocument) -> Iterator[tuple[Place, str]]:
    for q_index, question in enumerate(rubric.key_questions):
        for p_index, phrase in enumerate(question.phrases):
            yield Place(q_index, p_index), phrase


def _without(rubric: RubricDocument, place: Place) -> tuple[PatchOperation, ...]:
    """The fix that drops a phrase, unless it is the question's only one."""
    phrases = rubric.key_questions[place.question].phrases
    return removal(place.field, phrases[place.phrase]) if len(phrases) > 1 else ()


def no_duplicate_phrases(rubric: RubricDocument) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for place, phrase in _phrases(rubric):
        key = " ".join(phrase.casefold().split())
        if key in owner:
            yield Problem(
                place.field,
                f"The phrase “{phrase}” stands in “{owner[key]}” already; keep it in one place.",
                _without(rubric, place),
            )
        owner.setdefault(key, rubric.key_questions[place.question].id)


def phrases_overlap(rubric: RubricDocument) -> Iterator[Problem]:
    """A phrase that stands inside a phrase of another question: whoever asks the longer is heard as asking both."""
    shorter = _Shorter(rubric)
    for place, phrase in _phrases(rubric):
        found = shorter.within(words(phrase), place.question)
        if found is not None:
            other = rubric.key_questions[found.question]
            yield Problem(
                place.field,
                f"“{phrase}” contains “{other.phrases[found.phrase]}” of “{other.id}”, so it may be heard as that "
                "question too. Make one of the two more particular.",
            )


class _Shorter:
    """Phrases that are short enough to stand inside another, found by their words.

    Only lengths that occur after the two words at hand are tried, so that the cost stays with the length of the text.
    """

    def __init__(self, rubric: RubricDocument) -> None:
        self._places: dict[tuple[str, ...], dict[int, Place]] = {}
        self._lengths: dict[tuple[str, ...], set[int]] = {}
        for place, phrase in _phrases(rubric):
            tokens = words(phrase)
            # Phrases without a telling word are another check's business.
            if len(tokens) <= MAX_CONTAINED_WORDS and content_words(phrase):
                self._places.setdefault(tokens, {}).setdefault(place.question, place)
                self._lengths.setdefault(tokens[:2], set()).add(len(tokens))

    def within(self, tokens: tuple[str, ...], own: int) -> Place | None:
        """The first phrase of another question among the stretches of these words."""
        for start in range(len(tokens)):
            for head in (tokens[start : start + 1], tokens[start : start + 2]):
                for length in self._lengths.get(head, ()):
                    found = self._places.get(tokens[start : start + length], {})
                    other = next((place for question, place in found.items() if question != own), None)
                    if other is not None:
                        return other
        return None


def phrases_discriminate(rubric: RubricDocument) -> Iterator[Problem]:
    """Too short, made of words that every question holds, or of words that most questions here hold."""
    common = _common_stems(rubric)
    for place, phrase in _phrases(rubric):
        reason = _says_too_little(phrase, common)
        if reason is not None:
            yield Problem(
                place.field,
                f"“{phrase}” {reason}, so it can't tell this question from others. Write it as a student would ask.",
                _without(rubric, place),
            )


def _says_too_little(phrase: str, common: frozenset[str]) -> str | None:
    telling = content_words(phrase)
    if phrase.isascii() and sum(map(len, words(phrase))) < MIN_LETTERS:
        return f"has fewer than {MIN_LETTERS} letters"
    if not telling:
        return "holds no word that says what is asked"
    if all(stem(word) in common for word in telling):
        return "holds only words that stand in many questions of this rubric"
    return None


def _common_stems(rubric: RubricDocument) -> frozenset[str]:
    """Stems that stand in more than a third of the questions, in a rubric large enough to tell."""
    count = len(rubric.key_questions)
    if count < MIN_QUESTIONS_FOR_COMMON:
        return frozenset()
    standing: Counter[str] = Counter()
    for question in rubric.key_questions:
        standing.update({stem(word) for phrase in question.phrases for word in content_words(phrase)})
    return frozenset(word for word, times in standing.items() if times * COMMON_SHARE > count)


def compound_labels(rubric: RubricDocument) -> Iterator[Problem]:
    """One item that asks for several things: a student who asks for one of them gets all or nothing."""
    for index, question in enumerate(rubric.key_questions):
        parts = _parts(question)
        if parts:
            yield Problem(
                f"key_questions.{index}.label",
                f"“{question.label}” asks {len(parts)} things in one item ({'; '.join(parts)}), and asking one of them "
                "earns all or nothing. Make each an item of its own.",
            )


def _parts(question: KeyQuestion) -> tuple[str, ...]:
    label = question.label
    clauses = tuple(part.strip(" ,.?") for part in _SECOND_QUESTION.split(label) if part.strip(" ,.?"))
    if len(clauses) > 1 and all(len(words(clause)) > 1 for clause in clauses):
        return clauses
    if _LIST.search(label):
        return tuple(
            part.strip(" ?.") for part in re.split(r",\s*(?:and\s+|&\s+)?|\s+(?:and|&)\s+", label) if part.strip(" ?.")
        )
    return _pair(question)


def _pair(question: KeyQuestion) -> tuple[str, ...]:
    """“Smoking and alcohol”: two things when some phrases speak of the one alone and some of the other alone."""
    pair = _PAIR.fullmatch(question.label.strip(" ?."))
    if pair is None:
        return ()
    left, right = ({stem(word) for word in content_words(pair[side])} for side in ("left", "right"))
    spoken = [{stem(word) for word in content_words(phrase)} for phrase in question.phrases]
    apart = any(said & left and not said & right for said in spoken) and any(
        said & right and not said & left for said in spoken
    )
    return (pair["left"].strip(), pair["right"].strip()) if apart and not left & right else ()
