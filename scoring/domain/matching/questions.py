"""A rubric's questions taken apart into what has to be heard for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scoring.domain.matching.model import Question
from scoring.domain.matching.phrases import Part, Phrase, read_phrase
from scoring.domain.matching.resources import read_pairs
from scoring.domain.matching.tokens import stem
from scoring.domain.matching.vocabulary import ASPECTS, ENTITIES, Kind, Vocabulary

UNKNOWN_WORD = 80
ORDINARY_CONCEPT = 60
CONCEPT_WEIGHT = {Kind.SITE: 25, Kind.GENERAL: 12}
REFERENT = 20  # weight of what a question is about, where another thing is what it asks
BESIDE_CONCEPTS, BESIDE_ASPECTS = 2, 4  # words beside a concept or an aspect weigh this many times less
SPECIFIC = ENTITIES | {Kind.CIRCUMSTANCE, Kind.PERSON}
WH_WORDS = frozenset(["what", "where", "when", "how", "which", "why", "who", "whereabouts"])
TELLING_WORD = 60  # a word that may stand for a question by itself


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to hear: any of `concepts` of the vocabulary, or else a word; `words` are those it was read from."""

    concepts: tuple[str, ...]
    words: tuple[str, ...]


Items = tuple[tuple[Item, int], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A wording that is enough by itself: all of `items`, each with its weight, read from `phrase`."""

    question: int
    phrase: str
    items: Items


@lru_cache(maxsize=1)
def word_weights() -> dict[str, int]:
    return {word: int(weight) for word, weight in read_pairs("word_weights.txt")}


def weight_of_word(word: str) -> int:
    """How telling a stem is; 80 when it is rare in consultations."""
    return word_weights().get(word, UNKNOWN_WORD)


def weight_of_concept(kind: Kind) -> int:
    return CONCEPT_WEIGHT.get(kind, ORDINARY_CONCEPT)


class Reader:
    """Turns questions into units; it knows the rubric's subjects, what its questions about attributes are about."""

    def __init__(self, questions: Sequence[Question], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._labels = [read_phrase(q.label, vocabulary, at_and=True) for q in questions]
        self._phrases = [[read_phrase(p, vocabulary, at_and=False) for p in q.phrases] for q in questions]
        everything = [p for label, phrases in zip(self._labels, self._phrases, strict=True) for p in (label, *phrases)]
        self.subjects = frozenset(name for phrase in everything for name in self._subjects_of(phrase))

    def units(self) -> tuple[Unit, ...]:
        found: dict[tuple[int, frozenset[tuple[Item, int]]], Unit] = {}
        for number, (label, phrases) in enumerate(zip(self._labels, self._phrases, strict=True)):
            for phrase, items in self._of_question(label, phrases):
                found.setdefault((number, frozenset(items)), Unit(number, phrase.text, items))
        return tuple(found.values())

    def _of_question(self, label: Phrase, phrases: Sequence[Phrase]) -> Iterator[tuple[Phrase, Items]]:
        alternatives = [(p, parts) for p in (label, *phrases) for parts in self._alternatives(p)]
        telling = alternatives if self._asks_for_subject(label) else self._telling(alternatives)
        topic = self._topic(label)
        general = not topic and any(self._is_bare(parts) for _, parts in telling)
        aspect = tuple(part for part in label.parts if self._kind(part) in ASPECTS)[:1]
        for phrase, parts in telling:
            whole = (*parts, *topic) if self._is_bare(parts) else (*parts, *aspect) if self._only_when(parts) else parts
            yield phrase, self._items(whole, general=general)

    def _asks_for_subject(self, label: Phrase) -> bool:
        """“Any cough?” does; “What is the cough like?” does not, even where its wording is not understood."""
        opens = next(iter(label.text.split()), "").lower()
        alternatives = self._alternatives(label)
        if opens in WH_WORDS:
            # “How heavy is the bleeding?” asks for it too: more than its name is in the wording.
            alternatives = [parts for parts in alternatives if all(len(part.words) > 1 for part in parts)]
        return any(self._only_subjects(parts) for parts in alternatives)

    def _only_when(self, parts: Sequence[Part]) -> bool:
        """Names a circumstance alone: “on climbing stairs?” means that it is worse then, as the label says."""
        kinds = {self._kind(part) for part in parts if self._is_strong(part) and part.concepts}
        return kinds == {Kind.CIRCUMSTANCE}

    def _telling(self, alternatives: list[tuple[Phrase, tuple[Part, ...]]]) -> list[tuple[Phrase, tuple[Part, ...]]]:
        """Without the wordings that name the subject alone: they would be met by any mention of it."""
        return [pair for pair in alternatives if not self._only_subjects(pair[1])] or alternatives

    def _subjects_of(self, phrase: Phrase) -> Iterator[str]:
        if any(self._kind(part) is Kind.ATTRIBUTE for part in phrase.parts):
            for part in phrase.parts:
                if self._kind(part) in {Kind.SIGN, Kind.FINDING, Kind.CONDITION}:
                    yield from part.concepts

    def _topic(self, label: Phrase) -> tuple[Part, ...]:
        """What a question is about that asks for no aspect of the subject: “how many a day?” belongs to smoking."""
        alternatives = self._alternatives(label)
        if any(self._is_bare(parts) for parts in alternatives):
            return ()
        return tuple(part for part in alternatives[0] if self._is_specific(part))[:1]

    def _alternatives(self, phrase: Phrase) -> list[tuple[Part, ...]]:
        """The wordings a text stands for: “fever, chills or night sweats” is three, any of which is enough."""
        segments = self._with_places([phrase.segment(number) for number in range(phrase.segments)])
        strong = [
            parts
            for number, parts in enumerate(segments)
            if any(self._is_strong(part) for part in parts)
            and not (
                number
                and self._is_bare(parts)
                and self._repeats_aspect(parts, [part for part in phrase.parts if 0 in part.segments])
            )
            and not (phrase.segments > 1 and self._only_subjects(parts))
        ]
        return strong or [phrase.parts]

    def _with_places(self, segments: list[tuple[Part, ...]]) -> list[tuple[Part, ...]]:
        """In “does the urine smell or hurt?” it is the urine that may hurt: a sign takes what the list began with."""
        heads = [
            part for part in (segments[0] if segments else ()) if self._kind(part) in {Kind.FINDING, Kind.CONDITION}
        ]
        return segments[:1] + [
            (*parts, *heads[:1]) if {self._kind(p) for p in parts if self._is_strong(p)} == {Kind.SIGN} else parts
            for parts in segments[1:]
        ]

    def _repeats_aspect(self, parts: Sequence[Part], first: Sequence[Part]) -> bool:
        said = {name for part in first if self._kind(part) in ASPECTS for name in part.concepts}
        return all(not said.isdisjoint(part.concepts) for part in parts if self._kind(part) in ASPECTS)

    def _is_bare(self, parts: Sequence[Part]) -> bool:
        """Asks for an aspect of the subject and of nothing else in particular."""
        aspect = any(self._kind(part) in ASPECTS for part in parts)
        return aspect and not any(self._is_specific(part) for part in parts)

    def _is_specific(self, part: Part) -> bool:
        return self._kind(part) in SPECIFIC and not self._is_subject(part)

    def _only_subjects(self, parts: Sequence[Part]) -> bool:
        strong = [part for part in parts if self._is_strong(part)]
        return bool(strong) and all(self._is_subject(part) for part in strong)

    def _is_subject(self, part: Part) -> bool:
        return bool(part.concepts) and not self.subjects.isdisjoint(part.concepts)

    def _is_strong(self, part: Part) -> bool:
        kind = self._kind(part)
        if kind is None:
            return weight_of_word(stem(part.words[0])) >= TELLING_WORD
        return kind not in {Kind.SITE, Kind.GENERAL}

    def _items(self, parts: Sequence[Part], *, general: bool) -> Items:
        found: dict[object, tuple[Item, int]] = {}
        for part in parts:
            weight = self._weight(part, parts, general=general)
            if weight:
                found.setdefault(part.concepts or stem(part.words[0]), (Item(part.concepts, part.words), weight))
        return tuple(found.values())

    def _weight(self, part: Part, parts: Sequence[Part], *, general: bool) -> int:
        kind = self._kind(part)
        if kind is None:
            weight = weight_of_word(stem(part.words[0]))
            if any(self._kind(other) in ASPECTS for other in parts):
                return weight // BESIDE_ASPECTS
            return weight // BESIDE_CONCEPTS if any(other.concepts for other in parts) else weight
        if kind in ENTITIES or kind is Kind.CIRCUMSTANCE:
            others = [other for other in parts if other is not part and self._is_strong(other)]
            aspect = any(self._kind(other) in ASPECTS for other in others)
            if self._is_subject(part) and others:
                return 0 if aspect else REFERENT
            if aspect and general:
                return REFERENT
        return weight_of_concept(kind)

    def _kind(self, part: Part) -> Kind | None:
        return self._vocabulary.concepts[part.concepts[0]].kind if part.concepts else None
