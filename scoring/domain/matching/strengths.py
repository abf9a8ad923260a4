"""How surely each thing to hear is in each clause: exact concepts, exact words, near words.

Integer arithmetic throughout, but for one product of integer-valued float32 matrices that stays below 2²⁴ and is
therefore exact in any order of summing: the numbers are the same whatever the processor and its libraries.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoring.domain.matching.conversation import Heard
from scoring.domain.matching.embeddings import LENGTH, embeddings
from scoring.domain.matching.relations import FULL, Integers, relations
from scoring.domain.matching.rubric import Rubric
from scoring.domain.matching.tokens import stem

NEAR_WORD, NEAR_CONCEPT = 650, 500  # at most, for a word that is only similar
NEAR_FROM = 450  # cosine in thousandths from which words count as similar


def item_strengths(rubric: Rubric, clauses: Sequence[Heard]) -> Integers:
    """Items × clauses, in thousandths."""
    return np.maximum(_concept_strengths(rubric, clauses), _word_strengths(rubric, clauses))


def _concept_strengths(rubric: Rubric, clauses: Sequence[Heard]) -> Integers:
    said = sorted({concept for clause in clauses for concept in clause.concepts})
    column_of = {concept: column for column, concept in enumerate(said)}
    row_of = relations(rubric.vocabulary).row_of
    table = rubric.heard_by[:, [row_of[name] for name in said]]
    return _largest(table, [[column_of[c] for c in clause.concepts] for clause in clauses])


def _word_strengths(rubric: Rubric, clauses: Sequence[Heard]) -> Integers:
    words = list(dict.fromkeys(pair for clause in clauses for pair in clause.words))
    column_of = {pair: column for column, pair in enumerate(words)}
    columns_of_stem: dict[str, list[int]] = {}
    for column, (stem_of_word, _) in enumerate(words):
        columns_of_stem.setdefault(stem_of_word, []).append(column)
    table = _nearness(rubric, tuple(word for _, word in words))
    for row, number in enumerate(rubric.word_items):
        item = rubric.items[number]
        if not item.concepts:
            table[row, columns_of_stem.get(stem(item.words[0]), [])] = FULL
    found = np.zeros((len(rubric.items), len(clauses)), dtype=np.int32)
    found[rubric.word_items] = _largest(table, [[column_of[pair] for pair in clause.words] for clause in clauses])
    return found


def _nearness(rubric: Rubric, words: tuple[str, ...]) -> Integers:
    dots = rubric.vectors @ embeddings().vectors(words).T
    cosines = dots.astype(np.int32) * FULL // (LENGTH * LENGTH)
    concepts = [bool(rubric.items[number].concepts) for number in rubric.word_items]
    caps = np.where(concepts, NEAR_CONCEPT, NEAR_WORD).astype(np.int32).reshape(len(concepts), 1)
    near: Integers = np.maximum(cosines - NEAR_FROM, 0) * caps // (FULL - NEAR_FROM)
    return np.minimum(near, caps)


def _largest(table: Integers, columns: Sequence[Sequence[int]]) -> Integers:
    """For each group of columns the largest value of every row; zero for an empty group."""
    found = np.zeros((table.shape[0], len(columns)), dtype=np.int32)
    full = [number for number, group in enumerate(columns) if group]
    if full and table.shape[0]:
        sizes = [len(columns[number]) for number in full]
        starts = np.cumsum([0, *sizes[:-1]])
        flat = [column for number in full for column in columns[number]]
        found[:, full] = np.maximum.reduceat(table[:, flat], starts, axis=1)
    return found
