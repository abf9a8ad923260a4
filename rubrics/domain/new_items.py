"""What a new item begins with, so that an author writes one line of words and has something whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rubrics.domain.document import MAX_ITEMS, PenaltyKind
from rubrics.domain.errors import FieldProblem, Malformed
from rubrics.domain.parts import Content, items_of, with_items

MAX_ID = 60
_SMALL_WORDS = frozenset(
    word
    for words in (
        "a an and any are as at be been by did do does for from had has have how if in is it no not of on or our so",
        "that the their them then there they this to was were what when where which who why will with you your",
    )
    for word in words.split()
)
_SHORTEST_TELLING = 3
_ARROW = re.compile(r"→|->|=>|\bso\b|\btherefore\b")
_WORD = re.compile(r"[a-z0-9]+")


def slug_of(words: str) -> str:
    """A short identifier from words; "" when there is no letter or digit in them.

    >>> slug_of("Could you walk on it afterwards?"), slug_of("→")
    ('could_walk_afterwards', '')
    """
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    found = _WORD.findall(plain)
    telling = [word for word in found if word not in _SMALL_WORDS] or found
    return "_".join(telling[:5])[:MAX_ID].strip("_")


def with_new_item(content: Content, home: str, words: str) -> tuple[dict[str, Any], int]:
    """The content with an item made from words at the end of a list, and its position.

    Raises Malformed for words that say nothing, and for a list that is full.
    """
    words = " ".join(words.replace("\x00", "").split())
    if not words:
        raise Malformed("Write a few words for the new item.", fields=(FieldProblem("words", "Write a few words."),))
    items = items_of(content, home)
    if len(items) >= MAX_ITEMS:
        raise Malformed(f"A rubric holds at most {MAX_ITEMS} items of one kind. Remove one first.")
    return with_items(content, home, [*items, _NEW[home](content, words)]), len(items)


def _identity(content: Content, home: str, words: str, prefix: str) -> dict[str, Any]:
    """An id and an anchor that nothing else in the document has."""
    base = slug_of(words) or "item"
    ids = {item.get("id") for item in items_of(content, home)}
    anchors = set(_strings(content))
    number = 1
    while (name := base if number == 1 else f"{base}_{number}") in ids or f"{prefix}{name}" in anchors:
        number += 1
    return {"id": name, "anchor": f"{prefix}{name}"}


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def _question(content: Content, words: str) -> dict[str, Any]:
    phrase = words.rstrip("?!. ") or words
    identity = _identity(content, "key_questions", words, "#Q.")
    return {**identity, "label": words[:500], "critical": False, "phrases": [phrase[:300]]}


def _penalty(content: Content, words: str) -> dict[str, Any]:
    """Of the first section that the words name, else of the last one of the order."""
    order = [str(label) for label in content["structure"]["expected_order"]]
    spoken = words.casefold()
    section = next((label for label in order if re.search(rf"\b{re.escape(label.casefold())}\b", spoken)), order[-1])
    identity = _identity(content, "structure.penalties", words, "#R.structure.penalty.")
    return {**identity, "description": words, "value": -0.1, "kind": PenaltyKind.MISSING.value, "section": section}


def _link(content: Content, words: str) -> dict[str, Any]:
    identity = _identity(content, "reasoning.required_links", words, "#R.reason.")
    return {**identity, "description": words, "pattern": pattern_of(words), "major": False}


def _element(content: Content, words: str) -> dict[str, Any]:
    """Without a kind: it is read from its description, or is faculty's to mark, until the author says how to check."""
    identity = _identity(content, "summary.required_elements", words, "#R.summary.req.")
    return {**identity, "description": words}


def _rule(content: Content, words: str) -> dict[str, Any]:
    identity = _identity(content, "communication.rules", words, "#C.")
    return {**identity, "description": words, "kind": "phrases", "phrases": [words[:300]]}


def pattern_of(words: str) -> str:
    r"""A first pattern for a line of reasoning: a telling word of each side of the arrow, in that order.

    >>> pattern_of("Bony tenderness → radiograph")
    '\\b(bony|tenderness)\\b.*\\b(radiograph)\\b'
    """
    sides = (_telling(side) for side in _ARROW.split(words.casefold()))
    return ".*".join(rf"\b({'|'.join(found)})\b" for found in sides if found) or r"\bbecause\b"


def _telling(side: str) -> list[str]:
    return list(
        dict.fromkeys(
            word for word in _WORD.findall(side) if len(word) >= _SHORTEST_TELLING and word not in _SMALL_WORDS
        )
    )[:8]


_NEW: Mapping[str, Callable[[Content, str], dict[str, Any]]] = {
    "structure.penalties": _penalty,
    "key_questions": _question,
    "reasoning.required_links": _link,
    "summary.required_elements": _element,
    "communication.rules": _rule,
}
