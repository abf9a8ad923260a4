"""The composed feedback as the pages show it: each sentence with its quotations, times and rubric anchors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from feedback.domain.phrasing import shortened
from feedback.presentation.groups import TITLES
from feedback.presentation.items import Moment
from feedback.presentation.numbers import Timeline
from scoring.domain.citations import Citations, Quote

MAX_MOMENTS = 4


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
    """moments: where it was said, at most `MAX_MOMENTS`. quote: the student's words, unless the text has them."""

    success: bool
    severity: str
    text: str
    quote: str
    moments: tuple[Moment, ...]
    citations: Citations


@dataclass(frozen=True, slots=True)
class SentenceSection:
    name: str
    title: str
    score: str
    weight: str
    missed: tuple[Sentence, ...]
    done: tuple[Sentence, ...]


def stored_feedback(stored: Mapping[str, Any]) -> StoredFeedback:
    return StoredFeedback.model_validate(stored)


def sentence_of(item: StoredItem, line: Timeline) -> Sentence:
    quote = shortened(" … ".join(quote.quote for quote in item.evidence))
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
    feedback: StoredFeedback, scores: Mapping[str, str], weights: Mapping[str, str], line: Timeline
) -> tuple[SentenceSection, ...]:
    """Sections with something in them, in the order in which they were composed."""
    return tuple(
        SentenceSection(
            name=section.category,
            title=TITLES[section.category],
            score=scores[section.category],
            weight=weights[section.category],
            missed=tuple(sentence_of(item, line) for item in section.items if item.type != "success"),
            done=tuple(sentence_of(item, line) for item in section.items if item.type == "success"),
        )
        for section in feedback.sections
        if section.items
    )
