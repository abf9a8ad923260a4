"""How well one concept answers to another: itself, a narrower or a broader one; in thousandths."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.domain.matching.vocabulary import Vocabulary

FULL = 1000
NARROWER = 900  # an inhaler, where medication is to be heard
BROADER = 300  # an illness, where heart disease is to be heard

Integers = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Relations(NamedTuple):
    """row_of: the row and column of a concept. table: how well the one of a column answers to the one of a row."""

    row_of: dict[str, int]
    table: Integers

    def heard_by(self, names: Collection[str]) -> Integers:
        """For every concept, how well it answers to the best of `names`."""
        best: Integers = self.table[[self.row_of[name] for name in names]].max(axis=0, initial=0)
        return best

    def near(self, names: Collection[str]) -> Flags:
        """For every concept, whether it is one of `names`, or narrower or broader than one."""
        rows = [self.row_of[name] for name in names]
        either: Flags = (self.table[rows].max(axis=0, initial=0) > 0) | (self.table[:, rows].max(axis=1, initial=0) > 0)
        return either


@lru_cache(maxsize=32)
def relations(vocabulary: Vocabulary) -> Relations:
    row_of = {name: row for row, name in enumerate(sorted(vocabulary.concepts))}
    table = np.eye(len(row_of), dtype=np.int32) * np.int32(FULL)
    for name, row in row_of.items():
        for broader in vocabulary.ancestors(name):
            table[row_of[broader], row] = NARROWER
            table[row, row_of[broader]] = BROADER
    return Relations(row_of, table)
