"""How each phrase of a clinical text is meant: stated, negated, only considered, or of somebody else.

The method is that of NegEx (Chapman et al., J Biomed Inform 2001;34:301–310) with two changes that spoken summaries
need: the window of a trigger counts afresh from each item of a list, and a clause about a relative is told apart, as
ConText does (Harkema et al., J Biomed Inform 2009;42:839–851). Trigger phrases are in data/scopes.txt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from scoring.domain.lexicon import Hit, Token

WINDOW = 6
"""Words that a negation reaches beyond its trigger, beyond each finding in its scope and beyond each list separator."""

_LIST_WORDS = frozenset({"and", "or", "nor", "the", "any", "a"})
_LIST_GAP = 2
_ADJACENT = 1
_OWN_CLAUSE = frozenset(
    {"drinks", "smokes", "feels", "hears", "wakes", "hurts", "passes", "gets", "sleeps", "uses", "takes", "cries", "on"}
)
_BREAK = re.compile(r"[.!?…](?=[\s\"'”’)\]])|;|\n\s*\n|\n\s*[-*•·–]\s")


class Context(StrEnum):
    PRESENT = "present"
    NEGATED = "negated"
    UNCERTAIN = "uncertain"
    OTHER = "other"


class Role(StrEnum):
    """Tables of scopes.txt; what is in none of them is a finding or a place."""

    NEGATES_NEXT = "negation before"
    NEGATES_LAST = "negation after"
    NEGATES_BESIDE = "negation beside"
    LOOKALIKE = "not a negation"
    ENDS = "end"
    ENDS_AFTER_COMMA = "end after comma"
    UNCERTAIN_NEXT = "uncertain before"
    UNCERTAIN_LAST = "uncertain after"
    UNCERTAIN_BESIDE = "uncertain beside"
    UNCERTAIN_AROUND = "uncertain around"
    ASKS = "asking"
    OTHER_NEXT = "relative"
    OTHER_LAST = "relative after"
    INFORMANT = "informant"


_OPENS = {
    Role.NEGATES_NEXT: Context.NEGATED,
    Role.UNCERTAIN_NEXT: Context.UNCERTAIN,
    Role.UNCERTAIN_AROUND: Context.UNCERTAIN,
    Role.ASKS: Context.UNCERTAIN,
    Role.OTHER_NEXT: Context.OTHER,
}
_LOOKS_BACK = {
    Role.NEGATES_LAST: Context.NEGATED,
    Role.UNCERTAIN_LAST: Context.UNCERTAIN,
    Role.UNCERTAIN_AROUND: Context.UNCERTAIN,
    Role.OTHER_LAST: Context.OTHER,
}
_BESIDE = {
    Role.NEGATES_BESIDE: (Role.NEGATES_LAST, Role.NEGATES_NEXT),
    Role.UNCERTAIN_BESIDE: (Role.UNCERTAIN_LAST, Role.UNCERTAIN_NEXT),
}
_ENDED_BY = {
    "contrast": frozenset(Context),
    "verb": frozenset({Context.NEGATED}),
    "subject": frozenset(Context),
    "item": frozenset({Context.NEGATED, Context.UNCERTAIN}),
}
_FAMILY_HISTORY = "family history"
_ROLES = {role.value: role for role in Role}


@dataclass(frozen=True, slots=True)
class _Scope:
    """reach: token index up to which a finding still lies in a negation's window."""

    context: Context
    reach: int


