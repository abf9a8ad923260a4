"""One act of one person about one item, and which of them stand after all that were withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scoring.domain.citations import Quote

GRADING = "grading"
"""The item of what is decided about the grading as a whole."""

MAX_TEXT = 2000
"""Characters of a reason or a comment."""


class Action(StrEnum):
    """accept: the machine's verdict holds. override: it does not. mark: what no machine could judge.

    accept_rest: everything that was not decided one by one holds. withdraw: an earlier decision no longer does.
    """

    ACCEPT = "accept"
    OVERRIDE = "override"
    MARK = "mark"
    NOT_APPLICABLE = "not_applicable"
    COMMENT = "comment"
    RATE = "rate"
    ACCEPT_REST = "accept_rest"
    WITHDRAW = "withdraw"


VERDICT_ACTIONS = frozenset({Action.ACCEPT, Action.OVERRIDE, Action.MARK, Action.NOT_APPLICABLE})
GRADING_ACTIONS = frozenset({Action.RATE, Action.ACCEPT_REST, Action.COMMENT, Action.WITHDRAW})
ITEM_ACTIONS = VERDICT_ACTIONS | {Action.COMMENT, Action.WITHDRAW}


class Judged(StrEnum):
    """A person's verdict on one item: asked, heard, present, met, in order, spared; or not."""

    MET = "met"
    MISSED = "missed"


class GlobalRating(StrEnum):
    """The examiner's overall impression, apart from the items; standards are set by it (borderline methods)."""

    FAIL = "fail"
    BORDERLINE = "borderline"
    PASS = "pass"  # noqa: S105 - a rating
    GOOD = "good"
    EXCELLENT = "excellent"


@dataclass(frozen=True, slots=True)
class Decision:
    """sequence: 1, 2, 3 … within a grading, in the order in which decisions were stored.

    withdraws: the sequence of the decision that no longer stands. evidence: a verified quotation.
    """

    sequence: int
    item: str
    action: Action
    verdict: Judged | None = None
    reason: str = ""
    comment: str = ""
    rating: GlobalRating | None = None
    withdraws: int | None = None
    evidence: Quote | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds now, by item. rested: everything that was not decided one by one was accepted."""

    verdicts: Mapping[str, Decision]
    comments: Mapping[str, Decision]
    rating: Decision | None = None
    rested: Decision | None = None


def standing_of(decisions: Iterable[Decision]) -> Standing:
    """The last decision of each kind that was not withdrawn; what it had replaced holds again when it is withdrawn."""
    ordered = sorted(decisions, key=lambda decision: decision.sequence)
    gone = {decision.withdraws for decision in ordered if decision.action is Action.WITHDRAW}
    left = [d for d in ordered if d.sequence not in gone and d.action is not Action.WITHDRAW]
    return Standing(
        verdicts={d.item: d for d in left if d.action in VERDICT_ACTIONS},
        comments={d.item: d for d in left if d.action is Action.COMMENT},
        rating=next((d for d in reversed(left) if d.action is Action.RATE), None),
        rested=next((d for d in reversed(left) if d.action is Action.ACCEPT_REST), None),
    )


def last_of_item(decisions: Iterable[Decision], item: str) -> int:
    """The sequence of the newest decision about an item, withdrawals included; 0 without any."""
    return max((decision.sequence for decision in decisions if decision.item == item), default=0)


def undoable(decisions: Iterable[Decision], item: str) -> Decision | None:
    """What undoing would withdraw: the newest decision about an item that still stands or was replaced."""
    ordered = sorted((d for d in decisions if d.item == item), key=lambda decision: decision.sequence)
    gone = {decision.withdraws for decision in ordered if decision.action is Action.WITHDRAW}
    left = [d for d in ordered if d.sequence not in gone and d.action is not Action.WITHDRAW]
    return left[-1] if left else None
