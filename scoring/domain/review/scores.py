"""Final scores from outcomes, by the formulas that graded the submission (`scoring.domain.formulas`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from rubrics.domain.document import RubricDocument
from scoring.domain.formulas import (
    ZERO,
    elements_share,
    reasoning_share,
    structure_share,
    summary_share,
    weighted_share,
)
from scoring.domain.overall import OverallScore, score_overall
from scoring.domain.review.items import ItemKind
from scoring.domain.review.outcomes import Outcome


def final_scores(rubric: RubricDocument, outcomes: Sequence[Outcome], *, summary_found: bool) -> OverallScore:
    """summary_found: the machine had a summary to judge. Without one the component scores 0 until a person finds it."""
    by_kind = {kind: [o for o in outcomes if o.item.kind is kind and o.counts] for kind in ItemKind}
    length = next(outcome for outcome in outcomes if outcome.item.kind is ItemKind.LENGTH)
    scores = {
        "structure": _structure(by_kind),
        "key_questions": _weighted(by_kind[ItemKind.QUESTION]),
        "reasoning": _reasoning(by_kind[ItemKind.LINK], Fraction(rubric.reasoning.major_gap_penalty)),
        "summary": _summary(by_kind[ItemKind.ELEMENT], length, found=summary_found),
        "communication": _weighted(by_kind[ItemKind.RULE]),
    }
    return score_overall(scores, rubric.weights.model_dump())


def _weighted(outcomes: Sequence[Outcome]) -> Fraction:
    return weighted_share((outcome.item.weight, bool(outcome.credited)) for outcome in outcomes)


def _structure(by_kind: Mapping[ItemKind, Sequence[Outcome]]) -> Fraction:
    sections = by_kind[ItemKind.SECTION]
    return structure_share(
        in_order=sum(bool(outcome.credited) for outcome in sections),
        expected=len(sections),
        penalties=(outcome.item.weight for outcome in by_kind[ItemKind.PENALTY] if not outcome.credited),
    )


def _reasoning(links: Sequence[Outcome], major_gap_penalty: Fraction) -> Fraction:
    return reasoning_share(
        detected=sum(bool(outcome.credited) for outcome in links),
        required=len(links),
        major_gaps=sum(outcome.item.major and not outcome.credited for outcome in links),
        major_gap_penalty=major_gap_penalty,
    )


def _summary(elements: Sequence[Outcome], length: Outcome, *, found: bool) -> Fraction:
    """Where length does not apply, the elements are all there is to judge."""
    share = elements_share(matched=sum(bool(outcome.credited) for outcome in elements), checkable=len(elements))
    if not length.applicable:
        return share
    if not found and not length.credited:
        return ZERO
    return summary_share(succinctness=length.share, elements=share)
