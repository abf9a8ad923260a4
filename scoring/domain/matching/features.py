"""What speaks for and against “this clause asks that question”, as whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scoring.domain.matching.clauses import Clause
from scoring.domain.matching.embeddings import LENGTH, Embeddings, embeddings
from scoring.domain.matching.model import Question
from scoring.domain.matching.questions import (
    ASPECTS,
    ENTITIES,
    Item,
    Unit,
    units_of,
    weight_of_concept,
    weight_of_word,
)
from scoring.domain.matching.tokens import function_stems, stem
from scoring.domain.matching.vocabulary import Hit, Kind, Vocabulary, clinical_vocabulary

FULL = 1000
NARROWER, BROADER = 900, 450
NEAR_WORD, NEAR_CONCEPT = 650, 500
NEAR_FROM = 450  # cosine in thousandths below which two words have nothing in common

Integers = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rubric:
    """A rubric's questions, compiled."""

    units: tuple[Unit, ...]
    items: tuple[Item, ...]
    weights: Floats  # units × items
    totals: Integers  # per unit
    question_of: Integers
    near: tuple[Floats, Floats]  # vectors of items' words; their caps
    subjects: frozenset[str]
    attributes: Integers  # per unit: asks for an attribute
    families: Integers  # per unit: about relatives


@lru_cache(maxsize=32)
def compiled(questions: tuple[Question, ...]) -> Rubric:
    vocabulary = clinical_vocabulary()
    units = units_of(questions, vocabulary)
    items = tuple(dict.fromkeys(item for unit in units for item, _ in unit.items))
    row_of = {item: row for row, item in enumerate(items)}
    weights = np.zeros((len(units), len(items)), dtype=np.float32)
    for number, unit in enumerate(units):
        for item, weight in unit.items:
            weights[number, row_of[item]] = weight
    kinds = [{vocabulary.concepts[c].kind for i, _ in unit.items for c in i.concepts} for unit in units]
    attributes = [int(Kind.ATTRIBUTE in k) for k in kinds]
    aspects = [int(not ASPECTS.isdisjoint(k)) for k in kinds]
    subjects = {
        c
        for unit, a in zip(units, aspects, strict=True)
        if a
        for i, _ in unit.items
        for c in i.concepts
        if vocabulary.concepts[c].kind in ENTITIES
    }
    return Rubric(
        units,
        items,
        weights,
        np.maximum(weights.sum(axis=1), 1).astype(np.int64),
        np.array([unit.question for unit in units], dtype=np.int64),
        _item_vectors(items, embeddings()),
        frozenset(subjects),
        np.array(attributes, dtype=np.int64),
        np.array([int(any("@family" in i.concepts for i, _ in unit.items)) for unit in units], dtype=np.int64),
    )


def _item_vectors(items: Sequence[Item], table: Embeddings) -> tuple[Floats, Floats]:
    rows = np.zeros((len(items), table.dimensions), dtype=np.float32)
    caps = np.zeros((len(items), 1), dtype=np.float32)
    for row, item in enumerate(items):
        vectors = table.vectors(item.words)
        if len(item.words) == 1:
            rows[row] = vectors[0]
            caps[row] = NEAR_CONCEPT if item.concepts else NEAR_WORD
    return rows, caps


@dataclass(frozen=True, slots=True)
class Heard:
    """A clause with what the vocabulary finds in it."""

    clause: Clause
    hits: tuple[Hit, ...]
    concepts: frozenset[str]
    words: tuple[tuple[str, str], ...]  # stem and word of what carries content
    weight: int
    entities: frozenset[str]
    family: bool


