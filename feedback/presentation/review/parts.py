"""Which parts of the review screen a decision changes, so that nothing else moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from feedback.presentation.review.page import GroupView, ReviewPage
from feedback.presentation.review.rows import Row
from feedback.presentation.transcript import TurnView
from scoring.models import ReviewDecision


def changed_rows(page: ReviewPage, keys: Iterable[str]) -> tuple[Row, ...]:
    """The items themselves, and the penalties that follow a section."""
    wanted = set(keys)
    sections = any(key.startswith("section:") for key in wanted)
    return tuple(row for row in page.rows if row.key in wanted or (sections and row.key.startswith("penalty:")))


def changed_groups(page: ReviewPage, rows: Sequence[Row]) -> tuple[GroupView, ...]:
    return tuple(group for group in page.groups if any(row in group.rows for row in rows))


def changed_turns(page: ReviewPage, rows: Sequence[Row], history: Sequence[ReviewDecision]) -> tuple[TurnView, ...]:
    """Where the items' evidence lies or lay: the machine's, and all that people ever pointed out."""
    keys = {row.key for row in rows}
    machine = (quote.turn for item in page.page.items if item.key in keys for quote in item.marked)
    people = (row.evidence_turn for row in history if row.item in keys)
    wanted = {turn for turn in (*machine, *people) if turn is not None}
    return tuple(turn for turn in page.turns if turn.number in wanted)
