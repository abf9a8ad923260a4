"""Before and after, for one student and for each item over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from scoring.domain.bench.outcome import ItemOutcome, Outcome, Span


class Crossing(StrEnum):
    """Which way a student would cross the pass mark; a score equal to the mark passes."""

    NONE = ""
    PASSES = "passes"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Flip:
    """An item whose verdict differs. before or after None: the item is not in that rubric, or no machine can tell.

    spans: what the verdict that holds rests on, whichever side it is on.
    """

    key: str
    label: str
    before: bool | None
    after: bool | None
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class StudentChange:
    before: Outcome
    after: Outcome
    flips: tuple[Flip, ...]
    crossing: Crossing

    @property
    def difference(self) -> Decimal:
        return self.after.overall - self.before.overall

    @property
    def differs(self) -> bool:
        return bool(self.flips) or self.difference != 0


@dataclass(frozen=True, slots=True)
class ItemTally:
    """One item over all students. of: how many could be judged by the draft; a rate over none is no rate.

    held_before None: the item is new. is_gone: the draft no longer has it.
    """

    key: str
    label: str
    held_before: int | None
    held_after: int
    of: int
    to_yes: int
    to_no: int
    is_gone: bool = False

    @property
    def never(self) -> bool:
        return not self.is_gone and self.of > 0 and self.held_after == 0

    @property
    def always(self) -> bool:
        return not self.is_gone and self.of > 0 and self.held_after == self.of


def change_of(before: Outcome, after: Outcome, pass_mark: Decimal | None) -> StudentChange:
    """Flips in the draft's order, then those of items that it no longer has."""
    old = {item.key: item for item in before.items}
    new = {item.key: item for item in after.items}
    flips = (_flip(old.get(key), new.get(key)) for key in dict.fromkeys((*new, *old)))
    return StudentChange(
        before, after, tuple(flip for flip in flips if flip is not None), _crossing(before, after, pass_mark)
    )


def _flip(before: ItemOutcome | None, after: ItemOutcome | None) -> Flip | None:
    """An item that only one rubric has is not a flip: nobody's verdict on it changed."""
    if before is None or after is None or before.holds == after.holds:
        return None
    return Flip(after.key, after.label, before.holds, after.holds, after.spans if after.holds else before.spans)


def _crossing(before: Outcome, after: Outcome, pass_mark: Decimal | None) -> Crossing:
    if pass_mark is None:
        return Crossing.NONE
    passed, passes = before.overall >= pass_mark, after.overall >= pass_mark
    if passed == passes:
        return Crossing.NONE
    return Crossing.PASSES if passes else Crossing.FAILS


def tallies(changes: Sequence[StudentChange]) -> tuple[ItemTally, ...]:
    """Every item of the draft in its order, then those that it no longer has."""
    labels: dict[str, str] = {}
    for change in changes:
        labels.update((item.key, item.label) for item in change.after.items if item.key not in labels)
    kept = set(labels)
    for change in changes:
        labels.update((item.key, item.label) for item in change.before.items if item.key not in labels)
    before = [{item.key: item.holds for item in change.before.items} for change in changes]
    after = [{item.key: item.holds for item in change.after.items} for change in changes]
    return tuple(_tally(key, label, before, after, is_gone=key not in kept) for key, label in labels.items())


def _tally(
    key: str,
    label: str,
    before: Sequence[dict[str, bool | None]],
    after: Sequence[dict[str, bool | None]],
    *,
    is_gone: bool,
) -> ItemTally:
    pairs = [(old.get(key), new.get(key)) for old, new in zip(before, after, strict=True)]
    return ItemTally(
        key=key,
        label=label,
        held_before=sum(old is True for old, _ in pairs) if any(key in old for old in before) else None,
        held_after=sum(new is True for _, new in pairs),
        of=sum(new is not None for _, new in pairs),
        to_yes=sum(old is False and new is True for old, new in pairs),
        to_no=sum(old is True and new is False for old, new in pairs),
        is_gone=is_gone,
    )
