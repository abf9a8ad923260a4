"""Candidate codes: short, unique, and telling nothing about the order of the class list."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.candidate_codes import draw_codes


@given(st.sets(st.text("0123456789", min_size=4, max_size=4)), st.integers(0, 300), st.integers())
def test_codes_are_new_digits_of_equal_length(taken: set[str], count: int, seed: int) -> None:
    codes = draw_codes(taken, count, random.Random(seed).randrange)
    assert len(set(codes)) == count
    assert not taken & set(codes)
    assert {len(code) for code in codes} <= {4, 5}
    assert all(code.isdigit() for code in codes)


def test_a_class_that_outgrows_four_digits_gets_longer_codes() -> None:
    assert len(draw_codes([], 6_000, random.Random(1).randrange)[0]) == 5


def test_codes_do_not_follow_the_order_of_the_list() -> None:
    codes = draw_codes([], 50, random.Random(1).randrange)
    assert codes != sorted(codes)
