"""The learnt section model: integer weights of binary features, and integer costs of moving between sections.

A score is a sum of integers, so it is the same on every processor and in any order of addition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from scoring.domain.segmentation.release import released_text, table_rows
from scoring.domain.segmentation.section import Section

FILLER = "FILLER"
_FILE = "sections.tsv"
_SHA256 = "ffa39adbb57146012b4baec7d14bcbc90c16c385e416ef8ee7fc4e73808d6f52"


@dataclass(frozen=True, slots=True)
class SectionModel:
    """Scores are hundredths of a natural logarithm of odds; higher is likelier.

    sections: the labels of the first columns; the last column is that of a filler, which belongs to no section.
    weights: one row per feature, and a last row of zeros for a turn without any.
    moves: row = section before (the last row: none yet), column = section now.
    """

    sections: tuple[Section, ...]
    rows: dict[str, int]
    weights: NDArray[np.int64]
    moves: NDArray[np.int64]

    def scores(self, turns: Sequence[Sequence[str]]) -> NDArray[np.int64]:
        """One row per turn, from its features: a score per section and, last, for a filler.

        Unknown features count nothing. All turns are added up in one call, which is several times as fast.
        """
        nothing = len(self.rows)
        known: list[int] = []
        starts: list[int] = []
        for features in turns:
            starts.append(len(known))
            known.append(nothing)
            known.extend(row for name in features if (row := self.rows.get(name)) is not None)
        if not starts:
            return np.zeros((0, self.weights.shape[1]), dtype=np.int64)
        summed: NDArray[np.int64] = np.add.reduceat(self.weights[known], starts, axis=0)
        return summed


def parse_model(text: str) -> SectionModel:
    """Read the weights file: `#` comments, then `labels`, one `move:` line per section, one line per feature."""
    lines = table_rows(text)
    labels = lines[0][1:]
    moves = [line[1:] for line in lines if line[0].startswith("move:")]
    weighted = lines[1 + len(moves) :]
    zeros = [0] * len(labels)
    return SectionModel(
        sections=tuple(Section(label) for label in labels if label != FILLER),
        rows={line[0]: row for row, line in enumerate(weighted)},
        weights=np.array([*(line[1:] for line in weighted), zeros], dtype=np.int64),
        moves=np.array(moves, dtype=np.int64),
    )


@cache
def default_model() -> SectionModel:
    return parse_model(released_text(_FILE, _SHA256))
