"""The likeliest sequence of sections, by integer Viterbi: exact, and ties go to the section listed first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scoring.domain.segmentation.model import SectionModel

_IMPOSSIBLE = -(2**30)


def likeliest_sections(scores: Sequence[NDArray[np.int32]], model: SectionModel) -> tuple[int | None, ...]:
    """The index of the running section at every turn; None until the first turn that is not a filler.

    A filler stays in the running section at no cost of moving, so "OK." neither starts a section nor ends one.
    """
    count = len(model.sections)
    best = np.full(count + 1, _IMPOSSIBLE, dtype=np.int64)
    best[count] = 0
    steps: list[NDArray[np.int64]] = []
    for score in scores:
        best, origin = _step(best, score.astype(np.int64), model.moves)
        steps.append(origin)
    return _trace(steps, int(np.argmax(best)), count)


def _step(
    best: NDArray[np.int64], score: NDArray[np.int64], moves: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Best totals after one more turn, and where each came from. The last state is "no section yet"."""
    count = len(moves) - 1
    arrivals = best[:, None] + moves
    origin = np.append(arrivals.argmax(axis=0), count)
    entered = arrivals.max(axis=0) + score[:count]
    stayed = best + score[count]
    fills = stayed[:count] > entered
    origin[:count][fills] = np.flatnonzero(fills)
    return np.append(np.where(fills, stayed[:count], entered), stayed[count]), origin


def _trace(steps: Sequence[NDArray[np.int64]], last: int, none_yet: int) -> tuple[int | None, ...]:
    path: list[int | None] = []
    state = last
    for origin in reversed(steps):
        path.append(None if state == none_yet else state)
        state = int(origin[state])
    return tuple(reversed(path))
