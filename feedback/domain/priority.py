"""Which grading a person looks at first."""

from __future__ import annotations


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
