"""The use case of the product: grade a submission, compose its feedback, store both."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from feedback.domain.compose import Feedback, compose_feedback
from feedback.domain.gate import FeedbackItem
from rubrics.domain.canonical import canonical_sha256
from rubrics.domain.errors import NotFound, WrongState
from rubrics.models import RubricVersion
from rubrics.services import rubric_version_for_grading
from rubrics.services.retries import claim_key, refuse_another_body
from scoring import metrics
from scoring.access import Viewer
from scoring.domain.pipeline import Graded, SubmissionInputs, grade
from scoring.domain.terms import Style
from scoring.models import Assessment, Grading, IdempotencyKey
from scoring.school import school_engine
from scoring.services import grading_create

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GradeRequest:
    """What a caller asks for. rubric_version None: the latest approved one."""

    rubric_id: str
    rubric_version: str | None
    student_id: str
    inputs: SubmissionInputs
    style: Style = Style.CONSTRUCTIVE
    assessment_id: int | None = None

    @property
    def sha256(self) -> str:
        return canonical_sha256(
            {
                "rubric_id": self.rubric_id,
                "rubric_version": self.rubric_version,
                "student_id": self.student_id,
                "inputs": self.inputs.sha256,
                "style": self.style.value,
                "assessment": self.assessment_id,
            }
        )


def submission_grade(
    *, request: GradeRequest, viewer: Viewer, at: datetime, idempotency_key: str | None = None
) -> Grading:
    """Grade and store. With an idempotency key, the same request gives the grading it gave before.

    Raises the refusals of `rubric_version_for_grading` and `grade`, NotFound for an assessment that is not the
    caller's, Ungradable for a key that was used with another body. A refusal stores nothing.
    """
    if idempotency_key is None:
        return _grade_anew(request=request, viewer=viewer, at=at)
    with transaction.atomic():
        claim_key(owner=viewer.label, route="grade", key=idempotency_key)
        used = IdempotencyKey.objects.filter(owner=viewer.label, key=idempotency_key).select_related("grading").first()
        if used is not None:
            refuse_another_body(used.body_sha256, request.sha256)
            return used.grading
        grading = _grade_anew(request=request, viewer=viewer, at=at)
        IdempotencyKey.objects.create(
            owner=viewer.label, key=idempotency_key, body_sha256=request.sha256, grading=grading, created_at=at
        )
    return grading


def _grade_anew(*, request: GradeRequest, viewer: Viewer, at: datetime) -> Grading:
    rubric_version = rubric_version_for_grading(rubric_id=request.rubric_id, version=request.rubric_version)
    assessment = _assessment(request.assessment_id, rubric_version, viewer)
    graded, feedback = grade_and_compose(rubric_version=rubric_version, inputs=request.inputs, style=request.style)
    grading = grading_create(
        inputs=request.inputs,
        graded=graded,
        feedback=feedback_as_json(feedback),
        rubric_version=rubric_version,
        student_id=request.student_id,
        style=request.style,
        assessment=assessment,
        viewer=viewer,
        at=at,
    )
    metrics.observe_grading(graded.result.component_scores, graded.result.overall_score)
    return grading


def grade_and_compose(
    *, rubric_version: RubricVersion, inputs: SubmissionInputs, style: Style
) -> tuple[Graded, Feedback]:
    """Grade without storing; items that the citation gate refused are counted and logged, never shown."""
    rubric = rubric_version.document
    graded = grade(rubric, inputs, school_engine())
    feedback = compose_feedback(graded.result, rubric, graded.sources, style)
    for reason in feedback.rejected:
        metrics.count_error(service="feedback", error_type="citation_rejected")
        logger.error("citation rejected in rubric %s: %s", rubric_version, reason.partition(":")[0])
    return graded, feedback


def _assessment(assessment_id: int | None, rubric_version: RubricVersion, viewer: Viewer) -> Assessment | None:
    if assessment_id is None:
        return None
    assessment = Assessment.objects.visible_to(viewer).filter(pk=assessment_id).first()
    if assessment is None:
        raise NotFound(f"There is no assessment {assessment_id} that you can grade. Check the number.")
    if assessment.rubric_version_id != rubric_version.pk:
        raise WrongState(
            f"Assessment {assessment_id} is graded by {assessment.rubric_version}. Send that rubric and version.",
            code="another_rubric",
        )
    return assessment


def feedback_as_json(feedback: Feedback) -> dict[str, object]:
    """As the API answers it and the database keeps it."""
    return {
        "overall_summary": feedback.overall_summary,
        "overall_citations": list(feedback.overall_citations),
        "sections": [
            {"category": section.category, "items": [_item(item) for item in section.items]}
            for section in feedback.sections
        ],
    }


def _item(item: FeedbackItem) -> dict[str, object]:
    return {
        "type": item.type.value,
        "severity": None if item.severity is None else item.severity.value,
        "text": item.text,
        "citations": item.citations.model_dump(mode="json"),
        "evidence": [quote.model_dump(mode="json") for quote in item.evidence],
    }
