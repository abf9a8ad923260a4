"""Edits of the key questions: added, removed, renamed, reordered, critical or not."""

from __future__ import annotations

import re
from collections.abc import Callable

from rubrics.domain.edits.draft import Draft
from rubrics.domain.edits.items import find, find_several, new_names
from rubrics.domain.edits.model import NotMeant
from rubrics.domain.edits.words import ORDINALS, number, pattern

_STEPS = ("key_questions",)
_Q = r"(?:{the}(?:key )?questions? )?(?:about |on |number )?"


def add(draft: Draft, m: re.Match[str]) -> None:
    """A question needs a phrase; where none is given its own wording is the first."""
    label = draft.quotations.restored(m["label"]).strip(" ,:")
    if not label:
        raise NotMeant("say what the question asks, for instance: add question “Any fever?”")
    identifier, anchor = new_names(draft, "question", label)
    given = m.groupdict()
    phrases = draft.quotations.listed(given.get("phrases") or "") or [label]
    marks = " ".join(given.get(name) or "" for name in ("mark", "mark_after")).casefold()
    item = {"id": identifier, "anchor": anchor, "label": label[:1].upper() + label[1:]}
    critical = "critical" in marks and not re.search(r"non-?critical|not critical", marks)
    at = _place(draft, given.get("place"))
    position = draft.insert("add_question", {**item, "critical": critical, "phrases": phrases}, *_STEPS, at=at)
    draft.last_item = ("question", position)


def _place(draft: Draft, place: str | None) -> int | None:
    """Where a new question goes: None is the end."""
    if place is None:
        return None
    words = place.strip().casefold()
    if re.search(r"\b(?:top|start|beginning|first)\b", words):
        return 0
    if re.search(r"\b(?:end|bottom|last)\b", words):
        return None
    relation, _, name = place.strip().partition(" ")
    return find(draft, "question", name) + (relation.casefold() in ("after", "below", "following"))


def remove(draft: Draft, m: re.Match[str]) -> None:
    positions = find_several(draft, "question", m["name"])
    for position in sorted(set(positions), reverse=True):
        draft.remove("remove_question", *_STEPS, position)
    draft.last_item = None


def rename(draft: Draft, m: re.Match[str]) -> None:
    label = draft.quotations.restored(m["label"])
    if not label:
        raise NotMeant("say what it should be called")
    position = find(draft, "question", m["name"])
    draft.put("rename_question", label[:1].upper() + label[1:], *_STEPS, position, "label")


def critical(draft: Draft, m: re.Match[str]) -> None:
    _mark(draft, m, wanted=True)


def not_critical(draft: Draft, m: re.Match[str]) -> None:
    _mark(draft, m, wanted=False)


def _mark(draft: Draft, m: re.Match[str], *, wanted: bool) -> None:
    name = draft.quotations.restored(m["name"]).casefold()
    every = re.fullmatch(r"(?:all|every|all (?:of )?the|each)(?: (?:key )?questions?)?|everything", name.strip())
    count = len(draft.get(*_STEPS))
    for position in range(count) if every else find_several(draft, "question", m["name"]):
        draft.put("mark_critical" if wanted else "mark_not_critical", wanted, *_STEPS, position, "critical")


def move_to(draft: Draft, m: re.Match[str]) -> None:
    words = m["position"].casefold().strip()
    count = len(draft.get(*_STEPS))
    if re.search(r"\b(?:top|start|beginning|first|front)\b", words):
        target = 0
    elif re.search(r"\b(?:end|bottom|last)\b", words):
        target = count - 1
    else:
        bare = re.sub(
            r"^(?:the )?(?:position|place|number)? *|(?:th|rd|nd|st)? *(?:position|place)?$", "", words
        ).strip()
        target = (ORDINALS.get(bare) or int(number(bare))) - 1
    if not 0 <= target < count:
        raise NotMeant(f"there are {count} questions, so there is no position {target + 1}")
    _move(draft, find(draft, "question", m["name"]), target)


def move_beside(draft: Draft, m: re.Match[str]) -> None:
    source, other = find(draft, "question", m["name"]), find(draft, "question", m["other"])
    if source == other:
        raise NotMeant("a question can't be moved beside itself")
    after = m["relation"].casefold() in ("after", "below", "behind", "following")
    target = other + after - (source < other)
    _move(draft, source, target)


def move_by_one(draft: Draft, m: re.Match[str]) -> None:
    source = find(draft, "question", m["name"])
    target = source + (-1 if m["way"].casefold().startswith("up") else 1)
    if not 0 <= target < len(draft.get(*_STEPS)):
        raise NotMeant("it is at that end already")
    _move(draft, source, target)


def swap(draft: Draft, m: re.Match[str]) -> None:
    low, high = sorted((find(draft, "question", m["name"]), find(draft, "question", m["other"])))
    if low == high:
        raise NotMeant("both names mean the same question")
    _move(draft, high, low)
    if low + 1 != high:
        _move(draft, low + 1, high)


def _move(draft: Draft, source: int, target: int) -> None:
    if source != target:
        draft.move("move_question", _STEPS, source, target)
    draft.last_item = ("question", target)


