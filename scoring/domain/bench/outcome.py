"""A result reduced to what the bench compares: scores, verdicts, and the spans they rest on.

Spans and not quotations: what is kept of a bench holds no word of a student, and a purged submission leaves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict

_SPANS = 2


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Frozen):
    """source: oral or summary. start, end: code points of that text, end excluded. turn: 1-based, None in a summary."""

    source: str
    turn: int | None
    start: int
    end: int


class ItemOutcome(_Frozen):
    """holds: asked, heard, matched, met, or for a penalty applied; None where no machine can tell."""

    key: str
    label: str
    holds: bool | None
    spans: tuple[Span, ...] = ()


class Outcome(_Frozen):
    overall: Decimal
    components: Mapping[str, Decimal]
    items: tuple[ItemOutcome, ...]


def outcome_of(result: Mapping[str, Any]) -> Outcome:
    """From a result as it is stored (`GradingResult.as_json`)."""
    return Outcome(
        overall=_exact(result["overall_score"]),
        components={name: _exact(score) for name, score in result["component_scores"].items()},
        items=tuple(_items(result["detailed_results"])),
    )


def _exact(score: float) -> Decimal:
    return Decimal(repr(score))


def _items(details: Mapping[str, Any]) -> Iterator[ItemOutcome]:
    for entry in details["key_questions"]["questions"]:
        yield _item(f"question:{entry['id']}", entry["label"], entry["asked"], entry)
    for entry in details["reasoning"]["links"]:
        yield _item(f"link:{entry['id']}", entry["description"], entry["detected"], entry)
    for entry in details["summary"]["elements"]:
        yield _item(f"element:{entry['id']}", entry["description"], entry["matched"], entry)
    for entry in details["communication"]["rules"]:
        yield _item(f"rule:{entry['id']}", entry["description"], entry["met"], entry)
    for entry in details["structure"]["penalties"]:
        yield _item(f"penalty:{entry['id']}", entry["description"], entry["applied"], entry)


def _item(key: str, label: str, holds: bool | None, entry: Mapping[str, Any]) -> ItemOutcome:
    """Where it was looked for is evidence of a gap too, but nothing to quote for it."""
    spans = entry["evidence"][:_SPANS] if holds else []
    return ItemOutcome(
        key=key,
        label=label or key.partition(":")[2],
        holds=holds,
        spans=tuple(Span(source=s["source"], turn=s["turn"], start=s["start"], end=s["end"]) for s in spans),
    )
