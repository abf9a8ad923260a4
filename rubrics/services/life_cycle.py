"""What becomes of a version: approved, archived, or deleted while it is still a draft."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from rubrics.audit import actor_of
from rubrics.domain.document import RubricStatus
from rubrics.domain.errors import FieldProblem, WrongState
from rubrics.domain.qa import QaReport, check_rubric
from rubrics.models import RubricVersion
from rubrics.services.trail import RubricAct
from rubrics.services.trail import note as note_act


@transaction.atomic
def rubric_version_approve(
    *, rubric_version: RubricVersion, by: str, at: datetime, note: str = "", actor: str = actor_of(None)
) -> RubricVersion:
    """Make a draft immutable and gradable. Raises WrongState when it is no draft or QA finds errors."""
    version = RubricVersion.objects.locked(rubric_version.pk)
    if version.status != RubricStatus.DRAFT:
        raise WrongState(f"{version} is {version.status}, and only a draft can be approved.", code="not_a_draft")
    _refuse_errors(check_rubric(version.document), version)
    version.status = RubricStatus.APPROVED
    version.approved_by, version.approved_at, version.approval_note = by, at, note
    version.updated_at = at
    version.save(update_fields=["status", "approved_by", "approved_at", "approval_note", "updated_at"])
    note_act(RubricAct.APPROVE, version, actor=actor, at=at)
    return RubricVersion.objects.select_related("rubric").get(pk=version.pk)


def _refuse_errors(report: QaReport, version: RubricVersion) -> None:
    if report.errors:
        raise WrongState(
            f"{version} can't be approved yet: {report.errors[0].message}",
            code="qa_failed",
            fields=tuple(FieldProblem(problem.field, problem.message) for problem in report.errors),
        )


@transaction.atomic
def rubric_version_archive(
    *, rubric_version: RubricVersion, at: datetime, actor: str = actor_of(None)
) -> RubricVersion:
    """Take an approved version out of use; gradings made with it stay. Raises WrongState for anything else."""
    version = RubricVersion.objects.locked(rubric_version.pk)
    if version.status != RubricStatus.APPROVED:
        raise WrongState(f"{version} is {version.status}, and only an approved version can be archived.")
    version.status, version.updated_at = RubricStatus.ARCHIVED, at
    version.save(update_fields=["status", "updated_at"])
    note_act(RubricAct.ARCHIVE, version, actor=actor, at=at)
    return RubricVersion.objects.select_related("rubric").get(pk=version.pk)


@transaction.atomic
def rubric_version_delete(*, rubric_version: RubricVersion, at: datetime, actor: str = actor_of(None)) -> None:
    """Delete a draft. Raises WrongState for what was approved, and for a draft that an assessment refers to."""
    version = RubricVersion.objects.locked(rubric_version.pk)
    if version.status != RubricStatus.DRAFT:
        raise WrongState(f"{version} is {version.status}. Only drafts can be deleted; archive it instead.")
    note_act(RubricAct.DELETE, version, actor=actor, at=at)
    try:
        version.delete()
    except ProtectedError as error:
        raise WrongState(f"{version} is used by an assessment. Give that one another version first.") from error
