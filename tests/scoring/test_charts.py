"""Charts as coordinates: inside the picture, on the right side of the cut, in words too."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.statistics.distribution import distribution_of
from scoring.domain.statistics.items import item_statistics
from scoring.presentation.charts import HEIGHT, WIDTH, Histogram, histogram, item_scatter, progress, span

scores = st.lists(st.decimals(min_value=0, max_value=1, places=4), min_size=1, max_size=80)


def drawn(found: list[Decimal], cut: str = "0.6") -> Histogram:
    distribution = distribution_of(found, cut=Decimal(cut))
    assert distribution is not None
    return histogram(distribution, cut=Decimal(cut))


@given(scores)
def test_every_bar_lies_within_the_picture(found: list[Decimal]) -> None:
    for bar in drawn(found).bars:
        assert float(bar.x) >= 0
        assert float(bar.x) + float(bar.width) <= WIDTH
        assert float(bar.y) >= 0
        assert float(bar.y) + float(bar.height) <= HEIGHT
        assert float(bar.height) > 0


@pytest.mark.parametrize(
    ("score", "passed"), [("0.61", True), ("0.6", True), ("0.59", False)], ids=["above", "at the cut", "below"]
)
def test_a_bar_is_marked_by_its_side_of_the_cut(score: str, passed: bool) -> None:
    assert [bar.passed for bar in drawn([Decimal(score)]).bars] == [passed]


def test_a_bar_says_what_it_stands_for() -> None:
    assert [bar.words for bar in drawn([Decimal("0.61"), Decimal("0.62")]).bars] == ["2 from 60 to 65"]


@pytest.mark.parametrize(("cut", "anchor"), [("0.02", "start"), ("0.6", "end"), ("1", "end")])
def test_the_words_at_the_cut_stay_in_the_picture(cut: str, anchor: str) -> None:
    assert drawn([Decimal("0.5")], cut).cut_anchor == anchor


def test_items_that_can_not_be_told_have_no_dot_and_keep_their_number() -> None:
    candidates = [{"easy": True, "telling": mark, "other": mark} for mark in (True, False) * 6]
    items = item_statistics(candidates, ["easy", "telling"])
    dots = item_scatter(items, ["Easy one", "Telling one"]).dots
    assert [(dot.number, dot.words.split(":")[0]) for dot in dots] == [(2, "2. Telling one")]


@given(*[st.floats(-1, 1)] * 3)
def test_an_interval_is_drawn_from_its_lower_to_its_upper_end(low: float, value: float, high: float) -> None:
    low, value, high = sorted((low, value, high))
    line = span(low, value, high)
    assert 0 <= float(line.low_x) <= float(line.x) <= float(line.high_x) <= 100


def test_progress_runs_from_the_first_assessment_to_the_last_and_up_with_the_score() -> None:
    line = progress([("Stroke", Decimal("0.5")), ("Ankle", Decimal("0.75"))])
    first, second = line.points
    assert float(first.x) < float(second.x)
    assert float(first.y) > float(second.y)
    assert (first.words, second.label) == ("Stroke: 50 %", "75")


def test_a_single_assessment_stands_in_the_middle() -> None:
    (point,) = progress([("Stroke", Decimal("0.5"))]).points
    assert float(point.x) == 190.0
