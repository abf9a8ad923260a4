"""What each item counts for once decisions are taken into account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.domain.formulas import ONE, ZERO
from scoring.domain.review.decisions import Action, Decision, Judged, Standing
from scoring.domain.review.items import ItemKind, ReviewItem


@dataclass(frozen=True, slots=True)
class Outcome:
    """credited None: nobody has judged the item, so it counts nowhere. applicable False: it leaves both sums.

    decision: the person's verdict that stands. followed: a penalty that was lifted because a person found its section.
    """

    item: ReviewItem
    credited: bool | None
    share: Fraction
    applicable: bool = True
    decision: Decision | None = None
    followed: bool = False

    @property
    def counts(self) -> bool:
        return self.applicable and self.credited is not None

    @property
    def changed(self) -> bool:
        """Differs from the machine's, also where the machine had no verdict."""
        return not self.applicable or self.credited != self.item.credited or self.share != self.item.share


def outcomes_of(items: Sequence[ReviewItem], standing: Standing) -> tuple[Outcome, ...]:
    decided = {item.key: _decided(item, standing.verdicts.get(item.key)) for item in items}
    return tuple(_following(decided[item.key], decided) for item in items)


def _decided(item: ReviewItem, decision: Decision | None) -> Outcome:
    if decision is None or decision.action is Action.ACCEPT:
        return Outcome(item, item.credited, item.share, decision=decision)
    if decision.action is Action.NOT_APPLICABLE:
        return Outcome(item, item.credited, item.share, applicable=False, decision=decision)
    met = decision.verdict is Judged.MET
    return Outcome(item, met, ONE if met else _share_when_missed(item), decision=decision)


def _share_when_missed(item: ReviewItem) -> Fraction:
    """A summary that is too long keeps what the machine measured; there is nothing else to measure it by."""
    return item.share if item.kind is ItemKind.LENGTH and item.share < ONE else ZERO


def _following(outcome: Outcome, decided: Mapping[str, Outcome]) -> Outcome:
    """A person who finds a section, or finds that it does not apply, lifts the penalties for it.

    A decision about the penalty itself always wins. Nothing is imposed this way: a section that a person finds
    missing may be absent or only out of place, and which penalty that deserves is theirs to say.
    """
    item = outcome.item
    if item.kind is not ItemKind.PENALTY or outcome.decision is not None or outcome.credited:
        return outcome
    section = decided.get(item.follows)
    if section is None or section.decision is None or not (section.credited or not section.applicable):
        return outcome
    return Outcome(item, credited=True, share=ONE, followed=True)
