"""What makes two rubric versions the same rubric: their content, not their status, dates or approval."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rubrics.domain.canonical import canonical_sha256
from rubrics.domain.document import RubricDocument

STATE_FIELDS = frozenset({"status", "created_at", "updated_at", "approval"})


def content_sha256(document: RubricDocument) -> str:
    """SHA-256 of the canonical JSON of the content.

    Fields that hold their default are left out, so 0.2 and 0.20, or an absent and a null pattern, are the same
    rubric, and an optional field that a later release adds changes no stored hash.
    """
    return canonical_sha256(document.model_dump(exclude=set(STATE_FIELDS), exclude_defaults=True))


def content_as_json(document: RubricDocument) -> dict[str, Any]:
    """The content as its author wrote it: only what was set, nulls kept, numbers as JSON numbers."""
    content = as_json_value(document.model_dump(exclude=set(STATE_FIELDS), exclude_unset=True))
    return dict(content)


def document_as_json(document: RubricDocument) -> dict[str, Any]:
    """The document as the API answers it: content and state."""
    state = document.model_dump(mode="json", include=set(STATE_FIELDS), exclude_none=True)
    content = content_as_json(document)
    head = {key: content.pop(key) for key in ("rubric_id", "version")}
    return {**head, **state, **content}


def as_json_value(value: Any) -> Any:
    """The same value with JSON's numbers in place of Decimals."""
    if isinstance(value, Decimal):
        # `Number` lets in only what a float brings back unchanged.
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: as_json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json_value(item) for item in value]
    return value
