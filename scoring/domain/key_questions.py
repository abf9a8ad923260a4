"""How much of the checklist was covered (contract 6.2, docs/algorithms/key_questions.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rubrics.domain.document import KeyQuestion, KeyQuestionsPolicy


@dataclass(frozen=True, slots=True)
class Coverage:
    """score: weighted share of the questions asked, in [0, 1]; below_threshold says so and takes no points."""

    score: Fraction
    below_threshold: bool


def question_weight(question: KeyQuestion, policy: KeyQuestionsPolicy) -> Decimal:
    return policy.critical_weight if question.critical else policy.noncritical_weight


def score_key_questions(
    questions: Sequence[KeyQuestion], policy: KeyQuestionsPolicy, asked: Mapping[str, bool]
) -> Coverage:
    """score = sum of weights asked / sum of all weights; 1 when nothing is asked for or nothing weighs anything."""
    weights = {q.id: Fraction(question_weight(q, policy)) for q in questions}
    total = sum(weights.values(), Fraction(0))
    earned = sum((weight for item, weight in weights.items() if asked[item]), Fraction(0))
    score = earned / total if total else Fraction(1)
    return Coverage(score, below_threshold=score < Fraction(policy.coverage_threshold))
