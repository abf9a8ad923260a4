"""From component scores to the overall score (contract 6.6). Exact: `Fraction` in, one rounding at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

COMPONENTS = ("structure", "key_questions", "reasoning", "summary", "communication")
"""In the order in which every report lists them."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """A component's share of the overall score: contribution = weight / sum of weights * score."""

    score: Fraction
    weight: Fraction
    contribution: Fraction


@dataclass(frozen=True, slots=True)
class OverallScore:
    score: Fraction
    contributions: Mapping[str, Contribution]


def score_overall(scores: Mapping[str, Fraction], weights: Mapping[str, Decimal]) -> OverallScore:
    """Weighted mean over the components; all weights 0 (only a draft can be so) scores 0.

    Summing scores that were rounded first gives 0.6876 where the exact sum gives 0.6875: round once, at the end.
    """
    shares = {name: Fraction(weights[name]) for name in COMPONENTS}
    total = sum(shares.values(), Fraction(0))
    contributions = {
        name: Contribution(scores[name], shares[name], scores[name] * shares[name] / total if total else Fraction(0))
        for name in COMPONENTS
    }
    return OverallScore(sum((c.contribution for c in contributions.values()), Fraction(0)), contributions)


def four_places(value: Fraction | Decimal) -> Decimal:
    """Round half to even at the fourth decimal.

    >>> four_places(Fraction(1, 3)), four_places(Fraction(5, 100000)), four_places(Fraction(15, 100000))
    (Decimal('0.3333'), Decimal('0.0000'), Decimal('0.0002'))
    """
    return Decimal(round(Fraction(value) * 10_000)).scaleb(-4)


def clamp(value: Fraction) -> Fraction:
    """Into [0, 1]."""
    return min(max(value, Fraction(0)), Fraction(1))
