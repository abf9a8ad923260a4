"""The formulas of the five components, on verdicts alone.

The machine's verdicts and a person's go through the same functions, so that a score after decisions differs from the
machine's by the decisions and by nothing else. Everything is exact; rounding is the caller's, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from scoring.domain.overall import clamp

ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)


def structure_share(*, in_order: int, expected: int, penalties: Iterable[Fraction]) -> Fraction:
    """clamp(in_order / expected + sum of the penalties that apply); penalties are 0 or less."""
    return clamp(_share(Fraction(in_order), Fraction(expected)) + sum(penalties, ZERO))


def weighted_share(items: Iterable[tuple[Fraction, bool]]) -> Fraction:
    """Sum of the weights credited / sum of all weights, as (weight, credited); nothing that weighs anything: 1."""
    pairs = tuple(items)
    earned = sum((weight for weight, credited in pairs if credited), ZERO)
    return _share(earned, sum((weight for weight, _ in pairs), ZERO))


def reasoning_share(*, detected: int, required: int, major_gaps: int, major_gap_penalty: Fraction) -> Fraction:
    """clamp(detected / required + major_gap_penalty for every major gap); nothing required: 1."""
    if not required:
        return ONE
    return clamp(Fraction(detected, required) + major_gaps * major_gap_penalty)


def elements_share(*, matched: int, checkable: int) -> Fraction:
    """matched / checkable; nothing checkable: 1."""
    return _share(Fraction(matched), Fraction(checkable))


def succinctness_share(*, tokens: int, max_tokens: int, overflow_divisor: Fraction) -> Fraction:
    """1 up to max_tokens, then 1/overflow_divisor less for every further word, never below 0."""
    return max(ZERO, 1 - max(0, tokens - max_tokens) / overflow_divisor)


def summary_share(*, succinctness: Fraction, elements: Fraction) -> Fraction:
    return (succinctness + elements) * HALF


def _share(part: Fraction, whole: Fraction) -> Fraction:
    return part / whole if whole else ONE
