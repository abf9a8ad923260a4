"""What changed between two rubrics, item by item.

Items of a list are compared by their id, so that moving or inserting one does not make all that follow look changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rubrics.domain.diff.change import Change, ChangeKind
from rubrics.domain.diff.words import Subject, sentence

_IGNORED = frozenset({"status", "created_at", "updated_at", "approval"})


def rubric_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Changes of content from one document to another, in the order of the document; state is left out."""
    return tuple(
        _object_changes(
            {key: value for key, value in before.items() if key not in _IGNORED},
            {key: value for key, value in after.items() if key not in _IGNORED},
            Subject(),
        )
    )


def _change(subject: Subject, kind: ChangeKind, before: Any, after: Any) -> Change:
    return Change(".".join(subject.steps), kind, before, after, sentence(subject, kind, before, after))


def _object_changes(before: Mapping[str, Any], after: Mapping[str, Any], subject: Subject) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        place = subject.at(key)
        if key not in after or key not in before:
            yield from _came_or_went(before.get(key), after.get(key), place)
        else:
            yield from _changes(before[key], after[key], place)


def _came_or_went(before: Any, after: Any, place: Subject) -> Iterator[Change]:
    there = before if after is None else after
    if isinstance(there, Mapping):
        yield from _object_changes(before or {}, after or {}, place)
    elif _is_list(there):
        yield from _changes(before or [], after or [], place)
    elif _says_something(there):
        yield _change(place, ChangeKind.ADDED if before is None else ChangeKind.REMOVED, before, after)


def _says_something(value: Any) -> bool:
    """A null or a false says the same as nothing; a zero does not."""
    return value is not None and value is not False


def _changes(before: Any, after: Any, place: Subject) -> Iterator[Change]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _object_changes(before, after, place)
    elif _are_items(before) and _are_items(after) and (before or after):
        yield from _item_changes({i["id"]: i for i in before}, {i["id"]: i for i in after}, place)
    elif _is_list(before) and _is_list(after):
        yield from _list_changes(before, after, place)
    elif before != after:
        yield _change(place, ChangeKind.CHANGED, before, after)


def _item_changes(before: Mapping[str, Any], after: Mapping[str, Any], place: Subject) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        item = place.item(name, after.get(name) or before[name])
        if name not in after:
            yield _change(item, ChangeKind.REMOVED, before[name], None)
        elif name not in before:
            yield _change(item, ChangeKind.ADDED, None, after[name])
        else:
            yield from _object_changes(before[name], after[name], item)
    kept_before = [name for name in before if name in after]
    kept_after = [name for name in after if name in before]
    if kept_before != kept_after:
        yield _change(place, ChangeKind.MOVED, kept_before, kept_after)


def _list_changes(before: Sequence[Any], after: Sequence[Any], place: Subject) -> Iterator[Change]:
    # Compared as sets: phrases are strings, and ten thousand of them must not be compared with one another.
    old, new = frozenset(map(str, before)), frozenset(map(str, after))
    yield from (_change(place, ChangeKind.REMOVED, item, None) for item in before if str(item) not in new)
    yield from (_change(place, ChangeKind.ADDED, None, item) for item in after if str(item) not in old)
    if [item for item in before if str(item) in new] != [item for item in after if str(item) in old]:
        yield _change(place, ChangeKind.MOVED, list(before), list(after))


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _are_items(value: Any) -> bool:
    return _is_list(value) and all(isinstance(item, Mapping) and "id" in item for item in value)
