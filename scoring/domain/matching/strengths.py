"""How surely each thing to hear is in each clause: exact concepts, exact words, near words.

All numbers are whole ones in float32 arrays, below 2²⁴, so that a matrix product gives the same bits whatever the
processor, the library or the order of summing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from scoring.domain.matching.conversation import Heard
from scoring.domain.matching.embeddings import LENGTH, embeddings
from scoring.domain.matching.rubric import Floats, Rubric
from scoring.domain.matching.tokens import stem
from scoring.domain.matching.vocabulary import clinical_vocabulary

FULL = 1000
NARROWER = 900  # an inhaler, where medication is to be heard
BROADER = 300  # an illness, where heart disease is to be heard
NEAR_WORD, NEAR_CONCEPT = 650, 500  # at most, for a word that is only similar
NEAR_FROM = 450  # cosine in thousandths from which words count as similar


@lru_cache(maxsize=65_536)
def relation(wanted: str, said: str) -> int:
    """How well a concept that was said answers to the one wanted, in thousandths."""
    vocabulary = clinical_vocabulary()
    if wanted == said:
        return FULL
    if wanted in vocabulary.ancestors(said):
        return NARROWER
    return BROADER if said in vocabulary.ancestors(wanted) else 0


def item_strengths(rubric: Rubric, clauses: Sequence[Heard]) -> Floats:
    """Items × clauses, in thousandths."""
    return np.maximum(_concept_strengths(rubric, clauses), _word_strengths(rubric, clauses))


def _concept_strengths(rubric: Rubric, clauses: Sequence[Heard]) -> Floats:
    said = sorted({concept for clause in clauses for concept in clause.concepts})
    column_of = {concept: column for column, concept in enumerate(said)}
    table = np.zeros((len(rubric.items), len(said)), dtype=np.float32)
    for row, item in enumerate(rubric.items):
        for concept in item.concepts:
            np.maximum(table[row], [relation(concept, other) for other in said], out=table[row])
    return _largest(table, [[column_of[c] for c in sorted(clause.concepts)] for clause in clauses])


def _word_strengths(rubric: Rubric, clauses: Sequence[Heard]) -> Floats:
    words = sorted({pair for clause in clauses for pair in clause.words})
    column_of = {pair: column for column, pair in enumerate(words)}
    table = _nearness(rubric, tuple(word for _, word in words))
    columns_of_stem: dict[str, list[int]] = {}
    for column, (stem_of_word, _) in enumerate(words):
        columns_of_stem.setdefault(stem_of_word, []).append(column)
    for row, item in enumerate(rubric.items):
        if not item.concepts:
            table[row, columns_of_stem.get(stem(item.words[0]), [])] = FULL
    return _largest(table, [[column_of[pair] for pair in clause.words] for clause in clauses])


def _nearness(rubric: Rubric, words: tuple[str, ...]) -> Floats:
    dots = rubric.vectors @ embeddings().vectors(words).T
    cosines = dots.astype(np.int64) * FULL // (LENGTH * LENGTH)
    caps = np.array([[NEAR_CONCEPT if item.concepts else NEAR_WORD] for item in rubric.items], dtype=np.int64)
    near = np.maximum(cosines - NEAR_FROM, 0) * caps // (FULL - NEAR_FROM)
    return np.minimum(near, caps).astype(np.float32)


def _largest(table: Floats, columns: Sequence[Sequence[int]]) -> Floats:
    """For each group of columns the largest value of every row; zero for an empty group."""
    found = np.zeros((table.shape[0], len(columns)), dtype=np.float32)
    full = [number for number, group in enumerate(columns) if group]
    if full and table.shape[0]:
        sizes = [len(columns[number]) for number in full]
        starts = np.cumsum([0, *sizes[:-1]])
        flat = [column for number in full for column in columns[number]]
        found[:, full] = np.maximum.reduceat(table[:, flat], starts, axis=1)
    return found
