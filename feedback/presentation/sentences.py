"""The composed feedback as the pages show it: each sentence with its quotations, times and rubric anchors."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ConfigDict

from feedback.domain.phrasing import shortened
from feedback.presentation.items import Item, Moment
from feedback.presentation.numbers import Timeline
from feedback.presentation.scores import ScoreBar
from scoring.domain.citations import Citations, Quote

MAX_MOMENTS = 4
# Feedback says which sections were missed and what that cost, not each that was in its place.
_NEVER_TOLD = ("section:", "penalty:")


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True)


class StoredItem(_Stored):
    """A sentence as `feedback_as_json` keeps it; severity is null for a success."""

    type: str
    severity: str | None
    text: str
    citations: Citations
    evidence: tuple[Quote, ...]


class StoredSection(_Stored):
    category: str
    items: tuple[StoredItem, ...]


class StoredFeedback(_Stored):
    overall_summary: str
    overall_citations: tuple[str, ...]
    sections: tuple[StoredSection, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """moments: where it was said, at most `MAX_MOMENTS`; looked: where it was looked for in vain.

    quote: the student's words, unless the text has them or they are many.
    number: of the item that it is about, the same as beside its evidence in the transcript; 0 if it has none.
    """

    success: bool
    severity: str
    text: str
    quote: str
    moments: tuple[Moment, ...]
    citations: Citations
    number: int = 0
    looked: bool = False


@dataclass(frozen=True, slots=True)
class SentenceSection:
    bar: ScoreBar
    missed: tuple[Sentence, ...]
    done: tuple[Sentence, ...]


def stored_feedback(stored: Mapping[str, Any]) -> StoredFeedback:
    return StoredFeedback.model_validate(stored)


def sentence_of(item: StoredItem, line: Timeline) -> Sentence:
    quote = shortened(item.evidence[0].quote) if len(item.evidence) == 1 else ""
    told = item.type != "success" or quote in item.text
    return Sentence(
        success=item.type == "success",
        severity=item.severity or "",
        text=item.text,
        quote="" if told else quote,
        moments=_moments(item.evidence, line),
        citations=item.citations,
    )


def _moments(evidence: Sequence[Quote], line: Timeline) -> tuple[Moment, ...]:
    """Links to the turns, each once: sentences are not numbered, so marks are not theirs to point at."""
    found: dict[str, Moment] = {}
    for quote in evidence:
        anchor = "written-summary" if quote.turn is None else f"turn-{quote.turn}"
        when = "written summary" if quote.turn is None else line.when(quote.turn)
        found.setdefault(anchor, Moment(when, anchor, ""))
    return tuple(found.values())[:MAX_MOMENTS]


def sentence_sections(
    feedback: StoredFeedback, bars: Sequence[ScoreBar], items: Sequence[Item], line: Timeline
) -> tuple[SentenceSection, ...]:
    """Sections with something in them, in the order in which they were composed."""
    numbers = _Numbers(items)
    by_name = {bar.name: bar for bar in bars}
    found = []
    for section in feedback.sections:
        searched = section.category == "reasoning"
        sentences = [
            replace(sentence_of(item, line), number=numbers.of(item), looked=searched and item.type != "success")
            for item in section.items
        ]
        if sentences:
            found.append(_section(by_name[section.category], sentences))
    return tuple(found)


def _section(bar: ScoreBar, sentences: Sequence[Sentence]) -> SentenceSection:
    return SentenceSection(
        bar=bar,
        missed=tuple(sentence for sentence in sentences if not sentence.success),
        done=tuple(sentence for sentence in sentences if sentence.success),
    )


class _Numbers:
    """Which item a sentence is about: they cite the same anchor, and both say that it was credited, or not.

    Several items may cite one anchor (sections out of place cite the structure's); each number is given once.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self._free: dict[tuple[tuple[str, ...], bool], deque[int]] = defaultdict(deque)
        for item in items:
            if item.credited and item.key.startswith(_NEVER_TOLD):
                continue
            self._free[item.citations.rubric, item.credited].append(item.number)

    def of(self, item: StoredItem) -> int:
        free = self._free[item.citations.rubric, item.type == "success"]
        return free.popleft() if free else 0
