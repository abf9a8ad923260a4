"""The class of an assessment as one table: one row a candidate, with their newest grading.

Read in four queries, however large the class is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from feedback.domain.priority import priority
from feedback.presentation.numbers import score_text
from feedback.presentation.rows import release_of
from scoring.access import Viewer
from scoring.domain.cut_score import is_near_cut
from scoring.domain.review import ReviewState
from scoring.identities import Identities, Shown
from scoring.models import OPEN_STATES, Assessment, BatchItem, BatchState, Candidate, FinalScore, Grading


class RowState(StrEnum):
    NO_TRANSCRIPT = "no_transcript"
    TO_GRADE = "to_grade"
    TO_REVIEW = "to_review"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    RELEASED = "released"


WORDS: dict[RowState, tuple[str, str, str]] = {
    RowState.NO_TRANSCRIPT: ("–", "No transcript", "open"),
    RowState.TO_GRADE: ("…", "To grade", "open"),
    RowState.TO_REVIEW: ("?", "To review", "unsure"),
    RowState.IN_REVIEW: ("✎", "In review", "unsure"),
    RowState.REVIEWED: ("✓", "Reviewed", "good"),
    RowState.RELEASED: ("✓", "Released", "good"),
}
"""Icon, words and tone of each state."""


@dataclass(frozen=True, slots=True)
class ClassRow:
    """machine, yours: scores as shown, empty where there is none. submissions: how many transcripts were graded."""

    shown: Shown
    candidate_id: int
    state: RowState
    grading_id: UUID | None = None
    machine: str = ""
    yours: str = ""
    score: Decimal | None = None
    rating: str = ""
    uncertain: int = 0
    warnings: int = 0
    near_cut: bool = False
    reviewer: str = ""
    changed: datetime | None = None

    @property
    def icon(self) -> str:
        return WORDS[self.state][0]

    @property
    def words(self) -> str:
        return WORDS[self.state][1]

    @property
    def tone(self) -> str:
        return WORDS[self.state][2]

    @property
    def waits_for_review(self) -> bool:
        return self.state in {RowState.TO_REVIEW, RowState.IN_REVIEW}

    @property
    def priority(self) -> tuple[int, int]:
        return priority(uncertain=self.uncertain, near_cut=self.near_cut, warnings=self.warnings)


def class_rows(assessment: Assessment, viewer: Viewer) -> list[ClassRow]:
    identities = Identities.of(viewer)
    gradings = {grading.submission.candidate_id: grading for grading in _newest(assessment)}
    waiting = set(
        BatchItem.objects.filter(
            batch__assessment=assessment,
            batch__state__in=[BatchState.RUNNING, BatchState.PAUSED],
            state__in=OPEN_STATES,
        ).values_list("candidate_id", flat=True)
    )
    rows = [
        _row(candidate, assessment, identities, gradings.get(candidate.pk), to_grade=candidate.pk in waiting)
        for candidate in assessment.candidates.all()
    ]
    return sorted(rows, key=lambda row: (row.shown.title.casefold(), row.candidate_id))


def _newest(assessment: Assessment) -> Sequence[Grading]:
    """The newest grading of each candidate; what is large about a grading is left in the database."""
    return list(
        Grading.objects.filter(submission__assessment=assessment, submission__candidate__isnull=False)
        .select_related("submission", "release", "final__by")
        .only(
            "overall_score", "uncertain_items", "warning_count", "created_at", "submission__candidate_id",
            "release__released_at", "final__state", "final__overall_score", "final__global_rating", "final__changed",
            "final__at", "final__by__username", "final__by__first_name", "final__by__last_name",
        )
        .order_by("submission__candidate_id", "-created_at", "pk")
        .distinct("submission__candidate_id")
    )  # fmt: skip


def _row(
    candidate: Candidate, assessment: Assessment, identities: Identities, grading: Grading | None, *, to_grade: bool
) -> ClassRow:
    shown = identities.show(candidate, assessment)
    if grading is None:
        return ClassRow(shown, candidate.pk, RowState.TO_GRADE if to_grade else RowState.NO_TRANSCRIPT)
    final: FinalScore | None = getattr(grading, "final", None)
    release = release_of(grading)
    score = grading.overall_score if final is None else final.overall_score
    return ClassRow(
        shown=shown,
        candidate_id=candidate.pk,
        state=_state(final, released=release is not None),
        grading_id=grading.pk,
        machine=score_text(grading.overall_score),
        yours="" if final is None else score_text(final.overall_score),
        score=score,
        rating="" if final is None else final.get_global_rating_display(),
        uncertain=grading.uncertain_items,
        warnings=grading.warning_count,
        near_cut=is_near_cut(score, assessment.cut_score),
        reviewer="" if final is None else final.by.get_full_name() or final.by.username,
        changed=_changed(grading, final),
    )


def _changed(grading: Grading, final: FinalScore | None) -> datetime:
    release = release_of(grading)
    moments = [grading.created_at]
    if final is not None:
        moments.append(final.at)
    if release is not None:
        moments.append(release.released_at)
    return max(moments)


def _state(final: FinalScore | None, *, released: bool) -> RowState:
    if released:
        return RowState.RELEASED
    if final is None or final.state == ReviewState.UNTOUCHED:
        return RowState.TO_REVIEW
    return RowState.REVIEWED if final.state == ReviewState.COMPLETE else RowState.IN_REVIEW


@dataclass(frozen=True, slots=True)
class ClassFilter:
    """A way to narrow the table. count: how many rows it leaves; items: how many items that is about, if not rows."""

    name: str
    words: str
    count: int
    chosen: bool
    items: int | None = None


_FILTERS = (
    ("", "All"),
    ("to_grade", "To grade"),
    ("to_review", "To review"),
    ("uncertain", "Uncertain items"),
    ("near_cut", "Near the cut"),
    ("warnings", "With warnings"),
    ("reviewed", "Reviewed"),
    ("released", "Released"),
)


_KEEPS: dict[str, Callable[[ClassRow], bool]] = {
    "": lambda row: True,
    "to_grade": lambda row: row.grading_id is None,
    "to_review": lambda row: row.waits_for_review,
    "uncertain": lambda row: row.uncertain > 0 and row.waits_for_review,
    "near_cut": lambda row: row.near_cut,
    "warnings": lambda row: row.warnings > 0,
    "reviewed": lambda row: row.state is RowState.REVIEWED,
    "released": lambda row: row.state is RowState.RELEASED,
}


def class_filters(rows: Sequence[ClassRow], chosen: str) -> list[ClassFilter]:
    filters = []
    for name, words in _FILTERS:
        kept = [row for row in rows if _KEEPS[name](row)]
        items = sum(row.uncertain for row in kept) if name == "uncertain" else None
        filters.append(ClassFilter(name, words, len(kept), chosen == name, items))
    return filters


def filtered(rows: Sequence[ClassRow], name: str) -> list[ClassRow]:
    return [row for row in rows if _KEEPS[name](row)]


def known_filter(name: str) -> str:
    """An unknown one counts as none: an old bookmark still shows the class."""
    return name if name in dict(_FILTERS) else ""


ORDERS: dict[str, Callable[[ClassRow], Any]] = {
    "": lambda row: (row.shown.title.casefold(), row.candidate_id),
    "priority": lambda row: (not row.waits_for_review, row.priority, row.shown.title.casefold()),
    "machine": lambda row: (row.score is None, row.score or Decimal(0)),
    "changed": lambda row: -(row.changed.timestamp() if row.changed else 0),
}


def next_in_line(rows: Sequence[ClassRow]) -> ClassRow | None:
    """Who to look at first: uncertain items, then near the cut, then warnings."""
    waiting = [row for row in rows if row.waits_for_review]
    return min(waiting, key=lambda row: row.priority, default=None)
