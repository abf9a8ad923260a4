"""Which decisions make sense; the refusals say what to do instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rubrics.domain.errors import FieldProblem, Malformed, WrongState
from scoring.domain.review.decisions import (
    GRADING,
    GRADING_ACTIONS,
    ITEM_ACTIONS,
    MAX_TEXT,
    VERDICT_ACTIONS,
    Action,
    Decision,
    Judged,
    undoable,
)
from scoring.domain.review.items import ReviewItem
from scoring.domain.review.progress import Review


def decision_to_keep(wanted: Decision, review: Review, earlier: Sequence[Decision]) -> Decision:
    """The decision as it is stored: fields that its action does not take are refused, a verdict that agrees with the
    machine's is an acceptance, one on an item without a machine's verdict is a mark.

    Raises Malformed for a decision without its parts, or about no item of this grading; WrongState when there is
    nothing to undo, or the rest is accepted while items wait for a person.
    """
    items = {outcome.item.key: outcome.item for outcome in review.outcomes}
    item = items.get(wanted.item)
    _require(item is not None or wanted.item == GRADING, "item", f"This grading has no item {wanted.item!r}.")
    allowed = GRADING_ACTIONS if item is None else ITEM_ACTIONS
    _require(wanted.action in allowed, "action", f"Choose one of {', '.join(sorted(allowed))} here.")
    _refuse_extras(wanted)
    if wanted.action is Action.WITHDRAW:
        return _withdrawal(wanted, earlier)
    if wanted.action is Action.ACCEPT_REST:
        _require_nothing_to_do(review)
    if item is None or wanted.action not in VERDICT_ACTIONS:
        return wanted
    return _verdict(wanted, item)


def _require(holds: bool, field: str, message: str) -> None:
    if not holds:
        raise Malformed(message, fields=(FieldProblem(field, message),))


def _refuse_extras(wanted: Decision) -> None:
    action = wanted.action
    judges = action in (Action.OVERRIDE, Action.MARK)
    _require(
        (wanted.verdict is not None) == judges, "verdict", "A verdict goes with override and mark, and they need it."
    )
    _require(
        (wanted.rating is not None) == (action is Action.RATE), "rating", "A rating goes with rate, and rate needs it."
    )
    _require(
        bool(wanted.comment.strip()) == (action is Action.COMMENT),
        "comment",
        "Write the comment. Only a decision of the kind comment has one.",
    )
    _require(not wanted.reason or action in VERDICT_ACTIONS, "reason", "A reason goes with a verdict.")
    _require(
        wanted.evidence is None or action in VERDICT_ACTIONS - {Action.NOT_APPLICABLE},
        "evidence",
        "Evidence goes with a verdict.",
    )
    for field, text in (("reason", wanted.reason), ("comment", wanted.comment)):
        _require(len(text) <= MAX_TEXT, field, f"Shorten this to {MAX_TEXT} characters.")
        _require("\0" not in text, field, "There is a NUL character in this. Remove it.")


def _withdrawal(wanted: Decision, earlier: Sequence[Decision]) -> Decision:
    last = undoable(earlier, wanted.item)
    if last is None or wanted.withdraws not in (None, last.sequence):
        raise WrongState("There is nothing of this to undo. Load the page again.", code="nothing_to_undo")
    return replace(wanted, withdraws=last.sequence)


def _require_nothing_to_do(review: Review) -> None:
    waiting = len(review.progress.to_do)
    if waiting:
        raise WrongState(
            f"Only a person can settle {waiting} of the items. Decide them first, then accept the rest.",
            code="items_to_do",
        )


def _verdict(wanted: Decision, item: ReviewItem) -> Decision:
    if item.credited is None:
        _require(wanted.action is not Action.ACCEPT, "action", "There is no verdict to accept: mark the item yourself.")
        return wanted if wanted.action is Action.NOT_APPLICABLE else replace(wanted, action=Action.MARK)
    if wanted.action is Action.NOT_APPLICABLE or wanted.action is Action.ACCEPT:
        return wanted
    if (wanted.verdict is Judged.MET) is item.credited:
        return replace(wanted, action=Action.ACCEPT, verdict=None)
    _require(
        item.uncertain or bool(wanted.reason.strip()) or wanted.evidence is not None,
        "reason",
        "Say in a few words why the machine's verdict is wrong, or point out the words that show it.",
    )
    return replace(wanted, action=Action.OVERRIDE)
