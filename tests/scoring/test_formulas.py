"""Coverage, overall score and canonical JSON, against the tables of docs/algorithms."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.domain.canonical import canonical_json
from rubrics.domain.document import KeyQuestion, KeyQuestionsPolicy
from scoring.domain.key_questions import score_key_questions
from scoring.domain.overall import COMPONENTS, four_places, score_overall
from tests.tables import read_table

COVERAGE = read_table("algorithms/key_questions.md", "Worked examples")
OVERALL = read_table("algorithms/overall.md", "Worked examples")
CANONICAL = read_table("algorithms/fingerprint.md", "Worked examples")


@pytest.mark.parametrize("row", COVERAGE, ids=[" ".join(row.values()) for row in COVERAGE])
def test_coverage_is_weighted_as_the_rubric_says(row: dict[str, str]) -> None:
    counts = [
        (int(row[f"{kind} {state}"]), kind == "critical", state == "asked")
        for kind in ("critical", "other")
        for state in ("asked", "missed")
    ]
    flags = [(critical, asked) for count, critical, asked in counts for _ in range(count)]
    questions = [
        KeyQuestion(id=f"q{i}", anchor=f"#Q.{i}", label="?", critical=critical, phrases=["?"])
        for i, (critical, _) in enumerate(flags)
    ]
    policy = KeyQuestionsPolicy(
        anchor="#R.kq",
        critical_weight=Decimal(row["critical weight"]),
        noncritical_weight=Decimal(row["other weight"]),
    )
    coverage = score_key_questions(questions, policy, {f"q{i}": asked for i, (_, asked) in enumerate(flags)})
    assert f"{four_places(coverage.score)}" == row["score"]
    assert coverage.below_threshold == (row["below threshold"] == "yes")


@pytest.mark.parametrize("row", OVERALL, ids=[row["overall"] for row in OVERALL])
def test_the_overall_score_is_the_weighted_mean_rounded_once(row: dict[str, str]) -> None:
    scores = dict(zip(COMPONENTS, map(Fraction, row["scores"].split()), strict=True))
    weights = dict(zip(COMPONENTS, map(Decimal, row["weights"].split()), strict=True))
    overall = score_overall(scores, weights)
    assert f"{four_places(overall.score)}" == row["overall"]
    contributions = [four_places(overall.contributions[name].contribution) for name in COMPONENTS]
    assert contributions == [Decimal(value) for value in row["contributions"].split()]


@given(
    st.lists(st.fractions(0, 1), min_size=5, max_size=5), st.lists(st.decimals(0, 1, places=3), min_size=5, max_size=5)
)
def test_the_overall_score_lies_between_the_lowest_and_the_highest_component(
    scores: list[Fraction], weights: list[Decimal]
) -> None:
    overall = score_overall(dict(zip(COMPONENTS, scores, strict=True)), dict(zip(COMPONENTS, weights, strict=True)))
    counted = [score for score, weight in zip(scores, weights, strict=True) if weight > 0]
    assert (min(counted) <= overall.score <= max(counted)) if counted else overall.score == 0


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        (Fraction(5, 100_000), "0.0000"),
        (Fraction(15, 100_000), "0.0002"),
        (Fraction(25, 100_000), "0.0002"),
        (Fraction(68_755, 100_000), "0.6876"),
        (Fraction(68_745, 100_000), "0.6874"),
        (Fraction(2, 3), "0.6667"),
    ],
    ids=str,
)
def test_halves_are_rounded_to_the_even_digit(exact: Fraction, rounded: str) -> None:
    assert str(four_places(exact)) == rounded


@pytest.mark.parametrize("row", CANONICAL, ids=[row["value"] for row in CANONICAL])
def test_canonical_json_is_as_documented(row: dict[str, str]) -> None:
    assert canonical_json(json.loads(row["value"], parse_float=Decimal)) == row["canonical JSON"]


def test_canonical_json_refuses_binary_floats() -> None:
    with pytest.raises(TypeError, match="not float"):
        canonical_json({"score": 0.1})  # type: ignore[dict-item]
