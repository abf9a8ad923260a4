"""Charts as coordinates. A template draws them as inline SVG; nothing is computed in the browser.

Every chart is drawn in a box of 360 units across, so that its letters stay readable on a phone, and grows with the
page. The page puts the finding above it, and the same figures as a table below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.domain.statistics.distribution import Bin, Distribution
from scoring.domain.statistics.items import ItemStatistics

WIDTH = 360
HEIGHT = 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 28.0, 352.0, 14.0, 172.0
_ROUGHLY = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """words: what the bar stands for, read out and shown on hover."""

    x: str
    y: str
    width: str
    height: str
    passed: bool
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Histogram:
    bars: tuple[Bar, ...]
    cut_x: str
    cut_label: str
    cut_anchor: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


def histogram(distribution: Distribution, *, cut: Decimal) -> Histogram:
    """Bars from the cut upwards are marked as passed; the one that the cut goes through is not."""
    steps = _steps(max(part.count for part in distribution.bins))
    cut_x = _x(float(cut))
    return Histogram(
        bars=tuple(_bar(part, steps[-1], cut) for part in distribution.bins if part.count),
        cut_x=_at(cut_x),
        cut_label=f"cut {whole(cut)}",
        # The words must not run out of the picture at either end.
        cut_anchor="start" if cut_x < _LEFT + 40 else "end",
        across=tuple(Tick(_at(_x(share / 100)), str(share)) for share in (0, 20, 40, 60, 80, 100)),
        up=tuple(Tick(_at(_y(step / steps[-1])), str(step)) for step in steps),
    )


def _bar(part: Bin, highest: int, cut: Decimal) -> Bar:
    left, right = _x(float(part.low)) + 1, _x(float(part.high)) - 1
    top = _y(part.count / highest)
    return Bar(
        x=_at(left),
        y=_at(top),
        width=_at(right - left),
        height=_at(_BOTTOM - top),
        passed=part.low >= cut,
        words=f"{part.count} from {whole(part.low)} to {whole(part.high)}",
    )


def _steps(highest: int) -> list[int]:
    """Round numbers from 0 to at least the highest bar.

    >>> _steps(3), _steps(17), _steps(240)
    ([0, 1, 2, 3], [0, 5, 10, 15, 20], [0, 100, 200, 300])
    """
    size = 1
    for factor in _factors():
        size = factor
        if highest <= factor * _ROUGHLY:
            break
    return list(range(0, (-(-max(highest, 1) // size) + 1) * size, size))


def _factors() -> Sequence[int]:
    return [lead * 10**power for power in range(7) for lead in (1, 2, 5)]


@dataclass(frozen=True, slots=True)
class Dot:
    """number: the item's place in the table below. label: its words, for those that stand out; else empty."""

    x: str
    y: str
    number: int
    remark: str
    words: str


@dataclass(frozen=True, slots=True)
class Scatter:
    dots: tuple[Dot, ...]
    zero_y: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


def item_scatter(items: Sequence[ItemStatistics], labels: Sequence[str]) -> Scatter:
    """Difficulty across, discrimination up from −1 to 1; items whose discrimination can't be told are left out."""
    dots = [
        Dot(
            x=_at(_x(item.difficulty.share)),
            y=_at(_y((item.discrimination + 1) / 2)),
            number=number,
            remark=item.remark,
            words=f"{number}. {label}: credited {whole(Decimal(item.difficulty.share))} %, "
            f"discrimination {signed(item.discrimination)}",
        )
        for number, (item, label) in enumerate(zip(items, labels, strict=True), start=1)
        if item.discrimination is not None
    ]
    return Scatter(
        dots=tuple(dots),
        zero_y=_at(_y(0.5)),
        across=tuple(Tick(_at(_x(share / 100)), str(share)) for share in (0, 20, 40, 60, 80, 100)),
        up=tuple(Tick(_at(_y((value + 1) / 2)), signed(value, places=1)) for value in (-1.0, -0.5, 0.0, 0.5, 1.0)),
    )


@dataclass(frozen=True, slots=True)
class Span:
    """A figure with its interval, as a line with a dot in a row of its own."""

    low_x: str
    high_x: str
    x: str


def span(low: float, value: float, high: float, *, least: float = -1.0, most: float = 1.0) -> Span:
    """Drawn in a box of 100 units from `least` to `most`."""

    def place(number: float) -> str:
        return _at(100 * (min(max(number, least), most) - least) / (most - least))

    return Span(place(low), place(high), place(value))


@dataclass(frozen=True, slots=True)
class Point:
    x: str
    y: str
    words: str
    label: str


@dataclass(frozen=True, slots=True)
class Progress:
    """points: oldest first. line: them as SVG's `points`."""

    points: tuple[Point, ...]
    line: str
    up: tuple[Tick, ...]


def progress(scores: Sequence[tuple[str, Decimal]]) -> Progress:
    """One point an assessment, evenly spaced: the order tells, the days between do not."""
    last = max(len(scores) - 1, 1)
    points = tuple(
        Point(_at(_x(place / last) if len(scores) > 1 else (_LEFT + _RIGHT) / 2), _at(_y(float(score))),
              f"{name}: {whole(score)} %", whole(score))
        for place, (name, score) in enumerate(scores)
    )  # fmt: skip
    return Progress(
        points=points,
        line=" ".join(f"{point.x},{point.y}" for point in points),
        up=tuple(Tick(_at(_y(share / 100)), str(share)) for share in (0, 25, 50, 75, 100)),
    )


def whole(share: Decimal) -> str:
    """A share as a whole percentage, half to even.

    >>> whole(Decimal("0.605")), whole(Decimal("1"))
    ('60', '100')
    """
    return str(int((share * 100).to_integral_value()))


def signed(value: float, *, places: int = 2) -> str:
    """With a real minus sign, and no sign on a zero.

    >>> signed(-0.304), signed(0.0004), signed(0.5, places=1)
    ('−0.30', '0.00', '0.5')
    """
    text = f"{abs(value):.{places}f}"
    return text if value >= 0 or not text.strip("0.") else f"\N{MINUS SIGN}{text}"


def _x(share: float) -> float:
    return _LEFT + share * (_RIGHT - _LEFT)


def _y(share: float) -> float:
    return _BOTTOM - share * (_BOTTOM - _TOP)


def _at(place: float) -> str:
    return f"{place:.1f}"
