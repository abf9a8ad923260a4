"""Numbers, times and quotations as the pages write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from feedback.domain.phrasing import percent, plain_number
from scoring.domain.citations import clock
from scoring.domain.result import TurnEntry

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
_HOUR_MS = 3_600_000


def percent_text(share: Decimal) -> str:
    """A score for reading; the number and its sign never part at a line's end.

    >>> percent_text(Decimal("0.6875")) == f"68.8{NO_BREAK_SPACE}%"
    True
    """
    return percent(share).replace(" ", NO_BREAK_SPACE)


def score_text(share: Decimal) -> str:
    """A score in a column, always with one decimal, so that the digits stand under one another.

    >>> score_text(Decimal("0.7")) == f"70.0{NO_BREAK_SPACE}%"
    True
    """
    tenths = (share * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)
    return f"{tenths}{NO_BREAK_SPACE}%"


def two_places(value: Decimal) -> str:
    """Two decimals, with a real minus sign.

    >>> two_places(Decimal("-0.3")), two_places(Decimal("0.9567"))
    ('−0.30', '0.96')
    """
    rounded = value.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    return f"{abs(rounded)}" if rounded >= 0 else f"{MINUS}{abs(rounded)}"


def short_number(value: Decimal) -> str:
    """At most two decimals and no trailing zeros: 2, 0.5, 0.33."""
    return plain_number(value.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)) if value else "0"


def counted(number: int, one: str, many: str = "") -> str:
    """
    >>> counted(1, "item"), counted(3, "item"), counted(2, "mark is", "marks are")
    ('1 item', '3 items', '2 marks are')
    """
    return f"{number} {one if number == 1 else many or f'{one}s'}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """When each turn began. hours: whether the clock needs them, so that all times of a page have one width."""

    starts: Mapping[int, int | None]
    hours: bool

    def when(self, turn: int) -> str:
        """`MM:SS`, or `turn 12` in a transcript without times."""
        start = self.starts.get(turn)
        return f"turn {turn}" if start is None else clock(start // 1000, hours=self.hours)

    def time(self, turn: int) -> str:
        """Empty in a transcript without times."""
        return "" if self.starts.get(turn) is None else self.when(turn)


def timeline(turns: tuple[TurnEntry, ...]) -> Timeline:
    starts = {turn.turn: turn.start_ms for turn in turns}
    return Timeline(starts, hours=any((start or 0) >= _HOUR_MS for start in starts.values()))
