"""Edits of the phrases by which a question is recognised."""

from __future__ import annotations

import re
from collections.abc import Callable

from rubrics.domain.edits.draft import Draft
from rubrics.domain.edits.items import find
from rubrics.domain.edits.model import NotMeant
from rubrics.domain.edits.words import pattern


def _key(phrase: str) -> str:
    return " ".join(phrase.casefold().split()).rstrip("?.! ")


def add(draft: Draft, m: re.Match[str]) -> None:
    position = find(draft, "question", m["name"])
    there = {_key(phrase) for phrase in draft.get("key_questions", position, "phrases")}
    for phrase in draft.quotations.listed(m["phrases"]):
        if _key(phrase) in there:
            raise NotMeant(f"“{phrase}” is among its phrases already")
        there.add(_key(phrase))
        draft.insert("add_phrase", phrase, "key_questions", position, "phrases")


def remove(draft: Draft, m: re.Match[str]) -> None:
    for phrase in draft.quotations.listed(m["phrases"]):
        question, place = _where(draft, phrase, m.groupdict().get("name"))
        if len(draft.get("key_questions", question, "phrases")) == 1:
            raise NotMeant(f"“{phrase}” is the question's only phrase; add another one first")
        draft.remove("remove_phrase", "key_questions", question, "phrases", place)


def replace(draft: Draft, m: re.Match[str]) -> None:
    (old,), (new,) = draft.quotations.listed(m["old"]), draft.quotations.listed(m["new"])
    question, place = _where(draft, old, m.groupdict().get("name"))
    draft.put_at("replace_phrase", new, "key_questions", question, "phrases", place)


def _where(draft: Draft, phrase: str, name: str | None) -> tuple[int, int]:
    """Question and position of a phrase; without a question named it must stand in one alone."""
    questions = range(len(draft.get("key_questions"))) if name is None else [find(draft, "question", name)]
    found = [
        (question, place)
        for question in questions
        for place, text in enumerate(draft.get("key_questions", question, "phrases"))
        if _key(text) == _key(phrase)
    ]
    if not found:
        raise NotMeant(f"there is no phrase “{phrase}” {'in that question' if name else 'in this rubric'}")
    if len(found) > 1:
        raise NotMeant(f"“{phrase}” stands in several questions; say in which")
    draft.last_item = ("question", found[0][0])
    return found[0]


_Q = r"(?:{the}(?:key )?question )?(?:about |on )?"
_P = r"{the}(?:new |further |alternative )?(?:phrases?|wordings?|synonyms?)"
_LISTED = r"(?P<phrases>{quotes})"

Handler = Callable[[Draft, re.Match[str]], None]
RULES: tuple[tuple[re.Pattern[str], Handler], ...] = (
    (pattern(rf"{{add}} {_P} ?:? ?{_LISTED} (?:to|for|in|under) (?:the phrases (?:of|for) )?{_Q}(?P<name>.+)"), add),
    (pattern(rf"{{add}} {_LISTED} (?:to|as) (?:the |a )?phrases? (?:of|for|to|in) {_Q}(?P<name>.+)"), add),
    (pattern(rf"{{add}} {_LISTED} (?:to|under) {_Q}(?P<name>.+)"), add),
    (pattern(rf"(?:{{the}}question )?(?P<name>[^,]+?) should (?:also )?(?:accept|match|include) {_LISTED}"), add),
    (
        pattern(
            rf"(?:also )?accept (?:also )?{_LISTED}(?: as a phrase| as an answer| too)? (?:for|in|under"
            rf"|as) {_Q}(?P<name>.+)"
        ),
        add,
    ),
    (pattern(rf"(?:for|in) {_Q}(?P<name>.+?),? (?:also )?(?:accept|add)(?: {_P})? {_LISTED}"), add),
    (pattern(rf"{{remove}} {_P} ?:? ?{_LISTED} (?:from|of|in) (?:the phrases of )?{_Q}(?P<name>.+)"), remove),
    (pattern(rf"{{remove}} {_LISTED} from (?:the phrases (?:of|for) )?{_Q}(?P<name>.+)"), remove),
    (pattern(rf"{{remove}} {_P} ?:? ?{_LISTED}"), remove),
    (pattern(rf"stop accepting {_LISTED}(?: (?:for|in|as) {_Q}(?P<name>.+))?"), remove),
    (
        pattern(
            rf"(?:replace|change|reword|update) (?:{_P} )?(?P<old>{{quoted}}) (?:with|by|to|into)"
            rf" (?P<new>{{quoted}})(?: (?:in|of|for) {_Q}(?P<name>.+))?"
        ),
        replace,
    ),
    (
        pattern(
            rf"(?:in|for) {_Q}(?P<name>.+?),? replace (?:{_P} )?(?P<old>{{quoted}}) (?:with|by)"
            rf" (?P<new>{{quoted}})"
        ),
        replace,
    ),
)
