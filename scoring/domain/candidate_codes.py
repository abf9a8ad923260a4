"""Codes that stand for candidates while grading is anonymous."""

from __future__ import annotations

from collections.abc import Callable, Collection

_SHORTEST = 4


def draw_codes(taken: Collection[str], count: int, draw: Callable[[int], int]) -> list[str]:
    """Digits of equal length, none of them taken. draw(n) gives a number from 0 to n − 1.

    Drawn and not counted up: a class list is imported in the order of names, and codes in that order would tell them.

    >>> draw_codes({"0000"}, 2, draw=lambda n: 0)
    ['0001', '0002']
    """
    used = set(taken)
    # At most half of the codes are in use, so that chance finds a free one at once.
    width = max(_SHORTEST, len(str(2 * (len(used) + count))))
    codes = []
    for _ in range(count):
        number = draw(10**width)
        while f"{number:0{width}d}" in used:
            number = (number + 1) % 10**width
        codes.append(f"{number:0{width}d}")
        used.add(codes[-1])
    return codes
