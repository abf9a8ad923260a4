"""Stored decisions read back into the domain, for reviews, answers and pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from scoring.domain.citations import Quote
from scoring.domain.overall import COMPONENTS
from scoring.domain.result import GradingResult
from scoring.domain.review import Action, Decision, GlobalRating, Judged, Review, ReviewState, review
from scoring.models import FinalScore, Grading, ReviewDecision


def decision_of(row: ReviewDecision) -> Decision:
    return Decision(
        sequence=row.sequence,
        item=row.item,
        action=Action(row.action),
        verdict=Judged(row.verdict) if row.verdict else None,
        reason=row.reason,
        comment=row.comment,
        rating=GlobalRating(row.rating) if row.rating else None,
        withdraws=row.withdraws,
        evidence=_quote(row),
    )


def _quote(row: ReviewDecision) -> Quote | None:
    if row.evidence_start is None or row.evidence_end is None:
        return None
    return Quote(
        source=cast("Literal['oral', 'summary']", row.evidence_source),
        turn=row.evidence_turn,
        start=row.evidence_start,
        end=row.evidence_end,
        quote=row.evidence_quote,
    )


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A grading's review with the history behind it, oldest first."""

    history: Sequence[ReviewDecision]
    review: Review

    @property
    def last_sequence(self) -> int:
        return self.history[-1].sequence if self.history else 0


def reviewed(grading: Grading) -> Reviewed:
    """One query for the history; the rest is arithmetic."""
    history = list(ReviewDecision.objects.of(grading))
    result = GradingResult.model_validate(grading.result)
    decisions = [decision_of(row) for row in history]
    return Reviewed(history, review(grading.rubric_version.document, result, decisions))


def final_of(grading: Grading) -> FinalScore | None:
    """None before the first decision; load it with `select_related("final")`."""
    return getattr(grading, "final", None)


def person_name(row: ReviewDecision | FinalScore) -> str:
    return row.by.get_full_name() or row.by.get_username()


def final_as_json(final: FinalScore | None) -> dict[str, Any] | None:
    """The faculty's score as the API answers it; null while nothing that a person decided stands."""
    if final is None or final.state == ReviewState.UNTOUCHED:
        return None
    return {
        "overall_score": float(final.overall_score),
        "component_scores": {name: float(getattr(final, f"{name}_score")) for name in COMPONENTS},
        "state": final.state,
        "global_rating": final.global_rating or None,
        "items": final.items,
        "decided": final.decided,
        "to_do": final.to_do,
        "changed": final.changed,
        "by": person_name(final),
        "at": final.at.isoformat().replace("+00:00", "Z"),
    }


def decision_as_json(row: ReviewDecision) -> dict[str, Any]:
    quote = _quote(row)
    return {
        "sequence": row.sequence,
        "item": row.item,
        "action": row.action,
        "verdict": row.verdict or None,
        "rating": row.rating or None,
        "reason": row.reason,
        "comment": row.comment,
        "withdraws": row.withdraws,
        "evidence": None if quote is None else quote.model_dump(mode="json"),
        "by": person_name(row),
        "at": row.at.isoformat().replace("+00:00", "Z"),
    }
