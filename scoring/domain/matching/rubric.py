"""A rubric's questions compiled into arrays, once per rubric."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scoring.domain.matching.embeddings import Vectors, embeddings
from scoring.domain.matching.model import Question
from scoring.domain.matching.questions import Item, Reader, Unit
from scoring.domain.matching.relations import Flags, Integers, relations
from scoring.domain.matching.vocabulary import Kind, Vocabulary

ANY_SYMPTOM = "symptom"  # “when did the symptoms start?” is about whatever was named
LEAST_WEIGHT = 60  # a wording that carries less than one concept is never fully covered,
SHARED = 450  # strength from which a concept of the clause is what the wording means
LEAST_WORDS = 100  # nor is one without any concept by a single word


@dataclass(frozen=True, slots=True)
class Rubric:
    """Arrays run over `units` or `items`; every number in them is a whole one.

    slots, weights: units × the most items that a unit has; the number of an item (0 where there is none) and its
    weight (0 there). totals: what a unit's weights add up to. questions: those that have units, ascending; starts: the
    first unit of each. vectors: of the single words among the items, one row for each of word_items.
    heard_by: items × concepts of the vocabulary, how well the concept answers to the item. accounts: for each unit the
    concepts of a clause that it explains. near: units × concepts, for those that ask for an attribute, whether the
    concept is related to what the unit names or to the rubric's subjects; all True where any symptom will do.
    """

    vocabulary: Vocabulary
    units: tuple[Unit, ...]
    items: tuple[Item, ...]
    slots: NDArray[np.int64]
    weights: Integers
    totals: Integers
    questions: tuple[int, ...]
    starts: NDArray[np.int64]
    word_items: NDArray[np.int64]
    vectors: Vectors
    subjects: frozenset[str]
    heard_by: Integers
    accounts: tuple[frozenset[str], ...]
    near: Flags
    asks_attribute: Flags
    about_family: Flags
    domestic: Flags


@lru_cache(maxsize=32)
def compiled(questions: tuple[Question, ...], vocabulary: Vocabulary) -> Rubric:
    """The rubric's arrays; cached, since a cohort is graded against one rubric."""
    reader = Reader(questions, vocabulary)
    units = reader.units()
    items = tuple(dict.fromkeys(item for unit in units for item, _ in unit.items))
    slots, weights = _slots(units, items)
    owners = [unit.question for unit in units]
    concepts = tuple(frozenset(c for item, _ in unit.items for c in item.concepts) for unit in units)
    word_items = [number for number, item in enumerate(items) if len(item.words) == 1]
    return Rubric(
        vocabulary=vocabulary,
        units=units,
        items=items,
        slots=slots,
        weights=weights,
        totals=np.maximum(weights.sum(axis=1), _least_weights(units)).astype(np.int32),
        questions=tuple(dict.fromkeys(owners)),
        starts=np.array([owners.index(question) for question in dict.fromkeys(owners)], dtype=np.int64),
        word_items=np.array(word_items, dtype=np.int64),
        vectors=embeddings().vectors(tuple(items[number].words[0] for number in word_items)),
        subjects=reader.subjects,
        heard_by=_heard_by(items, vocabulary),
        accounts=tuple(_accounted(names, vocabulary) for names in concepts),
        near=_near(concepts, reader.subjects, vocabulary),
        asks_attribute=np.array([_asks_attribute(names, vocabulary) for names in concepts], dtype=np.bool_),
        about_family=np.array(["@family" in names for names in concepts], dtype=np.bool_),
        domestic=np.array(
            [any(_is_domestic(name, vocabulary) for name in names) for names in concepts], dtype=np.bool_
        ),
    )


def _heard_by(items: tuple[Item, ...], vocabulary: Vocabulary) -> Integers:
    related = relations(vocabulary)
    found = np.zeros((len(items), len(related.row_of)), dtype=np.int32)
    for row, item in enumerate(items):
        found[row] = related.heard_by(item.concepts)
    return found


def _accounted(names: frozenset[str], vocabulary: Vocabulary) -> frozenset[str]:
    related = relations(vocabulary)
    best = related.heard_by(names)
    return frozenset(name for name, row in related.row_of.items() if best[row] >= SHARED)


def _near(concepts: tuple[frozenset[str], ...], subjects: frozenset[str], vocabulary: Vocabulary) -> Flags:
    related = relations(vocabulary)
    found = np.ones((len(concepts), len(related.row_of)), dtype=np.bool_)
    for row, names in enumerate(concepts):
        if ANY_SYMPTOM not in names and _asks_attribute(names, vocabulary):
            found[row] = related.near(names | subjects)
    return found


def _slots(units: tuple[Unit, ...], items: tuple[Item, ...]) -> tuple[NDArray[np.int64], Integers]:
    number_of = {item: number for number, item in enumerate(items)}
    widest = max((len(unit.items) for unit in units), default=0)
    slots = np.zeros((len(units), widest), dtype=np.int64)
    weights = np.zeros((len(units), widest), dtype=np.int32)
    for row, unit in enumerate(units):
        for column, (item, weight) in enumerate(unit.items):
            slots[row, column] = number_of[item]
            weights[row, column] = weight
    return slots, weights


def _least_weights(units: tuple[Unit, ...]) -> Integers:
    least = [LEAST_WEIGHT if any(item.concepts for item, _ in unit.items) else LEAST_WORDS for unit in units]
    return np.array(least, dtype=np.int32)


def _asks_attribute(names: frozenset[str], vocabulary: Vocabulary) -> bool:
    return any(vocabulary.concepts[name].kind is Kind.ATTRIBUTE for name in names)


def _is_domestic(name: str, vocabulary: Vocabulary) -> bool:
    """Of the home and habits rather than of health: a clause on the family may ask it of the patient too."""
    medical = "@past medical history" in {name, *vocabulary.ancestors(name)}
    return vocabulary.concepts[name].kind is Kind.HISTORY and not medical
