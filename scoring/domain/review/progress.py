"""A grading with everything that was decided about it: outcomes, final scores, progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rubrics.domain.document import RubricDocument
from scoring.domain.overall import OverallScore, four_places
from scoring.domain.result import GradingResult
from scoring.domain.review.decisions import Decision, GlobalRating, Standing, standing_of
from scoring.domain.review.items import review_items
from scoring.domain.review.outcomes import Outcome, outcomes_of
from scoring.domain.review.scores import final_scores


class ReviewState(StrEnum):
    """untouched: nothing stands. complete: every item was decided by a person, one by one or by accepting the rest."""

    UNTOUCHED = "untouched"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Progress:
    """items: how many there are. decided: those that a person decided one by one. to_do: keys of those that only a
    person can settle, uncertain or not machine-checkable, and nobody has. rested: the others were accepted together.
    """

    items: int
    decided: int
    to_do: tuple[str, ...]
    rested: bool
    touched: bool

    @property
    def addressed(self) -> int:
        return self.items - len(self.to_do) if self.rested else self.decided

    @property
    def state(self) -> ReviewState:
        if not self.touched:
            return ReviewState.UNTOUCHED
        return ReviewState.COMPLETE if self.addressed == self.items else ReviewState.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class Review:
    outcomes: tuple[Outcome, ...]
    standing: Standing
    overall: OverallScore
    progress: Progress

    @property
    def overall_score(self) -> Decimal:
        return four_places(self.overall.score)

    @property
    def component_scores(self) -> Mapping[str, Decimal]:
        return {name: four_places(part.score) for name, part in self.overall.contributions.items()}

    @property
    def changes(self) -> tuple[Outcome, ...]:
        """Where a person's verdict differs from the machine's, in the rubric's order."""
        return tuple(outcome for outcome in self.outcomes if outcome.changed)

    @property
    def rating(self) -> GlobalRating | None:
        return None if self.standing.rating is None else self.standing.rating.rating


def review(rubric: RubricDocument, result: GradingResult, decisions: Iterable[Decision]) -> Review:
    """Pure. Without decisions the scores are the machine's, to the last digit."""
    standing = standing_of(decisions)
    outcomes = outcomes_of(review_items(rubric, result), standing)
    return Review(
        outcomes=outcomes,
        standing=standing,
        overall=final_scores(rubric, outcomes, summary_found=result.detailed_results.summary.source != "none"),
        progress=_progress(outcomes, standing),
    )


def _progress(outcomes: Sequence[Outcome], standing: Standing) -> Progress:
    return Progress(
        items=len(outcomes),
        decided=sum(outcome.decision is not None for outcome in outcomes),
        to_do=tuple(o.item.key for o in outcomes if o.item.needs_a_person and o.decision is None),
        rested=standing.rested is not None,
        touched=bool(standing.verdicts or standing.comments or standing.rating or standing.rested),
    )
