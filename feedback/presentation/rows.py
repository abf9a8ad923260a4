"""Gradings as rows of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from feedback.models import Release
from feedback.presentation.numbers import score_text
from scoring.decisions import final_of
from scoring.domain.review import ReviewState
from scoring.identities import Identities, Shown
from scoring.models import Grading, Submission


@dataclass(frozen=True, slots=True)
class GradingRow:
    """rubric: its title, or its id where it has none. counts: the faculty's score once there is one; score: as text."""

    id: UUID
    shown: Shown
    station: str
    course: str
    rubric: str
    version: str
    counts: Decimal
    score: str
    uncertain: int
    warnings: int
    at: datetime
    released: bool


def grading_row(grading: Grading, identities: Identities | None = None) -> GradingRow:
    """identities: whom the reader may know; without any, nobody of an anonymous class."""
    version = grading.rubric_version
    counts = score_that_counts(grading)
    return GradingRow(
        id=grading.pk,
        shown=(identities or Identities()).show_submission(grading.submission),
        station=station_of(grading.submission),
        course=grading.submission.assessment.course if grading.submission.assessment else "",
        rubric=version.title or version.rubric.rubric_id,
        version=version.version,
        counts=counts,
        score=score_text(counts),
        uncertain=grading.uncertain_items,
        warnings=grading.warning_count,
        at=grading.created_at,
        released=release_of(grading) is not None,
    )


def score_that_counts(grading: Grading) -> Decimal:
    final = final_of(grading)
    reviewed = final is not None and final.state != ReviewState.UNTOUCHED
    return final.overall_score if final is not None and reviewed else grading.overall_score


def station_of(submission: Submission) -> str:
    """The station, or how the transcript came in where it belongs to none."""
    if submission.assessment is not None:
        return submission.assessment.station
    return "API" if submission.submitted_with_key else "No station"


def release_of(grading: Grading) -> Release | None:
    return getattr(grading, "release", None)
