"""How much of the checklist was covered (contract 6.2, docs/algorithms/key_questions.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rubrics.domain.document import KeyQuestion, KeyQuestionsPolicy
from scoring.domain.formulas import weighted_share


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
    score = weighted_share((Fraction(question_weight(question, policy)), asked[question.id]) for question in questions)
    return Coverage(score, below_threshold=score < Fraction(policy.coverage_threshold))
