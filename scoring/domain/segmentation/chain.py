"""The likeliest sequence of sections, by integer Viterbi: exact, and ties go to the section listed first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_IMPOSSIBLE = np.int64(-(2**40))


def likeliest_sections(scores: NDArray[np.int64], moves: NDArray[np.int64]) -> tuple[int | None, ...]:
    """The index of the running section at every turn; None until the first turn that is not a filler.

    scores: one row per turn; columns are the sections and, last, "this is a filler".
    moves: row = section before (last: none yet), column = section now, as in SectionModel.
    A filler stays in the running section at no cost of moving, so "OK." neither starts a section nor ends one.
    """
    none_yet = moves.shape[1]
    arrive = np.column_stack((moves, np.full(none_yet + 1, _IMPOSSIBLE)))
    arrive[none_yet, none_yet] = 0
    best = np.full(none_yet + 1, _IMPOSSIBLE)
    best[none_yet] = 0
    steps: list[NDArray[np.int64]] = []
    for score in scores:
        total = best[:, None] + arrive + score
        stayed = total.reshape(-1)[:: none_yet + 2]
        np.maximum(stayed, best + score[none_yet], out=stayed)
        steps.append(total.argmax(axis=0))
        best = total.max(axis=0)
    return _trace(steps, int(best.argmax()), none_yet)


def _trace(steps: Sequence[NDArray[np.int64]], last: int, none_yet: int) -> tuple[int | None, ...]:
    path: list[int | None] = []
    state = last
    for origin in reversed(steps):
        path.append(None if state == none_yet else state)
        state = int(origin[state])
    return tuple(reversed(path))
