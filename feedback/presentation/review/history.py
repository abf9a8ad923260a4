"""Every change of a review, for ever: newest first, each with who, when, what and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback.presentation.items import Item
from feedback.presentation.review.words import decision_words, verdict_words
from scoring.decisions import decision_of, person_name
from scoring.domain.review import GRADING, Outcome
from scoring.models import ReviewDecision


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """anchor: of the item on the page; empty for the grading as a whole. undone: a later decision withdrew it."""

    sequence: int
    what: str
    about: str
    anchor: str
    text: str
    quote: str
    who: str
    at: datetime
    undone: bool


def history_entries(
    history: Sequence[ReviewDecision], items: Mapping[str, Item], outcomes: Sequence[Outcome], *, summary_found: bool
) -> tuple[HistoryEntry, ...]:
    kinds = {outcome.item.key: outcome.item.kind for outcome in outcomes}
    gone = {row.withdraws for row in history if row.withdraws is not None}
    found = []
    for row in reversed(history):
        item = items.get(row.item)
        words = ("", "") if item is None else verdict_words(kinds[row.item], summary_found=summary_found)
        found.append(
            HistoryEntry(
                sequence=row.sequence,
                what=decision_words(decision_of(row), words),
                about="The whole" if row.item == GRADING else item.label if item else row.item,
                anchor=item.anchor if item else "",
                text=row.comment or row.reason,
                quote=row.evidence_quote,
                who=person_name(row),
                at=row.at,
                undone=row.sequence in gone,
            )
        )
    return tuple(found)
