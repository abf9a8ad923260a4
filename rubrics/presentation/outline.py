"""The outline at the left of the studio: every part in order, each with its state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rubrics.domain.parts import SECTIONS, Content, items_of
from rubrics.domain.qa import Level
from rubrics.presentation.findings import Finding


@dataclass(frozen=True, slots=True)
class State:
    """icon and word are read together: colour alone says nothing."""

    tone: str
    icon: str
    word: str


_FINE = State("good", "✓", "in order")
_FAULTY = State("bad", "✕", "to mend")
_DOUBTFUL = State("unsure", "!", "to weigh")
_GRAVITY = (_FINE, _DOUBTFUL, _FAULTY)


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """id: the item's own, which survives a reordering; "" for a section."""

    part: str
    id: str
    label: str
    tag: str
    state: State
    is_open: bool


@dataclass(frozen=True, slots=True)
class OutlineSection:
    head: OutlineItem
    home: str
    items: tuple[OutlineItem, ...]


_SECTIONS: tuple[tuple[str, str, str], ...] = (
    ("about", "About", ""),
    ("weights", "Weights", ""),
    ("structure", "Structure", "structure.penalties"),
    ("key_questions_policy", "Key questions", "key_questions"),
    ("reasoning", "Reasoning", "reasoning.required_links"),
    ("summary", "Summary", "summary.required_elements"),
    ("communication", "Communication", "communication.rules"),
    ("vocabulary", "Words", ""),
)


def outline_of(content: Content, findings: Sequence[Finding], part: str) -> tuple[OutlineSection, ...]:
    errors = Counter(finding.part for finding in findings if finding.level is Level.ERROR)
    warnings = Counter(finding.part for finding in findings if finding.level is Level.WARNING)

    def state(path: str) -> State:
        return _FAULTY if errors[path] else _DOUBTFUL if warnings[path] else _FINE

    def item(home: str, at: int, entry: Mapping[str, Any]) -> OutlineItem:
        path = f"{home}.{at}"
        return OutlineItem(path, str(entry.get("id")), label_of(entry), _tag(entry), state(path), path == part)

    def section(path: str, label: str, home: str) -> OutlineSection:
        items = tuple(item(home, at, entry) for at, entry in enumerate(items_of(content, home))) if home else ()
        worst = max((state(path), *(entry.state for entry in items)), key=_GRAVITY.index)
        return OutlineSection(OutlineItem(path, "", label, "", worst, path == part), home, items)

    return tuple(section(*entry) for entry in _SECTIONS if entry[0] in SECTIONS)


def label_of(entry: Mapping[str, Any]) -> str:
    return str(entry.get("label") or entry.get("description") or entry.get("id") or "")


def title_of(content: Content, part: str) -> str:
    """What a part is called, for headings and messages."""
    home, _, at = part.rpartition(".")
    if at.isdecimal():
        return label_of(items_of(content, home)[int(at)])
    return next((label for path, label, _ in _SECTIONS if path == part), part)


def _tag(entry: Mapping[str, Any]) -> str:
    if entry.get("critical"):
        return "critical"
    return "major" if entry.get("major") else ""
