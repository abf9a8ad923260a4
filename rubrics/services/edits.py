"""Edits in plain English, read and previewed. Nothing is stored here: applying one is `rubric_version_revise`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rubrics.domain.document import RubricDocument
from rubrics.domain.edits import EditReading, Preview, preview_patch, read_edit
from rubrics.domain.errors import FieldProblem, NotUnderstood
from rubrics.domain.identity import document_as_json


@dataclass(frozen=True, slots=True)
class EditProposal:
    """What was understood, and what it would make of the rubric."""

    reading: EditReading
    preview: Preview


def rubric_edit_read(*, document: RubricDocument, request: str) -> EditReading:
    """The operations and the patch that the words ask for.

    Raises NotUnderstood, quoting every clause that could not be carried out; then nothing of the request counts.
    """
    reading = read_edit(document_as_json(document), request)
    if reading.misunderstood:
        told = " ".join(f"{problem.text}." for problem in reading.misunderstood)
        raise NotUnderstood(
            f"Nothing was changed. {told}",
            fields=tuple(FieldProblem("edit_request", problem.text) for problem in reading.misunderstood),
        )
    return reading


def rubric_edit_preview(*, document: RubricDocument, patch: Sequence[Any]) -> Preview:
    """What a patch would make of a document. Raises Malformed or WrongState, naming the failing operation."""
    return preview_patch(document, list(patch))


def rubric_edit_propose(*, document: RubricDocument, request: str) -> EditProposal:
    """Read and preview in one call, as the studio does. Raises what the two raise."""
    reading = rubric_edit_read(document=document, request=request)
    return EditProposal(reading, rubric_edit_preview(document=document, patch=reading.patch))
