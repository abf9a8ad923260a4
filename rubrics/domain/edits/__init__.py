"""Edits in plain English: deterministic, readable before they are applied, and silent about nothing."""

from rubrics.domain.edits.model import EditOperation, EditReading, Misunderstanding, Offer
from rubrics.domain.edits.preview import Preview, preview_patch
from rubrics.domain.edits.reading import MAX_CHARACTERS, read_edit

__all__ = [
    "MAX_CHARACTERS",
    "EditOperation",
    "EditReading",
    "Misunderstanding",
    "Offer",
    "Preview",
    "preview_patch",
    "read_edit",
]
