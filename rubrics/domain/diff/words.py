"""How a change is told: “Weight of key questions 0.40 → 0.45”, “Question “Vision changes” added, critical”."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rubrics.domain.diff.change import ChangeKind

_LONGEST = 120

_ITEMS = {
    "key_questions": "question",
    "penalties": "penalty",
    "required_links": "link",
    "required_elements": "element",
    "rules": "rule",
}
_PLURALS = {
    "key_questions": "Questions",
    "penalties": "Penalties",
    "required_links": "Links",
    "required_elements": "Elements",
    "rules": "Rules",
}
_FIELDS = {
    "weights.structure": "Weight of structure",
    "weights.key_questions": "Weight of key questions",
    "weights.reasoning": "Weight of reasoning",
    "weights.summary": "Weight of summary",
    "weights.communication": "Weight of communication",
    "structure.expected_order": "Expected order",
    "key_questions_policy.critical_weight": "Weight of a critical question",
    "key_questions_policy.noncritical_weight": "Weight of another question",
    "key_questions_policy.coverage_threshold": "Coverage threshold",
    "key_questions_policy.matching_threshold": "Matching threshold",
    "reasoning.major_gap_penalty": "Penalty for a missing major link",
    "summary.max_tokens": "Word limit of the summary",
    "summary.overflow_divisor": "Overflow divisor of the summary",
    "communication.weight": "Communication's own weight",
}
_MARKS = frozenset({"critical", "major"})
_SHARES = frozenset({"weights", "value", "coverage_threshold", "matching_threshold", "major_gap_penalty", "min", "max"})
"""Numbers that people read with two decimals."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a change is about: the steps of its path and, inside an item, the item."""

    steps: tuple[str, ...] = ()
    kind: str = ""
    name: str = ""

    def at(self, step: str) -> Subject:
        return Subject((*self.steps, step), self.kind, self.name)

    def item(self, identifier: str, item: Mapping[str, Any]) -> Subject:
        """One item of the list at hand; named as the reader knows it."""
        kind = _ITEMS.get(self.steps[-1], "item")
        return Subject((*self.steps, identifier), kind, _name(item))

    @property
    def is_item(self) -> bool:
        return self.kind != "" and len(self.steps) >= 2 and self.steps[-2] in _ITEMS  # noqa: PLR2004 - list and item


def _name(item: Mapping[str, Any]) -> str:
    return _cut(str(item.get("label") or item.get("description") or item["id"]))


def sentence(subject: Subject, kind: ChangeKind, before: Any, after: Any) -> str:
    """As a person would say it to a colleague."""
    if kind is ChangeKind.MOVED:
        return _moved(subject, before, after)
    if subject.is_item and kind in (ChangeKind.ADDED, ChangeKind.REMOVED):
        return _item(subject, kind, after if kind is ChangeKind.ADDED else before)
    field = subject.steps[-1]
    if subject.kind and field in _MARKS:
        told = f"{subject.kind.capitalize()} “{subject.name}”"
        return f"{told} {'is now' if after else 'is no longer'} {field}"
    if field == "phrases" and not isinstance(before, list) and not isinstance(after, list):
        return f"{_owner(subject)}phrase “{_cut(str(after or before))}” {kind}"
    if field == "expected_order":
        return f"Section “{after or before}” {kind} {'to' if after else 'from'} the expected order"
    return f"{_label(subject)} {_values(subject, kind, before, after)}"


def _moved(subject: Subject, before: Sequence[Any], after: Sequence[Any]) -> str:
    listed = _PLURALS.get(subject.steps[-1], _label(subject))
    order = _cut(", ".join(str(item) for item in after))
    return f"{listed} reordered: {order}" if before != after else f"{listed} reordered"


def _item(subject: Subject, kind: ChangeKind, item: Mapping[str, Any]) -> str:
    told = f"{subject.kind.capitalize()} “{subject.name}” {kind}"
    if kind is ChangeKind.REMOVED:
        return told
    marks = [mark for mark in sorted(_MARKS) if item.get(mark)]
    if "value" in item:
        marks.append(_number(item["value"], shares=True))
    return ", ".join([told, *marks])


def _label(subject: Subject) -> str:
    field = subject.steps[-1].replace("_", " ")
    if subject.kind:
        return f"{_owner(subject)}{field}"
    path = ".".join(subject.steps)
    if path in _FIELDS:
        return _FIELDS[path]
    if len(subject.steps) > 1:
        return f"{field.capitalize()} of {' '.join(subject.steps[:-1]).replace('_', ' ')}"
    return field.capitalize()


def _owner(subject: Subject) -> str:
    return f"{subject.kind.capitalize()} “{subject.name}”: " if subject.kind else ""


def _values(subject: Subject, kind: ChangeKind, before: Any, after: Any) -> str:
    shares = bool(_SHARES & {subject.steps[0], subject.steps[-1]})
    if kind is ChangeKind.ADDED:
        return f"set to {_shown(after, shares=shares)}"
    if kind is ChangeKind.REMOVED:
        return f"taken out (was {_shown(before, shares=shares)})"
    if subject.steps == ("version",):
        return f"{before} → {after}"
    return f"{_shown(before, shares=shares)} → {_shown(after, shares=shares)}"


def _shown(value: Any, *, shares: bool) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return _number(value, shares=shares)
    if isinstance(value, str):
        return f"“{_cut(value)}”"
    if isinstance(value, Sequence):
        return _cut(", ".join(str(item) for item in value)) or "none"
    return f"“{_cut(str(value))}”"


def _number(value: float | Decimal, *, shares: bool) -> str:
    """0.4 as 0.40 and -0.25 as −0.25; a number that needs more decimals keeps them.

    >>> _number(0.4, shares=True), _number(-0.125, shares=True), _number(80, shares=False)
    ('0.40', '−0.125', '80')
    """
    exact = Decimal(str(value))
    short = exact.quantize(Decimal("0.01")) if shares else exact.normalize()
    return f"{short if short == exact else exact.normalize():f}".replace("-", "\N{MINUS SIGN}")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
