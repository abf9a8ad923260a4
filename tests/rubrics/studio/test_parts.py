"""A rubric by its parts: taken out, put back, moved; and two people's changes of one part."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.domain.conflicts import Side, field_conflicts, merged, where_now
from rubrics.domain.document import rubric_from_mapping
from rubrics.domain.errors import Malformed, NotFound
from rubrics.domain.new_items import pattern_of, slug_of, with_new_item
from rubrics.domain.parts import LISTS, SECTIONS, items_of, moved, part_of, with_part, without
from rubrics.domain.qa import check_rubric
from tests.builders import document

PARTS = [*SECTIONS, "key_questions.1", "structure.penalties.0", "reasoning.required_links.0"]


@pytest.mark.parametrize("path", PARTS)
def test_a_part_put_back_as_it_was_changes_nothing(path: str) -> None:
    content = document(communication={"anchor": "#R.communication", "rules": []})
    before = deepcopy(content)
    assert with_part(content, path, part_of(content, path)) == before
    assert content == before


def test_a_section_changed_keeps_its_items() -> None:
    changed = with_part(document(), "structure", {"anchor": "#R.structure", "expected_order": ["CC"]})
    assert changed["structure"]["penalties"] == document()["structure"]["penalties"]
    assert changed["structure"]["expected_order"] == ["CC"]


@pytest.mark.parametrize("path", ["key_questions.7", "nothing", "summary.required_elements.99999999999"])
def test_a_part_that_is_not_there_is_said_to_be_gone(path: str) -> None:
    with pytest.raises(NotFound):
        part_of(document(), path)


@given(st.integers(0, 4), st.integers(-3, 9))
def test_moving_keeps_every_item_and_the_order_of_the_others(position: int, to: int) -> None:
    items = [{"id": str(number)} for number in range(5)]
    result = items_of(moved({"key_questions": items}, "key_questions", position, to), "key_questions")
    assert [item for item in result if item != items[position]] == [i for i in items if i != items[position]]
    assert result[max(0, min(to, 4))] == items[position]


def test_what_is_removed_is_handed_back() -> None:
    left, item = without(document(), "key_questions.0")
    assert item["id"] == "weight_bearing"
    assert [question["id"] for question in left["key_questions"]] == ["allergies"]


@pytest.mark.parametrize("home", LISTS)
@pytest.mark.parametrize(
    "words", ["Could you walk on it afterwards?", "→", "<b>bold</b>", "Summary is missing", "x" * 500]
)
def test_words_alone_make_an_item_that_the_schema_takes(home: str, words: str) -> None:
    content, at = with_new_item(document(), home, words)
    content, again = with_new_item(content, home, words)
    rubric = rubric_from_mapping(content)
    assert (at, again) == (len(items_of(document(), home)), len(items_of(document(), home)) + 1)
    failed = {check.name for check in check_rubric(rubric).checks if not check.passed}
    assert not failed & {"unique_ids", "unique_anchors", "patterns_compile", "penalties_readable"}


def test_an_item_of_no_words_is_not_made() -> None:
    with pytest.raises(Malformed):
        with_new_item(document(), "key_questions", " \n ")


@pytest.mark.parametrize(
    ("words", "slug"),
    [("Any allergies?", "allergies"), ("Où avez-vous mal", "ou_avez_vous_mal"), ("do you", "do_you"), ("?!", "")],
)
def test_names_come_from_the_telling_words(words: str, slug: str) -> None:
    assert slug_of(words) == slug


def test_a_line_of_reasoning_is_found_by_the_words_on_both_sides_of_its_arrow() -> None:
    assert pattern_of("Tenderness → radiograph of the ankle") == r"\b(tenderness)\b.*\b(radiograph|ankle)\b"


# Two people

BASE = {"id": "allergies", "label": "Any allergies?", "critical": False, "phrases": ["any allergies"]}


def test_each_field_is_proposed_by_whoever_changed_it_alone() -> None:
    theirs, mine = {**BASE, "critical": True}, {**BASE, "label": "Allergies?"}
    found = field_conflicts(BASE, theirs, mine)
    assert {c.name: c.proposed for c in found} == {"label": Side.MINE, "critical": Side.THEIRS}
    assert not any(c.is_contested for c in found)
    assert merged(theirs, found, {}) == {**BASE, "critical": True, "label": "Allergies?"}


def test_what_both_changed_is_contested_and_stays_as_stored_until_chosen() -> None:
    theirs, mine = {**BASE, "label": "Theirs?"}, {**BASE, "label": "Mine?"}
    (conflict,) = field_conflicts(BASE, theirs, mine)
    assert conflict.is_contested
    assert merged(theirs, (conflict,), {})["label"] == "Theirs?"
    assert merged(theirs, (conflict,), {"label": Side.MINE})["label"] == "Mine?"


def test_a_field_that_the_chosen_side_does_not_write_is_left_out() -> None:
    mine = {key: value for key, value in BASE.items() if key != "critical"}
    assert "critical" not in merged(BASE, field_conflicts(BASE, BASE, mine), {})


@pytest.mark.parametrize(
    ("ids", "found"),
    [(["allergies", "x"], "key_questions.0"), (["x", "allergies"], "key_questions.1"), (["x"], None)],
    ids=["where it was", "moved", "removed"],
)
def test_an_item_is_found_again_by_its_id(ids: list[str], found: str | None) -> None:
    content: dict[str, Any] = {"key_questions": [{"id": name} for name in ids]}
    assert where_now(content, "key_questions.0", BASE) == found
