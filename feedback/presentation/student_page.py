"""What a student reads about one grading: the examiner's word where there is one, else the machine's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from feedback.domain.reviewed import Comment, comments_of, compose_reviewed
from feedback.presentation.numbers import score_text
from feedback.presentation.page import GradingPage, grading_page_of
from feedback.presentation.scores import ScoreBar, score_bars
from feedback.presentation.sentences import (
    Sentence,
    SentenceSection,
    StoredFeedback,
    sentence_sections,
    stored_feedback,
)
from feedback.presentation.student import Band, band, next_steps, strengths
from feedback.services import feedback_as_json
from rubrics.domain.document import RubricDocument
from scoring.decisions import final_of, person_name, reviewed
from scoring.domain.citations import Sources
from scoring.domain.report.overview import breakdown
from scoring.domain.result import GradingResult
from scoring.domain.review import Review, ReviewState
from scoring.domain.terms import Style
from scoring.domain.transcript import parse_transcript
from scoring.models import Grading, Submission


@dataclass(frozen=True, slots=True)
class StudentPage:
    """score: what counts, the faculty's once a person reviewed. reviewed_by: empty while nobody did.

    page: the transcript with its ribbon and marks, which rest on what the machine found.
    """

    page: GradingPage
    score: Decimal
    overall: str
    overall_words: str
    bars: tuple[ScoreBar, ...]
    sections: tuple[SentenceSection, ...]
    strengths: tuple[Sentence, ...]
    next_steps: tuple[Sentence, ...]
    comments: tuple[Comment, ...]
    band: Band | None
    reviewed_by: str
    reviewed_at: datetime | None


def student_page_of(grading: Grading) -> StudentPage:
    """One query for the decisions; needs `with_context`."""
    page = grading_page_of(grading)
    review = reviewed(grading).review
    rubric = grading.rubric_version.document
    feedback = feedback_that_counts(grading, page.result, review)
    bars = score_bars(breakdown(review.overall))
    assessment = grading.submission.assessment
    final = final_of(grading)
    looked_at = final is not None and final.state != ReviewState.UNTOUCHED
    return StudentPage(
        page=page,
        score=review.overall_score,
        overall=score_text(review.overall_score),
        overall_words=feedback.overall_summary,
        bars=bars,
        sections=sentence_sections(feedback, bars, page.items, page.line),
        strengths=strengths(page.result, feedback, page.line),
        next_steps=next_steps(feedback, page.line),
        comments=comments_of(review, rubric),
        band=band(review.overall_score, assessment.cut_score if assessment else None),
        reviewed_by=person_name(final) if final is not None and looked_at else "",
        reviewed_at=final.at if final is not None and looked_at else None,
    )


def feedback_that_counts(grading: Grading, result: GradingResult, review: Review) -> StoredFeedback:
    """As it was stored, unless a person decided something."""
    if not review.standing.verdicts and review.standing.rested is None:
        return stored_feedback(grading.feedback)
    rubric = grading.rubric_version.document
    composed = compose_reviewed(
        result=result,
        review=review,
        rubric=rubric,
        sources=_sources(grading.submission, rubric, result),
        style=Style(grading.style),
    )
    return stored_feedback(feedback_as_json(composed))


def _sources(submission: Submission, rubric: RubricDocument, result: GradingResult) -> Sources:
    transcript = parse_transcript(
        submission.oral_transcript, format=submission.format or None, speaker_map=submission.speaker_map
    )
    return Sources(
        rubric_id=rubric.rubric_id,
        anchors=frozenset(anchor for _, anchor in rubric.anchors()),
        transcript=transcript,
        summary_text=submission.summary_text,
        summary_tokens=result.detailed_results.summary.tokens,
    )
