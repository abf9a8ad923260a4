"""One change between two rubrics."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """path: dotted, with item ids instead of positions (`key_questions.allergies.critical`).

    before, after: None where there is none. text: the change as a person would describe it.
    """

    path: str
    kind: ChangeKind
    before: Any
    after: Any
    text: str
