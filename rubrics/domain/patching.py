"""RFC 6902 JSON Patch on rubric documents."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import jsonpatch
from jsonpointer import JsonPointerException, resolve_pointer

from rubrics.domain.errors import FieldProblem, Malformed, WrongState
from rubrics.domain.identity import as_json_value

MAX_OPERATIONS = 500
MAX_COPIED_VALUES = 200_000
_FIXED = ("rubric_id", "status", "created_at", "updated_at", "approval")


def patched(document: Mapping[str, Any], operations: object) -> dict[str, Any]:
    """The document after all operations, or none of them.

    Raises Malformed naming the failing operation (a pointer that leads nowhere, say), WrongState when a `test`
    operation fails: then the document is not what the author thought it was.
    """
    if not isinstance(operations, list) or not operations:
        raise Malformed("A JSON Patch is a list of at least one operation (RFC 6902).")
    if len(operations) > MAX_OPERATIONS:
        raise Malformed(f"At most {MAX_OPERATIONS} operations can be applied at once.")
    # Numbers as the document holds them: a Decimal 0.2 is not equal to JSON's 0.2, and a `test` of it would fail.
    plain = as_json_value(operations)
    result: dict[str, Any] = copy.deepcopy(dict(document))
    copied = 0
    for index, operation in enumerate(plain):
        _refuse_fixed(index, operation)
        copied += _copied_values(result, operation)
        if copied > MAX_COPIED_VALUES:
            raise _refusal(index, "the copies together are larger than any rubric")
        result = _applied(result, index, operation)
    return result


def _copied_values(document: Mapping[str, Any], operation: dict[str, Any]) -> int:
    """How many values a `copy` makes. A list that is copied into itself doubles with each operation."""
    source = operation.get("from")
    if operation.get("op") != "copy" or not isinstance(source, str):
        return 0
    try:
        waiting = [resolve_pointer(document, source)]
    except JsonPointerException:
        return 0
    count = 0
    while waiting and count <= MAX_COPIED_VALUES:
        value = waiting.pop()
        count += 1
        if isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return count


def _refuse_fixed(index: int, operation: object) -> None:
    if not isinstance(operation, dict):
        raise _refusal(index, "an operation is an object with op and path")
    for pointer in (operation.get("path"), operation.get("from") if operation.get("op") == "move" else None):
        first_step = str(pointer).split("/")[1:2]
        if operation.get("op") != "test" and (pointer == "" or (first_step and first_step[0] in _FIXED)):
            raise _refusal(index, f"{pointer or 'the whole document'} can't be patched")


def _applied(document: dict[str, Any], index: int, operation: dict[str, Any]) -> dict[str, Any]:
    try:
        # In place, on our own copy: copying the document for each of 500 operations takes minutes.
        result = jsonpatch.apply_patch(document, [operation], in_place=True)
    except jsonpatch.JsonPatchTestFailed as error:
        path = operation.get("path")
        raise WrongState(
            f"Operation {index + 1}: the test of {path} failed, so nothing was changed. Read the rubric again.",
            code="patch_test_failed",
            fields=(FieldProblem(f"operations.{index}", "test failed"),),
        ) from error
    except (jsonpatch.JsonPatchException, JsonPointerException, TypeError, KeyError, ValueError) as error:
        raise _refusal(index, str(error) or "it can't be applied") from error
    return dict(result)


def _refusal(index: int, reason: str) -> Malformed:
    reason = reason[:300].rstrip(".")
    return Malformed(
        f"Operation {index + 1} can't be applied: {reason}. Nothing was changed.",
        fields=(FieldProblem(f"operations.{index}", reason),),
    )
