"""Difficulty and discrimination of each item of a rubric, as test theory has them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.domain.statistics.proportions import Proportion

# Below these a figure is withheld (discrimination) or shown with a warning (both).
FEWEST_FOR_DISCRIMINATION = 10
FEWEST_TO_TRUST = 30
_POOR = 0.1

Responses = Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """difficulty: the share of candidates credited with the item, so a high one is an easy item.

    discrimination: correlation of the item with the share of all other items credited, from −1 to 1; None where it can
    not be told: fewer than ten candidates, or an item or a rest that is the same for everybody.
    """

    item: str
    difficulty: Proportion
    discrimination: float | None

    @property
    def is_uncertain(self) -> bool:
        """Too few candidates for either figure to guide a decision."""
        return self.difficulty.whole < FEWEST_TO_TRUST

    @property
    def remark(self) -> str:
        """`all`, `none`, `negative` or `weak`: what a rubric's author should look at; else empty, as below ten."""
        if self.difficulty.whole < FEWEST_FOR_DISCRIMINATION:
            return ""
        if self.difficulty.part == self.difficulty.whole:
            return "all"
        if not self.difficulty.part:
            return "none"
        if self.discrimination is None or self.discrimination >= _POOR:
            return ""
        return "negative" if self.discrimination < 0 else "weak"


def item_statistics(candidates: Sequence[Responses], items: Sequence[str]) -> list[ItemStatistics]:
    """In the order of `items`; one that nobody was judged on is left out.

    A candidate's None (not applicable, or not judged) is no answer: it counts neither for the item nor for the rest.
    """
    totals = [_total(responses) for responses in candidates]
    found = []
    for item in items:
        judged = [(responses[item], total) for responses, total in zip(candidates, totals, strict=True)
                  if responses.get(item) is not None]  # fmt: skip
        if judged:
            marks = [bool(mark) for mark, _ in judged]
            rests = [_rest(bool(mark), total) for mark, total in judged]
            found.append(ItemStatistics(item, Proportion(sum(marks), len(marks)), _discrimination(marks, rests)))
    return found


def _total(responses: Responses) -> tuple[int, int]:
    judged = [mark for mark in responses.values() if mark is not None]
    return sum(judged), len(judged)


def _rest(mark: bool, total: tuple[int, int]) -> Fraction:
    """The share of the other items; leaving the item itself in would correlate it with itself."""
    credited, judged = total
    return Fraction(credited - mark, judged - 1) if judged > 1 else Fraction(0)


def _discrimination(marks: Sequence[bool], rests: Sequence[Fraction]) -> float | None:
    n = len(marks)
    if n < FEWEST_FOR_DISCRIMINATION:
        return None
    mean_mark, mean_rest = Fraction(sum(marks), n), sum(rests, Fraction(0)) / n
    together = sum(
        ((mark - mean_mark) * (rest - mean_rest) for mark, rest in zip(marks, rests, strict=True)), Fraction()
    )
    spread_mark = sum(((mark - mean_mark) ** 2 for mark in marks), Fraction(0))
    spread_rest = sum(((rest - mean_rest) ** 2 for rest in rests), Fraction(0))
    if not spread_mark or not spread_rest:
        return None
    return float(together) / math.sqrt(spread_mark * spread_rest)