_MARK = r"(?:(?P<mark>(?:(?:new|non-?critical|critical|required|key|optional) )+))?"
_TO_END = (
    r"(?P<place>(?:at|to) the (?:top|start|beginning|end|bottom)|first|last|(?:before|after|above|below|following) .+?)"
)
_WITH = r",? (?:with|and)(?: the)? phrases? ?:? ?(?P<phrases>{quotes})"
_AS = (
    r",? (?:(?:marked )?as |that is |which is |and (?:make|mark) it |\()(?:a )?(?P<mark_after>(?:not "
    r"|non-?)?critical)(?: question)?\)?"
)

Handler = Callable[[Draft, re.Match[str]], None]
RULES: tuple[tuple[re.Pattern[str], Handler], ...] = (
    (
        pattern(
            rf"{{add}} {{the}}{_MARK}(?:key )?question (?:{{title}}"
            rf" ?)?(?P<label>{{quoted}})(?:{_AS})?(?:{_WITH})?(?: {_TO_END})?"
        ),
        add,
    ),
    (
        pattern(
            rf"{{add}} {{the}}{_MARK}(?:key )?question ?{{title}}"
            rf" ?(?P<label>[^\ue000]+?)(?:{_AS})?(?:{_WITH})?"
        ),
        add,
    ),
    (pattern(rf"{{add}} (?P<label>{{quoted}}) as {{the}}{_MARK}(?:key )?question(?: {_TO_END})?"), add),
    (
        pattern(
            rf"(?:also )?(?:ask|require) (?:(?:the student|students) to ask )?(?:about"
            rf" )?(?P<label>{{quoted}})(?:{_AS})?"
        ),
        add,
    ),
    (
        pattern(
            r"{remove} {the}(?:key )?questions? (?:about |on |called |named |labell?ed |number"
            r" )?(?P<name>.+)"
        ),
        remove,
    ),
    (pattern(r"{remove} {the}(?P<name>.+?) (?:key )?questions?"), remove),
    (
        pattern(
            r"(?:don't|don’t|do not|stop|no longer) (?:ask(?:ing)?|requir(?:e|ing)) (?:about |to ask"
            r" about )?{the}(?P<name>.+?)(?: question)?(?: any ?more)?"
        ),
        remove,
    ),
    (
        pattern(
            rf"(?:rename|relabel|retitle|reword) (?!{{the}}(?:rubric|title|link|element|penalty"
            rf"|rule)\b){_Q}(?P<name>.+?) (?:to|as|into) (?P<label>{{quoted}}|.+)"
        ),
        rename,
    ),
    (
        pattern(
            rf"{{set}} {{the}}(?:label|wording|text|name) of {_Q}(?P<name>.+?) (?:to|as)"
            rf" (?P<label>{{quoted}}|.+)"
        ),
        rename,
    ),
    (pattern(rf"call {_Q}(?P<name>.+?) (?P<label>{{quoted}})(?: instead)?"), rename),
    (
        pattern(
            rf"(?:make|mark|tag|flag|set|treat|turn) {_Q}(?P<name>.+?) (?:as |into |to )?(?:a )?(?:not"
            rf" (?:be )?(?:as )?critical|non-?critical|uncritical|optional|no longer critical)(?:"
            rf" questions?)?"
        ),
        not_critical,
    ),
    (pattern(rf"(?:unmark|untag|unflag) {_Q}(?P<name>.+?)(?: as critical)?"), not_critical),
    (pattern(rf"{{remove}} {{the}}critical (?:mark|tag|flag) (?:from|of|on) {_Q}(?P<name>.+)"), not_critical),
    (
        pattern(rf"(?:don't|don’t|do not|stop) (?:mark(?:ing)?|treat(?:ing)?) {_Q}(?P<name>.+?) as critical"),
        not_critical,
    ),
    (
        pattern(
            rf"{_Q}(?P<name>.+?) (?:is|are|should be|must be|should|need) (?:no longer|not|not be|non-?"
            rf"|optional|no more)(?: be)? ?-?(?:critical)?"
        ),
        not_critical,
    ),
    (
        pattern(
            rf"(?:make|mark|tag|flag|set|treat|turn) {_Q}(?P<name>.+?) (?:as |into |to )?(?:a"
            rf" )?(?:critical|must-?ask|essential)(?: questions?)?"
        ),
        critical,
    ),
    (
        pattern(
            rf"{_Q}(?P<name>.+?) (?:is|are|should be|must be|becomes?) (?:now )?(?:a )?critical(?:"
            rf" now)?(?: questions?)?"
        ),
        critical,
    ),
    (pattern(rf"(?:swap|exchange) {_Q}(?P<name>.+?) (?:and|with) {_Q}(?P<other>.+)"), swap),
    (
        pattern(
            rf"(?:move|put|place|shift) (?!{{the}}section\b){_Q}(?P<name>.+?) (?P<relation>before|after"
            rf"|above|below|behind|following) {_Q}(?P<other>.+)"
        ),
        move_beside,
    ),
    (
        pattern(
            rf"(?:move|put|place|shift|make) {_Q}(?P<name>.+?) (?:to |at |in |as )?(?P<position>(?:the"
            rf" )?(?:top|start|beginning|front|end|bottom)(?: of the (?:list|questions))?|(?:the"
            rf" )?(?:first|last)(?: question)?|(?:position|place|number) \w+|(?:the )?\w+(?:th|rd|nd|st)?"
            rf" (?:position|place))"
        ),
        move_to,
    ),
    (pattern(rf"(?:move|shift) {_Q}(?P<name>.+?) (?P<way>up|down)(?: (?:by )?one(?: place)?)?"), move_by_one),
)
