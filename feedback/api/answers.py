"""A grading as the API answers it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from feedback.domain.gate import ItemType
from rubrics.domain.document import Slug, Version
from rubrics.http import Answer, Number
from scoring.api.decisions import FinalAnswer, RoundedScores
from scoring.api.scores import ScoreBreakdown
from scoring.decisions import final_as_json, final_of
from scoring.domain.citations import Citations, Quote
from scoring.domain.result import DetailedResults, Fingerprint, WarningEntry
from scoring.domain.terms import Severity, Style
from scoring.models import Grading


class FeedbackItemAnswer(Answer):
    """severity is null for a success."""

    type: ItemType
    severity: Severity | None
    text: str
    citations: Citations
    evidence: list[Quote]


class FeedbackSectionAnswer(Answer):
    category: str
    items: list[FeedbackItemAnswer]


class FeedbackAnswer(Answer):
    overall_summary: str
    overall_citations: list[str]
    sections: list[FeedbackSectionAnswer]


class GradingAnswer(Answer):
    """The stored result with what stands outside its digest: ids, time, style and feedback."""

    grading_id: UUID
    rubric_id: Slug
    rubric_version: Version
    student_id: str
    timestamp: datetime
    style: Style
    overall_score: Number
    component_scores: RoundedScores
    score_breakdown: ScoreBreakdown
    feedback: FeedbackAnswer
    detailed_results: DetailedResults
    warnings: list[WarningEntry]
    fingerprint: Fingerprint
    final: Annotated[FinalAnswer | None, Field(description="There once a person has decided, and not before.")] = None


def grading_as_json(grading: Grading) -> dict[str, Any]:
    """As `GradingAnswer` describes it, from the stored result itself: nothing is read back into models.

    Without a decision there is no `final` at all: whoever recomputes the digest drops the five fields they know of.
    """
    final = final_as_json(final_of(grading))
    decided = {} if final is None else {"final": final}
    return {
        "grading_id": str(grading.pk),
        "student_id": grading.submission.student_id,
        "timestamp": utc_text(grading.created_at),
        "style": grading.style,
        **grading.result,
        "feedback": grading.feedback,
        **decided,
    }


def utc_text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
