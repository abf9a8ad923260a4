"""Gradings as rows of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from feedback.models import Release
from feedback.presentation.numbers import score_text
from scoring.models import Grading, Submission


@dataclass(frozen=True, slots=True)
class GradingRow:
    """rubric: its title, or its id where it has none."""

    id: UUID
    student_id: str
    station: str
    course: str
    rubric: str
    version: str
    score: str
    uncertain: int
    warnings: int
    at: datetime
    released: bool


def grading_row(grading: Grading) -> GradingRow:
    version = grading.rubric_version
    return GradingRow(
        id=grading.pk,
        student_id=grading.submission.student_id,
        station=station_of(grading.submission),
        course=grading.submission.assessment.course if grading.submission.assessment else "",
        rubric=version.title or version.rubric.rubric_id,
        version=version.version,
        score=score_text(grading.overall_score),
        uncertain=grading.uncertain_items,
        warnings=grading.warning_count,
        at=grading.created_at,
        released=release_of(grading) is not None,
    )


def station_of(submission: Submission) -> str:
    """The station, or how the transcript came in where it belongs to none."""
    if submission.assessment is not None:
        return submission.assessment.station
    return "API" if submission.submitted_with_key else "No station"


def release_of(grading: Grading) -> Release | None:
    return getattr(grading, "release", None)
