"""A rubric's questions taken apart into what has to be heard for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scoring.domain.matching.model import Question
from scoring.domain.matching.resources import read_pairs
from scoring.domain.matching.tokens import Token, function_stems, stem, tokens_of
from scoring.domain.matching.vocabulary import Hit, Kind, Vocabulary

UNKNOWN_WORD = 80
CONCEPT_WEIGHT = {Kind.SITE: 25, Kind.GENERAL: 12}
ORDINARY_CONCEPT = 60
REFERENT_WEIGHT = 20  # of what is asked about, where the question is which attribute it has
ENTITIES = frozenset([Kind.FINDING, Kind.CONDITION, Kind.MEDICINE, Kind.HISTORY])
ASPECTS = frozenset([Kind.ATTRIBUTE, Kind.MODIFIER])
SHARED = ASPECTS | {Kind.PERSON}
TELLING_WORD = 60  # a word that may stand for a question by itself


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to hear: any of `concepts` of the vocabulary, or else a word; `words` are those it was read from."""

    concepts: tuple[str, ...]
    words: tuple[str, ...]


Items = tuple[tuple[Item, int], ...]
Cluster = tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A wording that is enough by itself: all of `items`, each with its weight, read from `phrase`."""

    question: int
    phrase: str
    items: Items


@lru_cache(maxsize=1)
def word_weights() -> dict[str, int]:
    return {stem: int(weight) for stem, weight in read_pairs("word_weights.txt")}


def weight_of_word(stem: str) -> int:
    return word_weights().get(stem, UNKNOWN_WORD)


def weight_of_concept(kind: Kind) -> int:
    return CONCEPT_WEIGHT.get(kind, ORDINARY_CONCEPT)


def units_of(questions: Sequence[Question], vocabulary: Vocabulary) -> tuple[Unit, ...]:
    found: dict[tuple[int, frozenset[tuple[Item, int]]], Unit] = {}
    for number, question in enumerate(questions):
        for text, splits in [(question.label, True), *((phrase, False) for phrase in question.phrases)]:
            for items in _alternatives(text, vocabulary, at_and=splits):
                key = (number, frozenset(items))
                found.setdefault(key, Unit(number, text, items))
    return tuple(found.values())


def _alternatives(text: str, vocabulary: Vocabulary, *, at_and: bool) -> Iterator[Items]:
    """The wordings a text stands for: “fever, chills or night sweats” is three, any of which is enough."""
    reading = _Reading(text, vocabulary, at_and=at_and)
    segments = [reading.items(number) for number in range(reading.count)]
    strong = [items for items in segments if any(_is_strong(item, vocabulary) for item, _ in items)]
    yield from strong or [items for items in segments if items]


class _Reading:
    """A label or phrase cut into the alternatives that it lists."""

    def __init__(self, text: str, vocabulary: Vocabulary, *, at_and: bool) -> None:
        self._vocabulary = vocabulary
        self._tokens = list(tokens_of(text))
        self._segment_of = _segments(text, self._tokens, at_and=at_and)
        self._clusters = _clusters(vocabulary.hits([token.stem for token in self._tokens]), vocabulary)
        self.count = self._segment_of[-1] + 1 if self._tokens else 0

    def items(self, number: int) -> Items:
        """What has to be heard for one alternative; attributes and persons belong to all of them."""
        clusters = [cluster for cluster in self._clusters if self._belongs(cluster, number)]
        attribute = any(self._kind(cluster) in ASPECTS for cluster in clusters)
        found: dict[object, tuple[Item, int]] = {}
        for cluster in clusters:
            kind = self._kind(cluster)
            weight = REFERENT_WEIGHT if attribute and kind in ENTITIES else weight_of_concept(kind)
            concepts = tuple(dict.fromkeys(hit.concept for hit in cluster))
            found.setdefault(concepts, (Item(concepts, self._content(cluster)), weight))
        covered = {place for cluster in clusters for hit in cluster for place in hit.places}
        for place, token in enumerate(self._tokens):
            own = self._segment_of[place] == number and place not in covered
            if own and token.stem not in function_stems():
                weight = weight_of_word(token.stem) // (3 if found else 1)
                found.setdefault(token.stem, (Item((), (token.word,)), weight))
        return tuple(found.values())

    def _belongs(self, cluster: Cluster, number: int) -> bool:
        shared = self._kind(cluster) in SHARED
        return shared or number in {self._segment_of[place] for place in cluster[0].places}

    def _kind(self, cluster: Cluster) -> Kind:
        return self._vocabulary.concepts[cluster[0].concept].kind

    def _content(self, cluster: Cluster) -> tuple[str, ...]:
        tokens = [self._tokens[place] for place in cluster[0].places]
        return tuple(token.word for token in tokens if token.stem not in function_stems())


def _segments(text: str, tokens: list[Token], *, at_and: bool) -> list[int]:
    breaks = {"or", "and"} if at_and else {"or"}
    segment, found = 0, []
    for place, token in enumerate(tokens):
        gap = text[tokens[place - 1].end : token.start] if place else ""
        if place and (token.word in breaks or "," in gap or "(" in gap):
            segment += 1
        found.append(segment)
    return found


def _clusters(hits: Sequence[Hit], vocabulary: Vocabulary) -> list[Cluster]:
    """Readings of the same words belong together, the fullest first; the less full are dropped."""
    found: list[list[Hit]] = []
    for hit in sorted(hits, key=lambda hit: (-len(hit.places), hit.start - hit.end, hit.places, hit.concept)):
        rival = next((cluster for cluster in found if hit.overlaps(cluster[0])), None)
        if rival is None:
            found.append([hit])
        elif hit.places == rival[0].places and _comparable(hit, rival[0], vocabulary):
            rival.append(hit)
    return sorted((tuple(cluster) for cluster in found), key=lambda cluster: cluster[0].places)


def _comparable(hit: Hit, other: Hit, vocabulary: Vocabulary) -> bool:
    kind, kind_of_other = vocabulary.concepts[hit.concept].kind, vocabulary.concepts[other.concept].kind
    return kind is kind_of_other or (kind in ENTITIES and kind_of_other in ENTITIES)


def _is_strong(item: Item, vocabulary: Vocabulary) -> bool:
    if item.concepts:
        return vocabulary.concepts[item.concepts[0]].kind not in {Kind.SITE, Kind.GENERAL}
    return weight_of_word(stem(item.words[0])) >= TELLING_WORD
