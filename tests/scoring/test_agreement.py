"""Agreement between engine and person (docs/algorithms/agreement.md)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.agreement import Counts, agreement_of_classes, bootstrap_interval, count
from scoring.domain.overall import four_places
from tests.tables import read_table

WORKED = read_table("algorithms/agreement.md", "Worked examples")


def shown(value: Fraction | None) -> str:
    return "–" if value is None else str(four_places(value))


@pytest.mark.parametrize("row", WORKED, ids=[" ".join(row.values()) for row in WORKED])
def test_the_worked_examples_hold(row: dict[str, str]) -> None:
    counts = Counts(*(int(row[name]) for name in ("both asked", "engine only", "person only", "neither")))
    for name in ("kappa", "f1", "precision", "recall"):
        assert shown(getattr(counts, name)) == row[name], name


def test_pairs_are_counted_as_machine_then_person() -> None:
    assert count([(True, True), (True, False), (False, True), (False, True)]) == Counts(1, 1, 2, 0)


def test_nothing_to_compare_gives_no_figure_instead_of_a_perfect_one() -> None:
    assert (Counts().kappa, Counts().f1, Counts().accuracy) == (None, None, None)
    assert bootstrap_interval([Counts()], lambda counts: counts.kappa) is None


@given(st.lists(st.builds(Counts, *[st.integers(0, 9)] * 4), min_size=1, max_size=8))
def test_the_interval_is_the_same_every_time_and_ordered(clusters: list[Counts]) -> None:
    first = bootstrap_interval(clusters, lambda counts: counts.accuracy, rounds=50)
    assert first == bootstrap_interval(clusters, lambda counts: counts.accuracy, rounds=50)
    assert first is None or first.low <= first.high


@given(st.builds(Counts, *[st.integers(0, 50)] * 4))
def test_kappa_is_at_most_1_and_reaches_it_only_without_disagreement(counts: Counts) -> None:
    kappa = counts.kappa
    if kappa is not None:
        assert kappa <= 1
        assert (kappa == 1) == (counts.machine_only == counts.person_only == 0)


def test_macro_f1_counts_a_rare_class_as_much_as_a_common_one() -> None:
    pairs = [("HPI", "HPI")] * 9 + [("HPI", "FH")]
    agreement = agreement_of_classes(pairs, ["HPI", "FH", "SH"])
    assert agreement.accuracy == Fraction(9, 10)
    assert agreement.f1 == {"HPI": Fraction(18, 19), "FH": 0}
    assert agreement.macro_f1 == Fraction(9, 19)
