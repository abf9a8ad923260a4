"""Mark sheets as people export them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.domain.errors import Malformed, Refusal
from scoring.domain.mark_sheet import read_mark_sheet

ITEMS = {
    "question:onset": "When did it start?",
    "question:allergies": "Any allergies?",
    "link:ottawa": "X-ray when tender",
}
READ = {"0417": {"question:onset": True, "question:allergies": False}}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("candidate,onset,allergies\n0417,1,0\n", id="ids and digits"),
        pytest.param("candidate;When did it start?;Any allergies?\n0417;yes;no\n", id="labels, semicolons and words"),
        pytest.param("candidate\tquestion:onset\tALLERGIES\n0417\tx\tmissed\n", id="keys, tabs and ticks"),
        pytest.param("\ufeffcandidate,onset,allergies\r\n0417, 1 ,0\r\n\r\n", id="byte order mark and blank lines"),
        pytest.param("candidate,onset,allergies,ottawa\n0417,1,0,\n", id="a cell left blank"),
    ],
)
def test_a_sheet_is_read_however_its_marks_are_written(text: str) -> None:
    assert read_mark_sheet(text, ITEMS).marks == READ


def test_a_column_that_is_no_item_is_left_out_and_named() -> None:
    sheet = read_mark_sheet("candidate,onset,examiner\n0417,1,Room 3\n", ITEMS)
    assert (sheet.marks, sheet.unknown_columns) == ({"0417": {"question:onset": True}}, ("examiner",))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "no candidates", id="nothing"),
        pytest.param("candidate,onset\n", "no candidates", id="a heading alone"),
        pytest.param("name,room\nAda,3\n", "No column is headed by an item", id="another table"),
        pytest.param("candidate,onset\n0417,perhaps\n", "“perhaps” is no mark", id="a mark that is none"),
        pytest.param("candidate,onset\n0417,1\n0417,0\n", "there twice", id="a candidate twice"),
        pytest.param("candidate,onset\n" + "a,1\n" * 2002, "at most 2000 candidates", id="too long"),
        pytest.param("candidate" + ",onset" * 301 + "\n0417,1\n", "300 columns", id="too wide"),
    ],
)
def test_what_is_no_mark_sheet_is_refused_with_what_to_do(text: str, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        read_mark_sheet(text, ITEMS)


@given(st.text(max_size=300))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with suppress(Refusal):
        assert read_mark_sheet(f"candidate,onset\n{text}", ITEMS).marks
