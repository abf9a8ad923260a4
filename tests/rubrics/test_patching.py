"""RFC 6902 on rubric documents: all or nothing, exact numbers, and nothing that grows without end."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from rubrics.domain.errors import Malformed, WrongState
from rubrics.domain.identity import document_as_json
from rubrics.domain.patching import patched
from tests.builders import document, rubric


def test_a_test_compares_numbers_as_their_author_wrote_them() -> None:
    operations = [
        {"op": "test", "path": "/weights/structure", "value": Decimal("0.2")},
        {"op": "replace", "path": "/weights/structure", "value": Decimal("0.3")},
    ]
    assert patched(document_as_json(rubric()), operations)["weights"]["structure"] == 0.3


def test_a_test_that_fails_names_itself_and_leaves_the_document_as_it_was() -> None:
    before = document()
    kept = copy.deepcopy(before)
    operations = [
        {"op": "add", "path": "/key_questions/0/phrases/-", "value": "x"},
        {"op": "test", "path": "/title", "value": "Knee"},
    ]
    with pytest.raises(WrongState, match="Operation 2") as refused:
        patched(before, operations)
    assert refused.value.fields[0].field == "operations.1"
    assert before == kept


def test_a_patch_that_succeeds_leaves_the_original_alone() -> None:
    before = document()
    after = patched(before, [{"op": "remove", "path": "/key_questions/0"}])
    assert (len(before["key_questions"]), len(after["key_questions"])) == (2, 1)


DOUBLING = [{"op": "copy", "from": "/key_questions", "path": "/key_questions/-"}] * 60
REFUSED: dict[str, list[dict[str, Any]]] = {
    "a list copied into itself again and again": DOUBLING,
    "more operations than anybody writes": [{"op": "test", "path": "/title", "value": "x"}] * 501,
    "a pointer into a number": [{"op": "add", "path": "/weights/structure/x", "value": 1}],
    "an index that is no number": [{"op": "add", "path": "/key_questions/first", "value": 1}],
    "an index below nothing": [{"op": "remove", "path": "/key_questions/-1"}],
    "a copy from nowhere": [{"op": "copy", "from": "/nowhere", "path": "/title"}],
    "a copy from a number": [{"op": "copy", "from": 7, "path": "/title"}],
    "a path that is a number": [{"op": "add", "path": 7, "value": 1}],
    "a move into its own child": [{"op": "move", "from": "/weights", "path": "/weights/structure"}],
    "the state": [{"op": "replace", "path": "/status", "value": "approved"}],
}


@pytest.mark.parametrize("operations", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_applied_is_refused_in_words(operations: list[dict[str, Any]]) -> None:
    with pytest.raises(Malformed) as refused:
        patched(document(), operations)
    assert refused.value.message.endswith(".")
