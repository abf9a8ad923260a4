"""What it is to be near the cut score: one rule for the queue, the class table, the numbers and the student."""

from __future__ import annotations

from decimal import Decimal

NEAR_CUT = Decimal("0.05")
"""Scores this near the cut are looked at again before anyone is failed (contract 8.1)."""


def is_near_cut(score: Decimal, cut: Decimal) -> bool:
    """Within 0.05 of it, on either side, both ends included; without a cut score nothing is near it.

    >>> [is_near_cut(Decimal(score), Decimal("0.6")) for score in ("0.55", "0.65", "0.5499")]
    [True, True, False]
    >>> is_near_cut(Decimal("0.02"), Decimal(0))
    False
    """
    return cut > 0 and abs(score - cut) <= NEAR_CUT
