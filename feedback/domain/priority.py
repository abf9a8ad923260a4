"""Which grading a person looks at first."""

from __future__ import annotations

from decimal import Decimal

NEAR_THE_CUT = Decimal("0.05")


def is_near_cut(score: Decimal, cut_score: Decimal) -> bool:
    """Within 5 points of a cut score; without one nothing is near it.

    >>> is_near_cut(Decimal("0.65"), Decimal("0.6")), is_near_cut(Decimal("0.02"), Decimal(0))
    (True, False)
    """
    return cut_score > 0 and abs(score - cut_score) <= NEAR_THE_CUT


def priority(*, uncertain: int, near_cut: bool, warnings: int) -> tuple[int, int]:
    """Smaller comes first: uncertain items, then near the cut, then warnings, then the rest; more of them before fewer.

    >>> priority(uncertain=1, near_cut=False, warnings=0) < priority(uncertain=0, near_cut=True, warnings=3)
    True
    """
    if uncertain:
        return 0, -uncertain
    if near_cut:
        return 1, 0
    return (2, -warnings) if warnings else (3, 0)
