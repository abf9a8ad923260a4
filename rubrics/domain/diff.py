"""What changed between two rubrics, item by item, in sentences.

Items of a list are compared by their id, so that moving or inserting one does not make all that follow look changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    """path: dotted, with item ids instead of positions (`key_questions.allergies.critical`)."""

    path: str
    kind: ChangeKind
    before: Any
    after: Any

    @property
    def text(self) -> str:
        """As a person would say it."""
        if self.kind is ChangeKind.ADDED:
            return f"{self.path} was added: {_shown(self.after)}"
        if self.kind is ChangeKind.REMOVED:
            return f"{self.path} was removed: {_shown(self.before)}"
        if self.kind is ChangeKind.MOVED:
            return f"{self.path} was reordered"
        return f"{self.path} was {_shown(self.before)} and is {_shown(self.after)}"


_IGNORED = frozenset({"status", "created_at", "updated_at", "approval"})


def rubric_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Changes of content from one document to another, in the order of the document; state is left out."""
    return tuple(
        _object_changes(
            {key: value for key, value in before.items() if key not in _IGNORED},
            {key: value for key, value in after.items() if key not in _IGNORED},
            "",
        )
    )


def _object_changes(before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        place = f"{path}.{key}" if path else key
        if key not in after:
            yield Change(place, ChangeKind.REMOVED, before[key], None)
        elif key not in before:
            yield Change(place, ChangeKind.ADDED, None, after[key])
        else:
            yield from _changes(before[key], after[key], place)


def _changes(before: Any, after: Any, path: str) -> Iterator[Change]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _object_changes(before, after, path)
    elif _are_items(before) and _are_items(after):
        yield from _item_changes({i["id"]: i for i in before}, {i["id"]: i for i in after}, path)
    elif _is_list(before) and _is_list(after):
        yield from _list_changes(before, after, path)
    elif before != after:
        yield Change(path, ChangeKind.CHANGED, before, after)


def _item_changes(before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> Iterator[Change]:
    yield from _object_changes(before, after, path)
    kept_before = [name for name in before if name in after]
    kept_after = [name for name in after if name in before]
    if kept_before != kept_after:
        yield Change(path, ChangeKind.MOVED, kept_before, kept_after)


def _list_changes(before: Sequence[Any], after: Sequence[Any], path: str) -> Iterator[Change]:
    yield from (Change(path, ChangeKind.REMOVED, item, None) for item in before if item not in after)
    yield from (Change(path, ChangeKind.ADDED, None, item) for item in after if item not in before)
    if [item for item in before if item in after] != [item for item in after if item in before]:
        yield Change(path, ChangeKind.MOVED, list(before), list(after))


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _are_items(value: Any) -> bool:
    return _is_list(value) and all(isinstance(item, Mapping) and "id" in item for item in value)


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"“{value.get('label') or value.get('description') or value.get('id') or dict(value)}”"
    return f"“{value}”" if isinstance(value, str) else str(value)
