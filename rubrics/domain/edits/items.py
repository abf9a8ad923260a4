"""Which item of the rubric is meant by “the vision question”, “question 3” or “onset_time”, and names for new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from rubrics.domain.edits.draft import Draft, Step
from rubrics.domain.edits.model import NotMeant
from rubrics.domain.edits.words import ORDINALS, WORD_NUMBERS
from rubrics.domain.qa.words import content_words, stem, words

LISTS: dict[str, tuple[tuple[Step, ...], str, str]] = {
    "question": (("key_questions",), "label", "#Q."),
    "penalty": (("structure", "penalties"), "description", "#R.structure.penalty."),
    "link": (("reasoning", "required_links"), "description", "#R.reason."),
    "element": (("summary", "required_elements"), "description", "#R.summary.req."),
    "rule": (("communication", "rules"), "description", "#C."),
}
"""Kind: where its items are, the field that people read, how their anchors begin."""

_NOISE = re.compile(
    r"^(?:the|a|an|our|this)\s+|^(?:key\s+)?(?:question|penalty|link|element|rule|item)s?\s+(?:(?:called|named|about|on|for|of|"
    r"labell?ed|that\s+asks\s+about)\s+)?|\s+(?:question|penalty|link|element|rule|item)$|^(?:about|on|for|number|no\.)\s+",
    re.IGNORECASE,
)
_IT = frozenset({"it", "that", "this", "this one", "that one", "them"})
_SHOWN = 4


def find(draft: Draft, kind: str, name: str) -> int:
    """The position of the item that is meant. Raises NotMeant, naming the candidates, for none or several."""
    listed: list[dict[str, Any]] = draft.get(*LISTS[kind][0]) or []
    position = _found(draft, kind, listed, draft.quotations.restored(name))
    draft.last_item = (kind, position)
    return position


def item_steps(kind: str, position: int) -> tuple[Step, ...]:
    return (*LISTS[kind][0], position)


def _found(draft: Draft, kind: str, listed: list[dict[str, Any]], name: str) -> int:
    if name.casefold() in _IT:
        if draft.last_item is None or draft.last_item[0] != kind:
            raise NotMeant(f"it is not clear which {kind} “{name}” means; name it")
        return draft.last_item[1]
    found = _exact(kind, listed, name)
    if not found:
        wanted = _without_noise(name)
        found = _exact(kind, listed, wanted) or _position(listed, wanted) or _by_words(kind, listed, wanted)
    if len(found) == 1:
        return found[0]
    if found:
        options = ", ".join(f"“{_shown(kind, listed[i])}”" for i in found[:_SHOWN])
        raise NotMeant(f"“{name}” may be {options}; write its id or more of its words")
    raise NotMeant(_unknown(kind, listed, name))


def _without_noise(name: str) -> str:
    before = ""
    while before != name:
        before, name = name, _NOISE.sub("", name.strip(" .,:")).strip()
    return name


def _exact(kind: str, listed: list[dict[str, Any]], name: str) -> list[int]:
    key = _key(name)
    by_id = [i for i, item in enumerate(listed) if key in (_key(item["id"]), _key(item["anchor"]))]
    return by_id or [i for i, item in enumerate(listed) if key and key == _key(item.get(LISTS[kind][1], ""))]


def _position(listed: list[dict[str, Any]], name: str) -> list[int]:
    """“3”, “the third”, “last”: counted as people count."""
    word = name.casefold().lstrip("#")
    if word in ("last", "last one", "final"):
        return [len(listed) - 1] if listed else []
    place = ORDINALS.get(word) or WORD_NUMBERS.get(word) or (int(word) if re.fullmatch(r"\d{1,3}", word) else 0)
    return [place - 1] if 0 < place <= len(listed) else []


def _by_words(kind: str, listed: list[dict[str, Any]], name: str) -> list[int]:
    """Items that hold every telling word of the name, in the label before the phrases."""
    wanted = {stem(word) for word in content_words(name)} or {stem(word) for word in words(name)}
    if not wanted:
        return []
    for texts in (_names, _names_and_phrases):
        found = [
            i
            for i, item in enumerate(listed)
            if wanted <= {stem(word) for text in texts(kind, item) for word in words(text)}
        ]
        if found:
            return found
    return []


def _names(kind: str, item: dict[str, Any]) -> Iterator[str]:
    yield str(item["id"]).replace("_", " ").replace("-", " ")
    yield str(item.get(LISTS[kind][1], ""))


def _names_and_phrases(kind: str, item: dict[str, Any]) -> Iterator[str]:
    yield from _names(kind, item)
    yield from item.get("phrases") or ()


def _unknown(kind: str, listed: list[dict[str, Any]], name: str) -> str:
    if not listed:
        return f"there is no {kind} in this rubric"
    by_name = {text.casefold(): _shown(kind, item) for item in listed for text in _names(kind, item) if text}
    close = get_close_matches(_without_noise(name).casefold(), list(by_name), n=1, cutoff=0.5)
    hint = f"; did you mean “{by_name[close[0]]}”?" if close else ""
    return f"there is no {kind} “{name}” in this rubric{hint}"


def _shown(kind: str, item: dict[str, Any]) -> str:
    return str(item.get(LISTS[kind][1]) or item["id"])


def _key(name: str) -> str:
    return " ".join(words(str(name).lstrip("#").replace("_", " ").replace("-", " ")))


def find_several(draft: Draft, kind: str, names: str) -> list[int]:
    """One item, or each of a list: “onset, site and severity”."""
    try:
        return [find(draft, kind, names)]
    except NotMeant:
        parts = [part for part in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", names.strip()) if part]
        if len(parts) < 2:  # noqa: PLR2004 - a list has two
            raise
        return [find(draft, kind, part) for part in parts]


def new_names(draft: Draft, kind: str, text: str) -> tuple[str, str]:
    """An id and an anchor for a new item, made of its words, that nothing has yet."""
    listed: list[dict[str, Any]] = draft.get(*LISTS[kind][0]) or []
    telling = content_words(text) or words(text) or (kind,)
    base = re.sub(r"[^a-z0-9_]+", "", "_".join(telling[:4]).replace("'", "").replace("’", ""))[:60] or kind
    taken = {item["id"] for item in listed} | {item["anchor"] for item in listed}
    start = LISTS[kind][2]
    candidates = (base if number == 1 else f"{base}_{number}" for number in range(1, len(taken) + 2))
    identifier = next(name for name in candidates if name not in taken and f"{start}{name}" not in taken)
    return identifier, f"{start}{identifier}"