def heard(clause: Clause, vocabulary: Vocabulary) -> Heard:
    hits = vocabulary.hits(clause.stems)
    concepts = frozenset(hit.concept for hit in hits)
    covered = {place for hit in hits for place in hit.places}
    functions = function_stems()
    free = {s for place, s in enumerate(clause.stems) if place not in covered and s not in functions}
    known = vocabulary.concepts
    aspects = [hit for hit in hits if known[hit.concept].kind in ASPECTS]
    entities = frozenset(
        hit.concept for hit in hits if known[hit.concept].kind in ENTITIES
        and not any(len(hit.places) < len(a.places) and set(hit.places) <= set(a.places) for a in aspects)
    )  # fmt: skip
    weight = sum(weight_of_word(s) for s in sorted(free)) // 2 + _cluster_weight(hits, vocabulary)
    pairs = zip(clause.stems, clause.words, strict=True)
    words = tuple({s: (s, word) for s, word in pairs if s not in functions}.values())
    return Heard(clause, hits, concepts, words, weight, entities, "@family" in concepts)


def _cluster_weight(hits: Sequence[Hit], vocabulary: Vocabulary) -> int:
    total, taken = 0, set()
    for hit in sorted(hits, key=lambda h: (-len(h.places), h.places, h.concept)):
        if taken.isdisjoint(hit.places):
            total += weight_of_concept(vocabulary.concepts[hit.concept].kind)
            taken.update(hit.places)
    return total


@lru_cache(maxsize=65_536)
def _strength(wanted: str, said: str) -> int:
    vocabulary = clinical_vocabulary()
    if wanted == said:
        return FULL
    if wanted in vocabulary.ancestors(said):
        return NARROWER
    return BROADER if said in vocabulary.ancestors(wanted) else 0


def item_strengths(rubric: Rubric, clauses: Sequence[Heard]) -> Floats:
    """Items × clauses: how surely each thing to hear is in each clause, in thousandths."""
    exact = _concept_strengths(rubric, clauses)
    np.maximum(exact, _word_strengths(rubric, clauses), out=exact)
    return exact


def _concept_strengths(rubric: Rubric, clauses: Sequence[Heard]) -> Floats:
    found = np.zeros((len(rubric.items), len(clauses)), dtype=np.float32)
    said = sorted({concept for clause in clauses for concept in clause.concepts})
    column_of = {concept: column for column, concept in enumerate(said)}
    table = np.array(
        [[max((_strength(c, s) for c in item.concepts), default=0) for s in said] for item in rubric.items],
        dtype=np.float32,
    ).reshape(len(rubric.items), len(said))
    for number, clause in enumerate(clauses):
        columns = [column_of[concept] for concept in sorted(clause.concepts)]
        if columns:
            found[:, number] = table[:, columns].max(axis=1)
    return found


def _word_strengths(rubric: Rubric, clauses: Sequence[Heard]) -> Floats:
    words = sorted({word for clause in clauses for word in clause.words})
    column_of = {word: column for column, word in enumerate(words)}
    found = np.zeros((len(rubric.items), len(clauses)), dtype=np.float32)
    if not words:
        return found
    table = word_table(rubric, tuple(words))
    flat = [column_of[word] for clause in clauses for word in clause.words]
    sizes = [len(clause.words) for clause in clauses]
    full = [number for number, size in enumerate(sizes) if size]
    starts = np.concatenate(([0], np.cumsum([sizes[number] for number in full])[:-1])).astype(np.int64)
    found[:, full] = np.maximum.reduceat(table[:, flat], starts, axis=1)
    return found


def word_table(rubric: Rubric, words: tuple[tuple[str, str], ...]) -> Floats:
    vectors, caps = rubric.near
    dots = vectors @ embeddings().vectors(tuple(word for _, word in words)).T
    cosines = np.floor(dots * np.float32(FULL) / np.float32(LENGTH * LENGTH))
    near = np.maximum(cosines - NEAR_FROM, 0) * caps
    near = np.floor(near / np.float32(FULL - NEAR_FROM))
    near = np.minimum(near, caps)
    column_of = {stem_of_word: column for column, (stem_of_word, _) in enumerate(words)}
    for row, item in enumerate(rubric.items):
        if not item.concepts:
            column = column_of.get(stem(item.words[0]))
            if column is not None:
                near[row, column] = FULL
    return near.astype(np.float32)
