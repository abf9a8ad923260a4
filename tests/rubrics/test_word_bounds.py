"""Short words that longer ones would satisfy: the author is warned and offered the boundaries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.domain.qa import check_rubric
from rubrics.domain.word_bounds import loose_words
from tests.builders import document, rubric


@pytest.mark.parametrize(
    ("pattern", "loose"),
    [
        (r"CT", ("CT",)),
        (r"\bCT\b", ()),
        (r"fever|CT", ("CT",)),
        (r"\b(ct|mri)\b.*no", ("no",)),
        (r"no .*pain", ("no",)),
        (r"diabet", ()),
        (r"\d+.year.old", ()),
        (r"\b(tender|weight).*\b(x-?ray|radiograph)", ()),
    ],
)
def test_a_short_word_without_boundaries_is_named(pattern: str, loose: tuple[str, ...]) -> None:
    assert loose_words(pattern) == loose


def test_the_warning_names_the_field_and_offers_the_mend_and_approval_goes_on() -> None:
    link = {"id": "scan", "anchor": "#R.scan", "description": "Scan", "pattern": "CT"}
    report = check_rubric(rubric(reasoning={**document()["reasoning"], "required_links": [link]}))
    (warning,) = report.warnings
    assert warning.field == "reasoning.required_links.0.pattern"
    assert r"\bCT\b" in warning.message
    assert report.passed


@given(st.text(max_size=80))
def test_no_pattern_breaks_the_check(pattern: str) -> None:
    assert len(set(loose_words(pattern))) == len(loose_words(pattern))
