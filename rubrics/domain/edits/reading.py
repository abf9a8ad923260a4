"""Reads a request in plain English into a patch. The same words on the same document always give the same patch."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from rubrics.domain.edits import content, phrases, questions, structure, weights
from rubrics.domain.edits.clauses import clauses
from rubrics.domain.edits.draft import Draft
from rubrics.domain.edits.model import EditReading, Misunderstanding, NotMeant, Offer
from rubrics.domain.edits.words import Quotations

MAX_CHARACTERS = 4000
MAX_CLAUSES = 40
MAX_CLAUSE_CHARACTERS = 200
"""Without what stands in quotation marks; the patterns of the grammar are not linear in the length of a clause."""

Handler = Callable[[Draft, re.Match[str]], None]
RULES: tuple[tuple[re.Pattern[str], Handler], ...] = (
    *content.RULES,
    *weights.RULES,
    *phrases.RULES,
    *structure.RULES,
    *questions.RULES,
)
"""In the order in which they are tried; the first that a clause matches and that can be carried out is taken."""

_UNKNOWN = 'this is not understood. Write for instance: set the weight of summary to 0.2, or: add question "Any fever?"'
_TOO_LONG = "this is too long for one change. Put texts in quotation marks and write one change a sentence"


def read_edit(document: Mapping[str, Any], request: str) -> EditReading:
    """What the request asks of the document (JSON, as the API answers it). Nothing is guessed and nothing half-done."""
    quotations = Quotations(request)
    draft = Draft(document, quotations)
    asked = clauses(quotations.text)
    misunderstood = _refused_size(request, asked) or [
        problem for clause in asked if (problem := _carried_out(draft, clause)) is not None
    ]
    if misunderstood:
        return EditReading(tuple(draft.operations), (), tuple(misunderstood))
    return EditReading(tuple(draft.operations), tuple(draft.patch), offers=_offers(draft, document))


def _refused_size(request: str, asked: list[str]) -> list[Misunderstanding]:
    if not asked:
        return [Misunderstanding(request.strip()[:100], "there is nothing to do. Say what to change")]
    if len(request) > MAX_CHARACTERS or len(asked) > MAX_CLAUSES:
        reason = f"at most {MAX_CHARACTERS} characters and {MAX_CLAUSES} changes can be made at once. Do it in parts"
        return [Misunderstanding(request.strip()[:100], reason)]
    return []


def _carried_out(draft: Draft, clause: str) -> Misunderstanding | None:
    """The clause's effect is in the draft afterwards, unless a misunderstanding is returned."""
    draft.words = draft.quotations.as_written(clause)
    if len(clause) > MAX_CLAUSE_CHARACTERS:
        return Misunderstanding(draft.words[:MAX_CLAUSE_CHARACTERS], _TOO_LONG)
    reason: str | None = None
    for rule, handler in RULES:
        match = rule.fullmatch(clause)
        if match is not None:
            before = len(draft.patch)
            try:
                handler(draft, match)
            except NotMeant as problem:
                reason = reason or str(problem)
                if len(draft.patch) != before:
                    break
            else:
                return None
    return Misunderstanding(draft.words, reason or _UNKNOWN)


def _offers(draft: Draft, document: Mapping[str, Any]) -> tuple[Offer, ...]:
    """To bring the weights back to 1, when weights were set and no longer sum to it."""
    total = weights.total(draft)
    if not draft.touched or total == 1:
        return ()
    change = weights.rebalanced(draft)
    if not change:
        return ()
    balanced = Draft(draft.content, draft.quotations)
    balanced.touched = set(draft.touched)
    for name, value in change.items():
        weights.put_weight(balanced, name, value)
    told = ", ".join(f"{weights.spoken(name)} {_short(value)}" for name, value in change.items())
    text = f"The weights would sum to {_short(total)}. Rebalance the rest to 1: {told}."
    return (Offer(text, (*draft.patch, *balanced.patch)),)


def _short(value: Decimal) -> str:
    return f"{value.normalize():f}"
