"""An item of the rubric as a row that can be decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feedback.domain.phrasing import shortened
from feedback.presentation.items import SPARED, Item, Moment, Verdict, evidence_anchor
from feedback.presentation.numbers import Timeline
from feedback.presentation.review.words import (
    changed_verdict,
    decision_words,
    settled_verdict,
    verdict_words,
)
from scoring.decisions import decision_of, person_name
from scoring.domain.citations import Quote
from scoring.domain.review import Action, Decision, Outcome
from scoring.models import ReviewDecision


@dataclass(frozen=True, slots=True)
class Choice:
    """A verdict that can be given. reasoned: it contradicts a machine that was sure, so it needs a reason."""

    value: str
    word: str
    key: str
    pressed: bool
    reasoned: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody decided or wrote, with who and when."""

    words: str
    text: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """verdict: what holds. machine: what the machine had said, where a person's differs. decided: who decided and why.

    seen: the newest decision about the item on this page, which a new one must name. quote: the evidence that holds.
    """

    item: Item
    verdict: Verdict
    machine: Verdict | None
    to_do: bool
    choices: tuple[Choice, ...]
    seen: int
    decided: Note | None = None
    comment: Note | None = None
    can_accept: bool = False
    can_undo: bool = False
    followed: bool = False
    own_evidence: bool = False

    @property
    def key(self) -> str:
        return self.item.key

    @property
    def number(self) -> int:
        return self.item.number

    @property
    def anchor(self) -> str:
        return self.item.anchor

    @property
    def changed(self) -> bool:
        return self.machine is not None

    @property
    def is_aside(self) -> bool:
        return self.key.startswith("penalty:") and self.verdict is SPARED and not self.seen


def row_of(
    item: Item, outcome: Outcome, history: Sequence[ReviewDecision], line: Timeline, *, summary_found: bool
) -> Row:
    """history: the decisions about this item, oldest first."""
    words = verdict_words(outcome.item.kind, summary_found=summary_found)
    by_sequence = {row.sequence: row for row in history}
    decision = outcome.decision
    verdict = _verdict(item, outcome, words)
    changed = outcome.changed or outcome.followed
    comment = _standing_comment(history)
    return Row(
        item=_with_evidence(item, outcome, line),
        verdict=verdict,
        machine=item.verdict if changed else None,
        to_do=outcome.item.needs_a_person and decision is None,
        choices=_choices(outcome, words),
        seen=history[-1].sequence if history else 0,
        decided=None if decision is None else _note(by_sequence[decision.sequence], words),
        comment=None if comment is None else _note(comment, words),
        can_accept=outcome.item.credited is not None,
        can_undo=_can_undo(history),
        followed=outcome.followed,
        own_evidence=decision is not None and decision.evidence is not None,
    )


def _verdict(item: Item, outcome: Outcome, words: tuple[str, str]) -> Verdict:
    if not outcome.applicable:
        return changed_verdict(words, met=None)
    if outcome.changed or outcome.followed:
        return changed_verdict(words, met=bool(outcome.credited))
    if outcome.item.uncertain and outcome.decision is not None:
        return settled_verdict(words, met=bool(outcome.credited))
    return item.verdict


def _choices(outcome: Outcome, words: tuple[str, str]) -> tuple[Choice, ...]:
    decision, item = outcome.decision, outcome.item
    judged = None if decision is None or not outcome.applicable else outcome.credited
    sure = item.credited is not None and not item.uncertain
    return (
        Choice("met", words[0], "1", pressed=judged is True, reasoned=sure and item.credited is False),
        Choice("missed", words[1], "2", pressed=judged is False, reasoned=sure and item.credited is True),
        Choice("na", "Not applicable", "3", pressed=decision is not None and not outcome.applicable),
    )


def _note(row: ReviewDecision, words: tuple[str, str]) -> Note:
    return Note(decision_words(decision_of(row), words), row.comment or row.reason, person_name(row), row.at)


def _withdrawn(history: Sequence[ReviewDecision]) -> frozenset[int]:
    return frozenset(row.withdraws for row in history if row.withdraws is not None)


def _standing_comment(history: Sequence[ReviewDecision]) -> ReviewDecision | None:
    gone = _withdrawn(history)
    comments = [row for row in history if row.action == Action.COMMENT and row.sequence not in gone]
    return comments[-1] if comments else None


def _can_undo(history: Sequence[ReviewDecision]) -> bool:
    gone = _withdrawn(history)
    return any(row.action != Action.WITHDRAW and row.sequence not in gone for row in history)


def _with_evidence(item: Item, outcome: Outcome, line: Timeline) -> Item:
    """A person's evidence takes the place of the machine's; what a person found missing rests on nothing."""
    decision = outcome.decision
    if decision is not None and decision.evidence is not None:
        return replace(
            item, marked=(decision.evidence,), moments=(_moment(item, decision.evidence, line),), looked=False
        )
    overruled = decision is not None and outcome.changed and not (outcome.applicable and outcome.credited)
    return replace(item, marked=()) if overruled else item


def _moment(item: Item, quote: Quote, line: Timeline) -> Moment:
    when = "written summary" if quote.turn is None else line.when(quote.turn)
    return Moment(when, evidence_anchor(item.number, 0), shortened(quote.quote))


def history_by_item(history: Sequence[ReviewDecision]) -> Mapping[str, list[ReviewDecision]]:
    found: dict[str, list[ReviewDecision]] = {}
    for row in history:
        found.setdefault(row.item, []).append(row)
    return found


def standing_note(decision: Decision | None, history: Sequence[ReviewDecision]) -> Note | None:
    """Who made a standing decision about the grading as a whole, and when."""
    if decision is None:
        return None
    row = next(row for row in history if row.sequence == decision.sequence)
    return _note(row, ("", ""))
