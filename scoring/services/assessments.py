"""Setting up stations, and who may see whom behind the codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from rubrics.domain.document import RubricStatus
from rubrics.domain.errors import FieldProblem, Malformed, WrongState
from rubrics.models import RubricVersion
from scoring.access import Viewer
from scoring.models import Assessment, Candidate, Grading, IdentityReveal
from scoring.services.trail import assessment_event


@dataclass(frozen=True, slots=True)
class AssessmentPlan:
    """What a person sets up. cut_score: 0–1; 0 is none."""

    course: str
    station: str
    date: date
    rubric_version: RubricVersion
    owner_id: int
    grader_ids: Sequence[int] = ()
    cut_score: Decimal = Decimal(0)
    anonymous_grading: bool = False
    instructions: str = ""


@transaction.atomic
def assessment_create(*, plan: AssessmentPlan, viewer: Viewer, at: datetime) -> Assessment:
    """Raises WrongState for a rubric version that is not approved."""
    _require_approved(plan.rubric_version)
    assessment = Assessment(created_at=at)
    return _save(assessment, plan, viewer, at, action="create assessment")


@transaction.atomic
def assessment_update(*, assessment: Assessment, plan: AssessmentPlan, viewer: Viewer, at: datetime) -> Assessment:
    """Raises WrongState for another rubric version once something is graded by the present one."""
    current = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if plan.rubric_version.pk != current.rubric_version_id:
        _require_approved(plan.rubric_version)
        if Grading.objects.filter(submission__assessment=current).exists():
            message = "Candidates are graded by this rubric version already. Set up a new assessment for another one."
            raise WrongState(message, code="already_graded", fields=(FieldProblem("rubric_version", message),))
    return _save(current, plan, viewer, at, action="change assessment")


def _require_approved(version: RubricVersion) -> None:
    if version.status != RubricStatus.APPROVED:
        message = f"{version} is not approved. Choose an approved version, or have this one approved first."
        raise WrongState(message, code="not_approved", fields=(FieldProblem("rubric_version", message),))


def _save(assessment: Assessment, plan: AssessmentPlan, viewer: Viewer, at: datetime, *, action: str) -> Assessment:
    assessment.course = plan.course
    assessment.station = plan.station
    assessment.date = plan.date
    assessment.rubric_version = plan.rubric_version
    assessment.owner_id = plan.owner_id
    assessment.cut_score = plan.cut_score
    assessment.anonymous_grading = plan.anonymous_grading
    assessment.instructions = plan.instructions
    assessment.save()
    assessment.graders.set(grader for grader in plan.grader_ids if grader != plan.owner_id)
    assessment_event(assessment, action, viewer, at, {"anonymous": assessment.anonymous_grading})
    return assessment


@transaction.atomic
def assessment_archive(*, assessment: Assessment, viewer: Viewer, at: datetime) -> None:
    """Out of the lists; everything in it stays and can be read."""
    Assessment.objects.filter(pk=assessment.pk, archived_at__isnull=True).update(archived_at=at)
    assessment_event(assessment, "archive assessment", viewer, at, {})


@transaction.atomic
def assessment_restore(*, assessment: Assessment, viewer: Viewer, at: datetime) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(archived_at=None)
    assessment_event(assessment, "restore assessment", viewer, at, {})


@transaction.atomic
def identity_reveal(
    *, assessment: Assessment, candidate: Candidate | None, reason: str, viewer: Viewer, at: datetime
) -> IdentityReveal:
    """Show a person who stands behind a code, or behind all of them (candidate None), and keep that they asked.

    Raises Malformed without a reason, WrongState where grading is not anonymous.
    """
    if not assessment.anonymous_grading:
        raise WrongState("Grading is not anonymous here: the names are shown already.")
    if not reason.strip() or viewer.user_id is None:
        message = "Say why you need the names: the reason is kept with your name and the time."
        raise Malformed(message, fields=(FieldProblem("reason", message),))
    reveal = IdentityReveal.objects.create(
        assessment=assessment,
        candidate=candidate,
        revealed_to_id=viewer.user_id,
        reason=" ".join(reason.split())[:300],
        revealed_at=at,
    )
    detail = {"candidate": None if candidate is None else candidate.pk, "reason": reveal.reason}
    assessment_event(assessment, "reveal identities", viewer, at, detail)
    return reveal
