"""What a clause means where it stands: whom it is about, what “it” is, whether it was asked or only repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from scoring.domain.matching.clauses import Clause
from scoring.domain.matching.forms import Form
from scoring.domain.matching.phrases import clusters
from scoring.domain.matching.questions import weight_of_concept, weight_of_word
from scoring.domain.matching.tokens import function_stems, stems_of
from scoring.domain.matching.vocabulary import ASPECTS, ENTITIES, REMEMBERED, Hit, Kind, Vocabulary
from scoring.domain.transcript.model import Speaker, Utterance

FAMILY = "@family"
TOPIC_REACH = 8  # clauses after which a topic is no longer what “it” means
FAMILY_REACH = 2  # utterances
ELLIPTICAL = 6  # words that carry content, at most, in a clause that leans on the one before
TAGGED = frozenset([Form.MARKED, Form.ASKS, Form.CONFIRMS])
_SECOND_PERSON = frozenset(["you", "your", "yourself"])
_ANAPHORA = frozenset(["that", "this", "those", "these", "them", "it"])
_ALWAYS_NAMED = frozenset([Kind.FINDING, Kind.CONDITION])  # even where their words help to word an attribute
_COMPLETED_BY_TOPIC = frozenset([Kind.SIGN, Kind.FINDING, Kind.CONDITION])


@dataclass(frozen=True, slots=True)
class Heard:
    """A clause with what the vocabulary finds in it.

    words: stem and word of all that carries content. weight: of all that it says. entities: what it asks about or
    tells of, wordings of an attribute left out. topic: the entity last asked about, while that is not long ago.
    echo: no question, and the patient had just said every word of it.
    """

    clause: Clause
    hits: tuple[Hit, ...]
    concepts: frozenset[str]
    words: tuple[tuple[str, str], ...]
    weight: int
    entities: frozenset[str]
    family: bool
    topic: str | None = None
    echo: bool = False


def heard_in_context(clauses: Sequence[Clause], utterances: Sequence[Utterance], vocabulary: Vocabulary) -> list[Heard]:
    """The clauses that say anything, in order, each read in the light of those before it."""
    found: list[Heard] = []
    topic = _Topic()
    family_until = -1
    for clause in _with_tags(clauses, vocabulary):
        said = _heard(clause, topic.words, vocabulary)
        if not said.family and clause.index <= family_until and _carries_family(said):
            said = replace(said, family=True, concepts=said.concepts | {FAMILY})
        if said.family:
            family_until = clause.index + FAMILY_REACH
        if not said.concepts and not said.words:
            continue
        echo = _is_echo(said, utterances)
        found.append(replace(said, topic=topic.name, echo=echo) if echo or topic.name else said)
        topic.pass_on(said)
    return found


class _Topic:
    """The thing last asked about, with the words it was named by."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.words: tuple[str, ...] = ()
        self._age = 0

    def pass_on(self, said: Heard) -> None:
        self._age += 1
        if said.entities and said.clause.is_question:
            hit = [h for h in said.hits if h.concept in said.entities]
            if hit:
                self.name, self._age = hit[-1].concept, 0
                self.words = tuple(said.clause.stems[place] for place in hit[-1].places)
        elif self._age > TOPIC_REACH:
            self.name, self.words = None, ()


def _heard(clause: Clause, topic: tuple[str, ...], vocabulary: Vocabulary) -> Heard:
    read = _reading(clause.stems, clause.words, vocabulary)
    concepts = read.concepts
    if topic and read.words and len(read.words) <= ELLIPTICAL and clause.is_question:
        concepts |= _completed(clause.stems, topic, vocabulary)
    return Heard(clause, read.hits, concepts, read.words, read.weight, read.entities, FAMILY in concepts)


class _Reading(NamedTuple):
    """What the words of a clause say wherever it stands; the fields are those of `Heard`."""

    hits: tuple[Hit, ...]
    concepts: frozenset[str]
    words: tuple[tuple[str, str], ...]
    weight: int
    entities: frozenset[str]


@lru_cache(maxsize=REMEMBERED)
def _reading(stems: tuple[str, ...], words: tuple[str, ...], vocabulary: Vocabulary) -> _Reading:
    hits = vocabulary.hits(stems)
    covered = {place for hit in hits for place in hit.places}
    functions = function_stems()
    telling = [(place, stem) for place, stem in enumerate(stems) if stem not in functions]
    pairs = {stem: (stem, words[place]) for place, stem in telling}
    weight = sum(weight_of_word(stem) // 2 for stem in {stem for place, stem in telling if place not in covered})
    weight += sum(weight_of_concept(vocabulary.concepts[c[0].concept].kind) for c in clusters(hits, vocabulary))
    concepts = frozenset(hit.concept for hit in hits)
    return _Reading(hits, concepts, tuple(pairs.values()), weight, _entities(hits, vocabulary))


def _completed(stems: tuple[str, ...], topic: tuple[str, ...], vocabulary: Vocabulary) -> frozenset[str]:
    """“Any blood in it?” after the bowels is blood in the stool: wordings that begin here and end in the topic."""
    hits = vocabulary.hits((*stems, *topic), starts=len(stems))
    return frozenset(
        hit.concept
        for hit in hits
        if len(stems) < hit.end and vocabulary.concepts[hit.concept].kind in _COMPLETED_BY_TOPIC
    )


def _entities(hits: Sequence[Hit], vocabulary: Vocabulary) -> frozenset[str]:
    kind_of = {hit.concept: vocabulary.concepts[hit.concept].kind for hit in hits}
    if not hits:
        return frozenset()
    aspects = [set(hit.places) for hit in hits if kind_of[hit.concept] in ASPECTS]
    return frozenset(
        hit.concept
        for hit in hits
        if kind_of[hit.concept] in ENTITIES
        and (kind_of[hit.concept] in _ALWAYS_NAMED or not any(set(hit.places) < places for places in aspects))
    )


def _carries_family(said: Heard) -> bool:
    """“Any heart disease?” after “And in your family?” is still about the family."""
    addressed = not _SECOND_PERSON.isdisjoint(said.clause.words)
    return Form.LISTS in said.clause.forms and bool(said.entities) and not addressed


def _with_tags(clauses: Sequence[Clause], vocabulary: Vocabulary) -> list[Clause]:
    """A statement that a bare “is that right?” or “anything like that?” follows was asked."""
    found = list(clauses)
    for place, (clause, after) in enumerate(pairwise(clauses)):
        near = after.index - clause.index <= (2 if Form.CONFIRMS in after.forms else 0)
        if near and not clause.is_question and _is_tag(after, vocabulary):
            found[place] = replace(clause, forms=clause.forms | TAGGED)
    return found


def _is_tag(clause: Clause, vocabulary: Vocabulary) -> bool:
    asks = bool({Form.MARKED, Form.ASKS} & clause.forms) and not _ANAPHORA.isdisjoint(clause.words)
    return asks and not _reading(clause.stems, clause.words, vocabulary).entities


def _is_echo(said: Heard, utterances: Sequence[Utterance]) -> bool:
    before = said.clause.index - 1
    if said.clause.is_question or before < 0 or utterances[before].speaker is Speaker.STUDENT:
        return False
    return {stem for stem, _ in said.words} <= _stems_in(utterances[before].text)


@lru_cache(maxsize=REMEMBERED)
def _stems_in(text: str) -> frozenset[str]:
    return frozenset(stems_of(text))
