"""How long a batch will take."""

from __future__ import annotations

_FEWEST = 3


def seconds_left(*, finished: int, elapsed: float, remaining: int) -> int | None:
    """Seconds until `remaining` are done at the pace of the `finished` ones; None while too few are to tell.

    Counts since the batch was started or resumed, so that a night on pause does not slow it down.

    >>> seconds_left(finished=10, elapsed=2.0, remaining=45)
    9
    >>> seconds_left(finished=1, elapsed=0.2, remaining=45) is None
    True
    """
    if remaining == 0:
        return 0
    if finished < _FEWEST or elapsed <= 0:
        return None
    return max(1, round(remaining * elapsed / finished))
