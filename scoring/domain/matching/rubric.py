"""A rubric's questions compiled into arrays, once per rubric."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scoring.domain.matching.embeddings import embeddings
from scoring.domain.matching.model import Question
from scoring.domain.matching.questions import Item, Reader, Unit
from scoring.domain.matching.vocabulary import Kind, Vocabulary, clinical_vocabulary

LEAST_WEIGHT = 60  # a wording that carries less than one concept is never fully covered,
LEAST_WORDS = 100  # nor is one without any concept by a single word

Integers = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rubric:
    """Arrays run over `units` and `items`; every number in them is a whole one.

    weights: units × items. totals: what a unit's weights add up to. vectors: one row an item, zero where an item is of
    several words. asks_attribute, about_family: one flag a unit.
    """

    units: tuple[Unit, ...]
    items: tuple[Item, ...]
    weights: Floats
    totals: Integers
    question_of: Integers
    vectors: Floats
    subjects: frozenset[str]
    asks_attribute: tuple[bool, ...]
    about_family: tuple[bool, ...]


@lru_cache(maxsize=32)
def compiled(questions: tuple[Question, ...]) -> Rubric:
    vocabulary = clinical_vocabulary()
    reader = Reader(questions, vocabulary)
    units = reader.units()
    items = tuple(dict.fromkeys(item for unit in units for item, _ in unit.items))
    weights = _weights(units, items)
    return Rubric(
        units=units,
        items=items,
        weights=weights,
        totals=np.maximum(weights.sum(axis=1), _least_weights(units)).astype(np.int64),
        question_of=np.array([unit.question for unit in units], dtype=np.int64),
        vectors=_vectors(items),
        subjects=reader.subjects,
        asks_attribute=tuple(Kind.ATTRIBUTE in _kinds(unit, vocabulary) for unit in units),
        about_family=tuple("@family" in _concepts(unit) for unit in units),
    )


def _weights(units: tuple[Unit, ...], items: tuple[Item, ...]) -> Floats:
    column_of = {item: column for column, item in enumerate(items)}
    weights = np.zeros((len(units), len(items)), dtype=np.float32)
    for row, unit in enumerate(units):
        for item, weight in unit.items:
            weights[row, column_of[item]] = weight
    return weights


def _least_weights(units: tuple[Unit, ...]) -> Integers:
    least = [LEAST_WEIGHT if any(item.concepts for item, _ in unit.items) else LEAST_WORDS for unit in units]
    return np.array(least, dtype=np.int64)


def _vectors(items: tuple[Item, ...]) -> Floats:
    words = tuple(item.words[0] if len(item.words) == 1 else "" for item in items)
    return embeddings().vectors(words)


def _concepts(unit: Unit) -> set[str]:
    return {concept for item, _ in unit.items for concept in item.concepts}


def _kinds(unit: Unit, vocabulary: Vocabulary) -> set[Kind]:
    return {vocabulary.concepts[concept].kind for concept in _concepts(unit)}
