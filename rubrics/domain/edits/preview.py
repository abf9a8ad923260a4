"""What a patch would make of a rubric, before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rubrics.domain.diff import Change, rubric_changes
from rubrics.domain.document import RubricDocument, rubric_from_mapping
from rubrics.domain.identity import document_as_json
from rubrics.domain.patching import patched
from rubrics.domain.qa import QaReport, check_rubric


@dataclass(frozen=True, slots=True)
class Preview:
    """The document before and after, what changed in sentences, and what the checks would say of it."""

    original: RubricDocument
    modified: RubricDocument
    changes: tuple[Change, ...]
    report: QaReport


def preview_patch(original: RubricDocument, operations: object) -> Preview:
    """Raises Malformed for a patch that can't be applied or leads to a wrong shape, WrongState for a failed `test`."""
    before: Mapping[str, Any] = document_as_json(original)
    modified = rubric_from_mapping(patched(before, operations))
    return Preview(original, modified, rubric_changes(before, document_as_json(modified)), check_rubric(modified))
