"""A rubric's content by part: what an editor takes out, changes and puts back.

Content here is the document as JSON holds it (`identity.content_as_json`), so that a field its author never wrote stays
unwritten. A part is named by its dotted path (`key_questions.3`); `about` and `weights` are parts too.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, TypeAlias

from rubrics.domain.document import RubricDocument
from rubrics.domain.errors import NotFound

Content: TypeAlias = Mapping[str, Any]

ABOUT = "about"
ABOUT_FIELDS = ("title", "specialty", "description")
LISTS = (
    "structure.penalties",
    "key_questions",
    "reasoning.required_links",
    "summary.required_elements",
    "communication.rules",
)
"""The lists of items, in document order."""
VOCABULARY = "vocabulary"
_DIGITS = 6
TOP_FIELDS: Mapping[str, tuple[str, ...]] = {ABOUT: ABOUT_FIELDS, VOCABULARY: (VOCABULARY,)}
"""Parts that are no level of their own in the document, with the fields they hold."""
SECTIONS = tuple(
    name
    for name in (
        ABOUT,
        "weights",
        "structure",
        "key_questions_policy",
        "reasoning",
        "summary",
        "communication",
        VOCABULARY,
    )
    if name == ABOUT or name in RubricDocument.model_fields
)
"""Parts that are no items, in the order of the outline: those that the schema has."""
_DEFAULTS: Mapping[str, Any] = {"communication": {"anchor": "#R.communication"}}


def list_of(path: str) -> str | None:
    """The list that an item's path lies in.

    >>> list_of("summary.required_elements.2"), list_of("summary")
    ('summary.required_elements', None)
    """
    head, _, last = path.rpartition(".")
    return head if head in LISTS and last.isdecimal() else None


def position_in(path: str) -> int:
    """The position that an item's path ends with. Digits beyond any list's length are not read."""
    return int(path.rpartition(".")[2][:_DIGITS])


def is_part(path: str) -> bool:
    return path in SECTIONS or list_of(path) is not None


def part_of(content: Content, path: str) -> dict[str, Any]:
    """A part's own fields, without the lists of items that have parts of their own. Raises NotFound."""
    if path in TOP_FIELDS:
        return {name: content[name] for name in TOP_FIELDS[path] if name in content}
    home = list_of(path)
    if home is not None:
        return dict(items_of(content, home)[_position(content, home, path)])
    if path not in SECTIONS:
        raise _no_such_part(path)
    part = content.get(path, _DEFAULTS.get(path, {}))
    return {name: value for name, value in part.items() if f"{path}.{name}" not in LISTS}


def with_part(content: Content, path: str, part: Mapping[str, Any]) -> dict[str, Any]:
    """The content with a part replaced; its lists of items stay. Raises NotFound."""
    changed = deepcopy(dict(content))
    home = list_of(path)
    if path in TOP_FIELDS:
        return {**{k: v for k, v in changed.items() if k not in TOP_FIELDS[path]}, **part}
    if home is not None:
        position = _position(content, home, path)
        return with_items(
            changed, home, [*_before(changed, home, position), dict(part), *_after(changed, home, position)]
        )
    if path not in SECTIONS:
        raise _no_such_part(path)
    lists = {name: value for name, value in changed.get(path, {}).items() if f"{path}.{name}" in LISTS}
    changed[path] = {**part, **lists}
    return changed


def items_of(content: Content, home: str) -> list[dict[str, Any]]:
    """The items of a list; an absent list is empty."""
    found: Any = content
    for step in home.split("."):
        found = found.get(step, {}) if isinstance(found, Mapping) else {}
    return list(found) if isinstance(found, list | tuple) else []


def with_items(content: Content, home: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    changed = deepcopy(dict(content))
    section, _, name = home.partition(".")
    if name:
        changed[section] = {**changed.get(section, _DEFAULTS.get(section, {})), name: items}
    else:
        changed[section] = items
    return changed


def position_of(content: Content, home: str, item_id: str) -> int | None:
    """Where the item stands, the first of several with one id."""
    return next((at for at, item in enumerate(items_of(content, home)) if item.get("id") == item_id), None)


def moved(content: Content, home: str, position: int, to: int) -> dict[str, Any]:
    """The item at `position` moved to `to`, which is clamped to the list: the first one moved up stays first."""
    items = items_of(content, home)
    if not 0 <= position < len(items):
        raise _no_such_part(f"{home}.{position}")
    item = items.pop(position)
    items.insert(max(0, min(to, len(items))), item)
    return with_items(content, home, items)


def without(content: Content, path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The content without an item, and the item. Raises NotFound."""
    home = list_of(path)
    if home is None:
        raise _no_such_part(path)
    items = items_of(content, home)
    removed = items.pop(_position(content, home, path))
    return with_items(content, home, items), removed


def _before(content: Content, home: str, position: int) -> list[dict[str, Any]]:
    return items_of(content, home)[:position]


def _after(content: Content, home: str, position: int) -> list[dict[str, Any]]:
    return items_of(content, home)[position + 1 :]


def _position(content: Content, home: str, path: str) -> int:
    position = position_in(path)
    if position >= len(items_of(content, home)):
        raise _no_such_part(path)
    return position


def _no_such_part(path: str) -> NotFound:
    return NotFound(f"This rubric has no part “{path[:80]}”. Somebody may have removed or moved it; open it anew.")
