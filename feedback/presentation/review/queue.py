"""Where a candidate stands among those of the assessment: what comes next, and how the scores lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from feedback.presentation.numbers import score_text
from scoring.domain.review import ReviewState

BINS = 12
HEIGHT = 28
_WIDTH = 6


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One candidate's newest grading. score: the faculty's where there is one, else the machine's."""

    id: UUID
    state: str
    score: Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """Geometry in SVG units; here: this candidate is in it."""

    x: int
    y: int
    height: int
    here: bool


@dataclass(frozen=True, slots=True)
class Distribution:
    bars: tuple[Bar, ...]
    cut_x: str
    words: str


@dataclass(frozen=True, slots=True)
class Place:
    """number of total, in the order of priority, which the machine's findings fix: nothing jumps while one works.

    next: the next that is not complete, around the end; None when all others are. previous: the one before.
    """

    number: int
    total: int
    previous: UUID | None
    next: UUID | None
    done: int
    distribution: Distribution | None


def place_of(entries: Sequence[QueueEntry], here: UUID, cut_score: Decimal) -> Place | None:
    """None for a grading outside the queue: without an assessment, or replaced by a newer one."""
    index = next((place for place, entry in enumerate(entries) if entry.id == here), None)
    if index is None:
        return None
    others = [*entries[index + 1 :], *entries[:index]]
    waiting = (entry.id for entry in others if entry.state != ReviewState.COMPLETE)
    return Place(
        number=index + 1,
        total=len(entries),
        previous=entries[index - 1].id if index else None,
        next=next(waiting, None),
        done=sum(entry.state == ReviewState.COMPLETE for entry in entries),
        distribution=_distribution(entries, entries[index], cut_score),
    )


def first_waiting(entries: Sequence[QueueEntry]) -> UUID | None:
    return next((entry.id for entry in entries if entry.state != ReviewState.COMPLETE), None)


def _distribution(entries: Sequence[QueueEntry], here: QueueEntry, cut_score: Decimal) -> Distribution | None:
    """None for fewer than five: a shape of four scores says nothing."""
    if len(entries) < 5:  # noqa: PLR2004 - said above
        return None
    counts = [0] * BINS
    for entry in entries:
        counts[_bin(entry.score)] += 1
    tallest = max(counts)
    heights = [max(2, round(HEIGHT * count / tallest)) if count else 1 for count in counts]
    scores = [entry.score for entry in entries]
    cut = f", cut {score_text(cut_score)}" if cut_score else ""
    return Distribution(
        bars=tuple(
            Bar(place * _WIDTH, HEIGHT - height, height, here=place == _bin(here.score))
            for place, height in enumerate(heights)
        ),
        cut_x=str(round(float(cut_score) * BINS * _WIDTH, 1)) if cut_score else "",
        words=f"Scores of {len(entries)} candidates from {score_text(min(scores))} to {score_text(max(scores))}; "
        f"this one {score_text(here.score)}{cut}",
    )


def _bin(score: Decimal) -> int:
    return min(BINS - 1, int(score * BINS))
