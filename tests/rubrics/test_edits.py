"""Edits in plain English. data/edits.tsv is what faculty write and the patch it means; data/edits_refused.tsv what is refused."""

from __future__ import annotations

import copy
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.domain.document import rubric_from_mapping
from rubrics.domain.edits import MAX_CHARACTERS, preview_patch, read_edit
from rubrics.domain.errors import NotUnderstood
from rubrics.services import rubric_edit_propose, rubric_edit_read
from tests.tables import read_table

DATA = Path(__file__).parent / "data"
EDITED: dict[str, Any] = json.loads((DATA / "edited.json").read_text(encoding="utf-8"))


def rows(name: str) -> Iterator[tuple[str, ...]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from (tuple(row) for row in list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:])


UNDERSTOOD, REFUSED = list(rows("edits.tsv")), list(rows("edits_refused.tsv"))


def test_the_table_holds_at_least_120_ways_to_say_something() -> None:
    assert len({request for request, _ in UNDERSTOOD}) >= 120


@pytest.mark.parametrize(("request_", "patch"), UNDERSTOOD, ids=[row[0] for row in UNDERSTOOD])
def test_what_faculty_write_means_this_patch(request_: str, patch: str) -> None:
    reading = read_edit(EDITED, request_)
    assert (list(reading.patch), reading.misunderstood) == (json.loads(patch), ())


@pytest.mark.parametrize("request_", [row[0] for row in UNDERSTOOD])
def test_every_patch_leads_to_a_document_of_the_right_shape_and_to_a_change_in_words(request_: str) -> None:
    preview = preview_patch(rubric_from_mapping(EDITED), list(read_edit(EDITED, request_).patch))
    # Two questions that change places need two moves and read as one change.
    assert all(change.text for change in preview.changes)
    assert preview.changes or "double" in request_


@pytest.mark.parametrize(("request_", "quoted", "reason"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_not_understood_is_quoted_and_nothing_is_applied(request_: str, quoted: str, reason: str) -> None:
    reading = read_edit(EDITED, request_)
    assert reading.patch == ()
    assert (reading.misunderstood[0].words, reading.misunderstood[0].reason[: len(reason)]) == (quoted, reason) or (
        reading.misunderstood[0].words == quoted and reason in reading.misunderstood[0].reason
    )


EXAMPLES = read_table("rubrics.md", "Edits in plain English")


@pytest.mark.parametrize("example", EXAMPLES, ids=[row["you write"] for row in EXAMPLES])
def test_the_examples_of_the_documentation_mean_what_it_says(example: dict[str, str]) -> None:
    preview = preview_patch(rubric_from_mapping(EDITED), list(read_edit(EDITED, example["you write"]).patch))
    assert [change.text for change in preview.changes] == example["it means"].split("; ")


def test_one_clause_that_is_not_understood_stops_those_that_are() -> None:
    reading = read_edit(EDITED, "Set summary to 0.2. Make everything purple. Rename onset to Start.")
    assert reading.patch == ()
    assert [problem.words for problem in reading.misunderstood] == ["Make everything purple"]


def test_weights_that_no_longer_sum_to_one_come_with_an_offer_that_brings_them_back() -> None:
    reading = read_edit(EDITED, "Set summary to 0.2")
    (offer,) = reading.offers
    assert "sum to 1.05" in offer.text
    after = preview_patch(rubric_from_mapping(EDITED), list(offer.patch))
    assert after.modified.weights.summary * 10 == 2
    assert "weights_sum" not in [check.name for check in after.report.checks if not check.passed]


@pytest.mark.parametrize(
    "request_", ["Increase key questions to 0.45 and decrease structure to 0.15", "Mark onset as critical"]
)
def test_weights_that_still_sum_to_one_come_without_an_offer(request_: str) -> None:
    assert read_edit(EDITED, request_).offers == ()


def test_reading_leaves_the_document_alone() -> None:
    before = copy.deepcopy(EDITED)
    read_edit(EDITED, "Remove the onset question and set summary to 0.2")
    assert before == EDITED


def test_an_operation_says_what_it_was_read_from() -> None:
    (first, second) = read_edit(EDITED, "Increase key questions to 0.45 and decrease structure to 0.15").operations
    assert (first.action, first.target, first.value, first.words) == (
        "set_weight", "/weights/key_questions", 0.45, "Increase key questions to 0.45",
    )  # fmt: skip
    assert second.words == "decrease structure to 0.15"


def test_a_quoted_text_is_data_whatever_it_says() -> None:
    reading = read_edit(EDITED, 'Add a question "Delete all; set structure to 1 and make onset critical"')
    (operation,) = reading.patch
    assert operation["value"]["label"] == "Delete all; set structure to 1 and make onset critical"


def test_the_service_quotes_every_clause_that_was_not_understood() -> None:
    with pytest.raises(NotUnderstood, match="Nothing was changed") as refused:
        rubric_edit_read(document=rubric_from_mapping(EDITED), request="Do a dance; set structure to 1.5")
    assert [problem.message.split("”")[0] for problem in refused.value.fields] == [
        "“Do a dance",
        "“set structure to 1.5",
    ]


def test_the_studio_reads_and_previews_in_one_call() -> None:
    proposal = rubric_edit_propose(document=rubric_from_mapping(EDITED), request="Mark onset as critical")
    assert [change.text for change in proposal.preview.changes] == ["Question “When did it happen?” is now critical"]
    assert proposal.reading.patch == ({"op": "replace", "path": "/key_questions/0/critical", "value": True},)


@pytest.mark.parametrize(
    "request_", ["", " \n ", "please", "x" * (MAX_CHARACTERS + 1), "set summary to 0.2; " * 50, "\ue0007\ue001"]
)
def test_nothing_and_too_much_are_refused(request_: str) -> None:
    reading = read_edit(EDITED, request_)
    assert (len(reading.misunderstood), reading.patch) == (1, ())


WORDS = st.sampled_from(
    ["add", "remove", "move", "set", "the", "question", "phrase", "onset", "weight", "of", "structure", "to", "and", "0.2",
     "45%", "critical", "not", "before", "link", "penalty", "for", "missing", "summary", '"any fever"', "it", ",", ";", "by"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=14).map(" ".join))
def test_any_words_give_a_patch_that_applies_or_a_quotation_and_never_both(request_: str) -> None:
    reading = read_edit(EDITED, request_)
    assert bool(reading.patch) is not bool(reading.misunderstood) or not reading.operations
    if reading.patch:
        preview_patch(rubric_from_mapping(EDITED), list(reading.patch))


@given(st.text(max_size=300))
def test_any_text_is_read_the_same_way_twice(request_: str) -> None:
    assert read_edit(EDITED, request_) == read_edit(EDITED, request_)
