"""From score to confidence and verdict."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.matching.candidates import FEATURES, Candidate
from scoring.domain.matching.decision import THRESHOLD, best_of, decision, is_uncertain


def candidate(clause: int, **features: int) -> Candidate:
    return Candidate(0, clause, 0, tuple(features.get(name, 0) for name in FEATURES))


@given(st.integers(-2000, 2000), st.integers(0, 500))
def test_a_higher_score_is_never_less_sure(score: int, more: int) -> None:
    rule = decision()
    assert rule.confidence(score) <= rule.confidence(score + more)


def test_nothing_near_is_the_least_sure() -> None:
    rule = decision()
    assert rule.confidence(None) == rule.confidence(-(10**6)) < Decimal("0.02")


def test_the_table_rises_from_doubt_to_certainty() -> None:
    rule = decision()
    assert all(low < high for low, high in pairwise(rule.confidences))
    assert rule.confidences[0] < THRESHOLD < rule.confidences[-1]


def test_covering_the_wording_speaks_for_and_planning_against() -> None:
    rule = decision()
    asked = rule.score(candidate(0, coverage=1000, full=1000, explained=1000, marked=1000))
    assert asked > rule.score(candidate(0, coverage=500, explained=500, marked=1000))
    assert asked > rule.score(candidate(0, coverage=1000, full=1000, explained=1000, marked=1000, plans=1000))


def test_of_equally_sure_clauses_the_earliest_is_cited() -> None:
    best = best_of([candidate(9, coverage=900), candidate(4, coverage=900), candidate(2, coverage=100)], decision())
    assert best is not None
    assert best[1].clause == 4


@pytest.mark.parametrize(
    ("confidence", "uncertain"), [("0.05", False), ("0.15", True), ("0.5", True), ("0.93", True), ("0.95", False)]
)
def test_between_two_bounds_a_verdict_is_uncertain(confidence: str, uncertain: bool) -> None:
    assert is_uncertain(Decimal(confidence), THRESHOLD) is uncertain


def test_the_bounds_move_with_the_threshold() -> None:
    assert not is_uncertain(Decimal("0.15"), Decimal("0.8"))


def test_an_attribute_asked_while_another_symptom_was_the_topic_is_uncertain_when_credited() -> None:
    doubtful, clear = candidate(0, other_topic=1000), candidate(0)
    assert is_uncertain(Decimal("0.99"), THRESHOLD, doubtful)
    assert not is_uncertain(Decimal("0.99"), THRESHOLD, clear)
    assert not is_uncertain(Decimal("0.01"), THRESHOLD, doubtful)
