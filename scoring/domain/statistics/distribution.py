"""How the scores of a cohort are spread, and where the cut falls."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.domain.cut_score import is_near_cut
from scoring.domain.statistics.proportions import Proportion

BINS = 20


@dataclass(frozen=True, slots=True)
class Bin:
    """Scores from low up to but not including high; the last bin includes 1."""

    low: Decimal
    high: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """standard_deviation is the sample's (n − 1), None below two scores. passed: scores at or above the cut."""

    n: int
    mean: Decimal
    median: Decimal
    lower_quartile: Decimal
    upper_quartile: Decimal
    minimum: Decimal
    maximum: Decimal
    standard_deviation: float | None
    bins: tuple[Bin, ...]
    passed: Proportion
    near_cut: int


def distribution_of(scores: Sequence[Decimal], *, cut: Decimal, bins: int = BINS) -> Distribution | None:
    """None for nobody. Quartiles lie between the ordered scores, linearly (type 7 of Hyndman and Fan, 1996)."""
    if not scores:
        return None
    ordered = sorted(scores)
    return Distribution(
        n=len(ordered),
        mean=_decimal(sum(map(Fraction, ordered), Fraction(0)) / len(ordered)),
        median=_quantile(ordered, Fraction(1, 2)),
        lower_quartile=_quantile(ordered, Fraction(1, 4)),
        upper_quartile=_quantile(ordered, Fraction(3, 4)),
        minimum=ordered[0],
        maximum=ordered[-1],
        standard_deviation=_deviation(ordered),
        bins=_bins(ordered, bins),
        passed=Proportion(sum(score >= cut for score in ordered), len(ordered)),
        near_cut=sum(is_near_cut(score, cut) for score in ordered),
    )


def _bins(ordered: Sequence[Decimal], number: int) -> tuple[Bin, ...]:
    counts = [0] * number
    for score in ordered:
        counts[min(int(score * number), number - 1)] += 1
    return tuple(Bin(Decimal(at) / number, Decimal(at + 1) / number, counts[at]) for at in range(number))


def _quantile(ordered: Sequence[Decimal], share: Fraction) -> Decimal:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    low, high = Fraction(ordered[below]), Fraction(ordered[above])
    return _decimal(low + (high - low) * (place - below))


def _deviation(scores: Sequence[Decimal]) -> float | None:
    if len(scores) < 2:  # noqa: PLR2004 - one score has no spread
        return None
    mean = sum(map(Fraction, scores), Fraction(0)) / len(scores)
    squares = sum(((Fraction(score) - mean) ** 2 for score in scores), Fraction(0))
    return math.sqrt(squares / (len(scores) - 1))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
