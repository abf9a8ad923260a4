"""RFC 6902 JSON Patch on rubric documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jsonpatch
from jsonpointer import JsonPointerException

from rubrics.domain.errors import FieldProblem, Malformed, WrongState

MAX_OPERATIONS = 500
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
    result: dict[str, Any] = dict(document)
    for index, operation in enumerate(operations):
        _refuse_fixed(index, operation)
        result = _applied(result, index, operation)
    return result


def _refuse_fixed(index: int, operation: object) -> None:
    if not isinstance(operation, dict):
        raise _refusal(index, "an operation is an object with op and path")
    for pointer in (operation.get("path"), operation.get("from") if operation.get("op") == "move" else None):
        first_step = str(pointer).split("/")[1:2]
        if operation.get("op") != "test" and (pointer == "" or (first_step and first_step[0] in _FIXED)):
            raise _refusal(index, f"{pointer or 'the whole document'} can't be patched")


def _applied(document: dict[str, Any], index: int, operation: dict[str, Any]) -> dict[str, Any]:
    try:
        result = jsonpatch.apply_patch(document, [operation])
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
