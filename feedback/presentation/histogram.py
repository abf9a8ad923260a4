"""The distribution of a class as a small SVG: bars of five points, the cut score as a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

_BINS = 20
WIDTH, HEIGHT = 400, 72


@dataclass(frozen=True, slots=True)
class Bar:
    """Whole units of the drawing; low and high in points of 100."""

    x: int
    y: int
    width: int
    height: int
    count: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """bars: all of them, the empty ones without height. cut: where the line stands, None without a cut score."""

    bars: tuple[Bar, ...]
    count: int
    below: int
    cut: int | None

    @property
    def title(self) -> str:
        if self.cut is None:
            return f"Scores of {self.count} candidates"
        return f"{self.below} of {self.count} candidates are below the cut score"


def histogram(scores: Sequence[Decimal], cut_score: Decimal) -> Histogram | None:
    """None while there are too few scores to be a distribution."""
    if len(scores) < 5:  # noqa: PLR2004 - fewer are read faster in the table
        return None
    counts = [0] * _BINS
    for score in scores:
        counts[min(int(score * _BINS), _BINS - 1)] += 1
    step, most = WIDTH // _BINS, max(counts)
    bars = []
    for place, count in enumerate(counts):
        height = -(-count * HEIGHT // most)
        bars.append(Bar(place * step + 1, HEIGHT - height, step - 2, height, count, place * 5, place * 5 + 5))
    below = sum(score < cut_score for score in scores)
    return Histogram(tuple(bars), len(scores), below, int(cut_score * WIDTH) if cut_score else None)
