"""Figures of a cohort (docs/algorithms/statistics.md)."""

from __future__ import annotations

import statistics
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.agreement import Counts, kappa_interval
from scoring.domain.statistics.distribution import distribution_of
from scoring.domain.statistics.items import ItemStatistics, item_statistics
from scoring.domain.statistics.proportions import Proportion
from tests.tables import read_table

PAGE = "algorithms/statistics.md"
scores = st.decimals(min_value=0, max_value=1, places=4)
CUT = Decimal("0.6")


def rows(heading: str) -> Any:
    table = read_table(PAGE, heading)
    return pytest.mark.parametrize("row", table, ids=[" ".join(list(row.values())[:4]) for row in table])


def shown(value: float | Decimal | None) -> str:
    return "–" if value is None else f"{value:.4f}"


@rows("Distribution")
def test_the_worked_distributions_hold(row: dict[str, str]) -> None:
    found = distribution_of([Decimal(score) for score in row["scores"].split()], cut=Decimal(row["cut"]))
    assert found is not None
    assert [found.mean, found.median, found.lower_quartile, found.upper_quartile] == [
        Decimal(row[name]) for name in ("mean", "median", "lower quartile", "upper quartile")
    ]
    assert shown(found.standard_deviation) == row["deviation"]
    assert (str(found.passed.part), str(found.near_cut)) == (row["passed"], row["near the cut"])


@rows("Shares")
def test_the_worked_shares_hold(row: dict[str, str]) -> None:
    share = Proportion(int(row["part"]), int(row["whole"]))
    assert (shown(share.low), shown(share.high)) == (row["low"], row["high"])


@rows("Agreement per item")
def test_the_worked_agreements_hold(row: dict[str, str]) -> None:
    counts = Counts(*(int(row[name]) for name in ("both credited", "machine only", "person only", "neither")))
    interval = kappa_interval(counts)
    assert (shown(interval and interval.low), shown(interval and interval.high)) == (row["low"], row["high"])


MARKS = {"✓": True, "✕": False, "–": None}


def worked_items() -> list[ItemStatistics]:
    table = read_table(PAGE, "Difficulty and discrimination")
    columns = {row["item"]: [MARKS[mark] for mark in row["marks"]] for row in table}
    candidates = [dict(zip(columns, marks, strict=True)) for marks in zip(*columns.values(), strict=True)]
    return item_statistics(candidates, list(columns))


def test_the_worked_items_hold() -> None:
    assert [
        (found.item, shown(found.difficulty.share), shown(found.discrimination)) for found in worked_items()
    ] == [(row["item"], row["difficulty"], row["discrimination"])
          for row in read_table(PAGE, "Difficulty and discrimination")]  # fmt: skip


def test_nobody_has_no_distribution() -> None:
    assert distribution_of([], cut=CUT) is None


@given(st.lists(scores, min_size=2, max_size=60))
def test_a_distribution_counts_everybody_once_and_agrees_with_the_standard_library(found: list[Decimal]) -> None:
    spread = distribution_of(found, cut=CUT)
    assert spread is not None
    assert sum(part.count for part in spread.bins) == spread.n == len(found)
    assert spread.minimum <= spread.lower_quartile <= spread.median <= spread.upper_quartile <= spread.maximum
    assert float(spread.median) == pytest.approx(float(statistics.median(found)))
    assert spread.standard_deviation == pytest.approx(float(statistics.stdev(found)), abs=1e-9)
    quartiles = statistics.quantiles(found, n=4, method="inclusive")
    assert [float(spread.lower_quartile), float(spread.upper_quartile)] == pytest.approx(
        [float(quartiles[0]), float(quartiles[2])]
    )


@pytest.mark.parametrize(
    ("score", "at"), [("0", 0), ("0.0499", 0), ("0.05", 1), ("0.9999", 19), ("1", 19)],
    ids=["zero", "end of the first", "start of the second", "end of the last", "one"],
)  # fmt: skip
def test_a_score_falls_into_the_bin_that_begins_at_or_below_it(score: str, at: int) -> None:
    spread = distribution_of([Decimal(score)], cut=CUT)
    assert spread is not None
    assert [place for place, part in enumerate(spread.bins) if part.count] == [at]


@given(st.integers(1, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_an_interval_holds_its_share_and_stays_within_0_and_1(parts: tuple[int, int]) -> None:
    share = Proportion(*parts)
    assert 0 <= share.low <= share.share <= share.high <= 1


@pytest.mark.parametrize("parts", [(1, 0), (3, 2), (-1, 2)], ids=["of nobody", "more than all", "fewer than none"])
def test_what_is_no_share_is_refused(parts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no share"):
        Proportion(*parts)


def cohort(marks: str, rest: str) -> list[ItemStatistics]:
    return item_statistics(
        [{"item": MARKS[mark], "other": MARKS[other]} for mark, other in zip(marks, rest, strict=True)], ["item"]
    )


@pytest.mark.parametrize(
    ("marks", "rest", "remark"),
    [
        pytest.param("✓" * 10, "✓✕" * 5, "all", id="everybody gets it"),
        pytest.param("✕" * 10, "✓✕" * 5, "none", id="nobody gets it"),
        pytest.param("✓" * 5 + "✕" * 5, "✕" * 5 + "✓" * 5, "negative", id="the weaker get it"),
        pytest.param("✓✓✕✕" * 3, "✓✕" * 6, "weak", id="it says nothing"),
        pytest.param("✓" * 5 + "✕" * 5, "✓" * 5 + "✕" * 5, "", id="it tells them apart"),
        pytest.param("✓✕" * 4, "✕✓" * 4, "", id="too few to say"),
        pytest.param("✓" * 9, "✕✓✕" * 3, "", id="too few to say that everybody gets it"),
    ],
)
def test_an_item_that_deserves_a_look_is_named(marks: str, rest: str, remark: str) -> None:
    assert [item.remark for item in cohort(marks, rest)] == [remark]


def test_an_item_that_nobody_was_judged_on_has_no_figures() -> None:
    assert cohort("–" * 12, "✓" * 12) == []


def test_who_was_not_judged_on_an_item_counts_neither_for_it_nor_for_the_rest() -> None:
    judged = cohort("✓" * 6 + "✕" * 6, "✓✓✓✓✕✕✕✕✕✕✓✓")
    padded = cohort("✓" * 6 + "✕" * 6 + "–" * 5, "✓✓✓✓✕✕✕✕✕✕✓✓" + "✓" * 5)
    assert judged == padded


@given(st.lists(st.tuples(st.sampled_from("✓✕–"), st.sampled_from("✓✕")), min_size=10, max_size=40))
def test_discrimination_is_a_correlation(pairs: list[tuple[str, str]]) -> None:
    for item in cohort("".join(mark for mark, _ in pairs), "".join(other for _, other in pairs)):
        assert item.discrimination is None or -1.000001 <= item.discrimination <= 1.000001


@given(st.builds(Counts, *[st.integers(0, 50)] * 4))
def test_a_kappa_lies_within_its_interval(counts: Counts) -> None:
    interval, kappa = kappa_interval(counts), counts.kappa
    assert (interval is None) == (kappa is None)
    if interval is not None and kappa is not None:
        assert -1 <= interval.low <= float(kappa) + 1e-12
        assert float(kappa) - 1e-12 <= interval.high <= 1
