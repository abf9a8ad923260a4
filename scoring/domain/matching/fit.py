"""How well every clause fits every question: its best wording there, and how much of each is in the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.domain.matching.conversation import Heard
from scoring.domain.matching.forms import Form
from scoring.domain.matching.relations import FULL, Flags, Integers, relations
from scoring.domain.matching.rubric import Rubric
from scoring.domain.matching.strengths import item_strengths

NEAREST = 300  # coverage in thousandths below which a clause is no candidate
BLOCK = 256  # clauses worked on at a time, so that memory stays bounded
Wide = NDArray[np.int64]
LISTED_EARLY = 6  # words within which “or” joins the patient to the family (“do you or your parents …”)


@dataclass(frozen=True, slots=True)
class Fit:
    """Arrays of questions (those that have wordings) × clauses.

    unit: the best fitting wording, -1 where none is near. rank: by which it is best. gained: weight times strength
    heard. coverage: share of the wording that was heard, explained: share of the clause that is in the wording, both in
    thousandths. wordings: of the question that are wholly covered.
    """

    unit: Integers
    rank: Integers
    gained: Integers
    coverage: Integers
    explained: Integers
    wordings: Integers


def best_fit(rubric: Rubric, clauses: Sequence[Heard], *, covered: int) -> Fit:
    blocks = [_fit_block(rubric, clauses[start : start + BLOCK], covered) for start in range(0, len(clauses), BLOCK)]
    return Fit(*(np.concatenate(parts, axis=1) for parts in zip(*blocks, strict=True)))


def _fit_block(rubric: Rubric, clauses: Sequence[Heard], covered: int) -> tuple[Integers, ...]:
    gained = _gained(rubric, clauses)
    spoken = np.array([max(said.weight, 1) for said in clauses], dtype=np.int32)
    coverage = gained // rubric.totals[:, None]
    explained = np.minimum(gained // spoken[None, :], FULL)
    near = (coverage >= NEAREST) & ~_about_another(rubric, clauses)
    rank = np.where(near, coverage * 4 + explained, -1).astype(np.int64)
    best, rank_of_best = _first_of_best(rank, rubric)
    unit = np.where(rank_of_best >= 0, best, -1).astype(np.int32)
    wordings = np.add.reduceat((coverage >= covered).astype(np.int32), rubric.starts, axis=0)
    columns = np.arange(len(clauses))
    seen = unit >= 0
    taken = [np.where(seen, table[best, columns], 0).astype(np.int32) for table in (gained, coverage, explained)]
    return (unit, rank_of_best.astype(np.int32), *taken, wordings)


def _gained(rubric: Rubric, clauses: Sequence[Heard]) -> Integers:
    """Units × clauses: each item's weight times its strength, summed; at most 300 · 1000 · items of a unit."""
    strengths = item_strengths(rubric, clauses)
    total = np.zeros((len(rubric.units), len(clauses)), dtype=np.int32)
    for slot in range(rubric.slots.shape[1]):
        total += rubric.weights[:, slot, None] * strengths[rubric.slots[:, slot]]
    return total


def _first_of_best(rank: Wide, rubric: Rubric) -> tuple[Wide, Wide]:
    """For each question and clause the best ranked unit, the first of equals, with its rank."""
    count = len(rubric.units)
    earliness = (count - 1 - np.arange(count, dtype=np.int64))[:, None]
    key = np.maximum.reduceat(rank * count + earliness, rubric.starts, axis=0)
    return (count - 1 - key % count), key // count


def _about_another(rubric: Rubric, clauses: Sequence[Heard]) -> Flags:
    """Units × clauses: another person is meant, or another symptom than the one whose attribute is wanted."""
    family = np.array([said.family and "or" not in said.clause.words[:LISTED_EARLY] for said in clauses])
    relatives: Flags = (~rubric.about_family & ~rubric.domestic)[:, None] & family[None, :]
    if not rubric.subjects:
        return relatives
    named = np.array([bool(said.entities) and Form.CONFIRMS not in said.clause.forms for said in clauses])
    others = rubric.asks_attribute[:, None] & named[None, :]
    if others.any():
        others &= ~_on_subject(rubric, clauses)
    either: Flags = relatives | others
    return either


def _on_subject(rubric: Rubric, clauses: Sequence[Heard]) -> Flags:
    """Whether what the clause is about is related to what the unit names, or to the rubric's subjects."""
    row_of = relations(rubric.vocabulary).row_of
    found = np.zeros((len(rubric.units), len(clauses)), dtype=np.bool_)
    named = [column for column, clause in enumerate(clauses) if clause.entities]
    if named:
        sizes = [len(clauses[column].entities) for column in named]
        rows = [row_of[name] for column in named for name in clauses[column].entities]
        starts = np.cumsum([0, *sizes[:-1]])
        found[:, named] = np.logical_or.reduceat(rubric.near[:, rows], starts, axis=1)
    return found