class _Reader:
    """Reads the hits once, left to right."""

    def __init__(self, text: str, tokens: Sequence[Token], hits: Sequence[Hit]) -> None:
        self._text = text
        self._hits = hits
        self._tokens = tokens
        self._gaps = [text[a.end : b.start] for a, b in pairwise(tokens)]
        self._sentences = _sentence_numbers(text, tokens, self._gaps)
        self._separators = _last_separators(tokens, self._gaps)
        self._contexts = [Context.PRESENT] * len(hits)
        self._scope: _Scope | None = None
        self._clause = 0

    def read(self) -> list[Context]:
        for index, hit in enumerate(self._hits):
            if index and self._sentence(index) != self._sentence(index - 1):
                self._close(index)
            self._take(index, hit)
        return self._contexts

    def _take(self, index: int, hit: Hit) -> None:
        role = self._role(index, hit)
        if role is None:
            self._mark(index, hit)
        if role in _LOOKS_BACK:
            self._look_back(index, _LOOKS_BACK[role])
        if role in _OPENS:
            self._open(_OPENS[role], role, hit)
        if role is Role.ENDS or (role is Role.ENDS_AFTER_COMMA and self._starts_item(hit.first)):
            self._end(index, hit)
        if role is Role.LOOKALIKE and self._scope and self._scope.context is Context.NEGATED:
            self._scope = None

    def _role(self, index: int, hit: Hit) -> Role | None:
        role = _ROLES.get(hit.entry.table)
        if role not in _BESIDE:
            return role
        beside = index > self._clause and hit.first - self._hits[index - 1].last <= _ADJACENT
        follows = beside and self._hits[index - 1].entry.table not in _ROLES and not self._after_comma(hit.first)
        last, following = _BESIDE[role]
        return last if follows else following

    def _mark(self, index: int, hit: Hit) -> None:
        if self._scope and self._scope.context is Context.NEGATED and self._leaves(hit):
            self._scope = None
        if self._scope is not None:
            self._contexts[index] = self._scope.context
            self._scope = replace(self._scope, reach=hit.last + WINDOW)
        if hit.entry.name == _FAMILY_HISTORY:
            self._scope = _Scope(Context.OTHER, hit.last)

    def _leaves(self, hit: Hit) -> bool:
        """Too far from the negation, or an item of its own: “no fever and drinks alcohol”."""
        reach = self._scope.reach if self._scope else 0
        own = self._starts_item(hit.first) and self._said(hit.first) in _OWN_CLAUSE
        return own or hit.first > max(reach, self._separators[hit.first] + WINDOW)

    def _said(self, token: int) -> str:
        return self._text[self._tokens[token].start : self._tokens[token].end].lower()

    def _open(self, context: Context, role: Role, hit: Hit) -> None:
        in_scope = self._scope is not None
        if role is Role.ASKS and in_scope:
            return
        of_relative = self._scope is not None and self._scope.context is Context.OTHER
        if of_relative and not self._starts_item(hit.first):
            return
        self._scope = _Scope(context, hit.last + WINDOW)

    def _end(self, index: int, hit: Hit) -> None:
        if self._scope is None or self._scope.context in _ENDED_BY[hit.entry.name]:
            self._close(index)

    def _close(self, index: int) -> None:
        self._scope = None
        self._clause = index

    def _look_back(self, index: int, context: Context) -> None:
        """To the nearest finding of the clause and, after “are” or without a verb, to the list that it ends."""
        trigger = self._hits[index]
        at = index - 1
        if at < self._clause or not self._reaches_back(self._hits[at], trigger):
            return
        while at >= self._clause and self._hits[at].entry.table not in _ROLES:
            self._contexts[at] = context
            if trigger.entry.name == "one" or not self._joined(at):
                return
            at -= 1

    def _reaches_back(self, finding: Hit, trigger: Hit) -> bool:
        """“Chest pain, and something was ruled out” rules out what is named last, even if no table knows it."""
        parted = finding.last <= self._separators[trigger.first] < trigger.first
        return not parted and trigger.first - finding.last <= WINDOW

    def _joined(self, at: int) -> bool:
        if at <= self._clause:
            return False
        between = self._tokens[self._hits[at - 1].last : self._hits[at].first]
        return len(between) <= _LIST_GAP and all(token.word in _LIST_WORDS for token in between)

    def _sentence(self, index: int) -> int:
        return self._sentences[self._hits[index].first]

    def _after_comma(self, token: int) -> bool:
        return token > 0 and "," in self._gaps[token - 1]

    def _starts_item(self, token: int) -> bool:
        return self._after_comma(token) or (token > 0 and self._tokens[token - 1].word == "and")


def contexts_of(text: str, tokens: Sequence[Token], hits: Sequence[Hit]) -> list[Context]:
    """The context of each hit; hits are in reading order and do not overlap. Time is linear in the text."""
    return _Reader(text, tokens, hits).read()


def _sentence_numbers(text: str, tokens: Sequence[Token], gaps: Sequence[str]) -> list[int]:
    numbers = [0] if tokens else []
    for gap, token in zip(gaps, tokens[1:], strict=True):
        new_line = "\n" in gap and "," not in gap and text[token.start].isupper()
        numbers.append(numbers[-1] + bool(new_line or _BREAK.search(gap)))
    return numbers


def _last_separators(tokens: Sequence[Token], gaps: Sequence[str]) -> list[int]:
    """For each token, the latest one up to it that begins an item of a list; before any, one that reaches nothing."""
    latest = -WINDOW - 1
    found = []
    for index, token in enumerate(tokens):
        comma = index > 0 and any(mark in gaps[index - 1] for mark in ",:/")
        if comma or token.word in {"or", "nor", "and"}:
            latest = index
        found.append(latest)
    return found
