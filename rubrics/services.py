"""Everything that changes a rubric. Pages, API, admin and commands all call these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from rubrics.domain.document import RubricDocument, RubricStatus, rubric_from_mapping
from rubrics.domain.errors import FieldProblem, Malformed, NotFound, WrongState
from rubrics.domain.identity import STATE_FIELDS, content_as_json, content_sha256
from rubrics.domain.qa import QaReport, check_rubric
from rubrics.domain.semver import SemanticVersion
from rubrics.models import Rubric, RubricVersion


@transaction.atomic
def rubric_version_create(*, document: RubricDocument, author_id: int | None, at: datetime) -> RubricVersion:
    """Store a version as a draft, whatever status the document claims: only `rubric_version_approve` approves.

    Raises WrongState when the version exists, even with equal content: a version is made once.
    """
    rubric, _ = Rubric.objects.get_or_create(rubric_id=document.rubric_id, defaults={"created_at": at})
    # Two imports of one rubric take turns, so that the second is told instead of failing on the constraint.
    Rubric.objects.select_for_update().get(pk=rubric.pk)
    number = SemanticVersion.parse(document.version)
    if RubricVersion.objects.of(document.rubric_id).numbered(number).exists():
        raise WrongState(
            f"{document.rubric_id} {document.version} exists already. Raise the version, for instance to "
            f"{number.next_patch()}.",
            code="version_exists",
        )
    return RubricVersion.objects.create(
        rubric=rubric,
        major=number.major,
        minor=number.minor,
        patch=number.patch,
        title=document.title,
        specialty=document.specialty,
        content=content_as_json(document),
        content_sha256=content_sha256(document),
        created_at=document.created_at or at,
        updated_at=document.updated_at or at,
        created_by_id=author_id,
    )


@transaction.atomic
def rubric_version_approve(*, rubric_version: RubricVersion, by: str, at: datetime, note: str = "") -> RubricVersion:
    """Make a draft immutable and gradable. Raises WrongState when it is no draft or QA finds errors."""
    version = RubricVersion.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=rubric_version.pk)
    if version.status != RubricStatus.DRAFT:
        raise WrongState(f"{version} is {version.status}, and only a draft can be approved.", code="not_a_draft")
    _refuse_errors(check_rubric(version.document), version)
    version.status = RubricStatus.APPROVED
    version.approved_by, version.approved_at, version.approval_note = by, at, note
    version.updated_at = at
    version.save(update_fields=["status", "approved_by", "approved_at", "approval_note", "updated_at"])
    return RubricVersion.objects.select_related("rubric").get(pk=version.pk)


def _refuse_errors(report: QaReport, version: RubricVersion) -> None:
    if report.errors:
        raise WrongState(
            f"{version} can't be approved yet: {report.errors[0].message}",
            code="qa_failed",
            fields=tuple(FieldProblem(problem.field, problem.message) for problem in report.errors),
        )


def rubric_version_for_grading(*, rubric_id: str, version: str | None) -> RubricVersion:
    """The approved version asked for, or the latest approved one.

    Raises NotFound for an unknown rubric or version (a prefix such as `stroke` is not `stroke_v1`), WrongState for
    one that is not approved.
    """
    versions = RubricVersion.objects.of(rubric_id)
    if version is None:
        found = versions.approved().newest_first().first()
        if found is None and versions.exists():
            raise WrongState(
                f"No version of the rubric {rubric_id} is approved. Approve one before grading.", code="not_approved"
            )
    else:
        found = versions.numbered(_version_number(version)).first()
    if found is None:
        raise _no_such_rubric(rubric_id, version)
    if found.status != RubricStatus.APPROVED:
        raise WrongState(
            f"The rubric {_shown(rubric_id, version)} is {found.status}. Only an approved version can grade.",
            code="not_approved",
        )
    return found


def _shown(rubric_id: str, version: str | None) -> str:
    return rubric_id[:100] if version is None else f"{rubric_id[:100]} {version[:20]}"


def _version_number(version: str) -> SemanticVersion:
    try:
        return SemanticVersion.parse(version)
    except Malformed as error:
        raise Malformed(error.message, fields=(FieldProblem("rubric_version", error.message),)) from error


@transaction.atomic
def rubric_version_revise(
    *, base: RubricVersion, content: Mapping[str, Any], author_id: int | None, at: datetime
) -> RubricVersion:
    """Store changed content as the next draft.

    The version is the one the author wrote when it is newer than every other, else the next patch. Two revisions of
    one base, made at once, become two versions: neither is lost.
    """
    Rubric.objects.select_for_update().get(pk=base.rubric_id)
    rubric_id = base.rubric.rubric_id
    newest = newest_version(rubric_id=rubric_id)
    wanted = _wanted_version(content)
    number = wanted if wanted is not None and wanted > newest.number else newest.number.next_patch()
    stateless = {key: value for key, value in content.items() if key not in STATE_FIELDS}
    document = rubric_from_mapping({**stateless, "rubric_id": rubric_id, "version": str(number)})
    return rubric_version_create(document=document, author_id=author_id, at=at)


def _wanted_version(content: Mapping[str, Any]) -> SemanticVersion | None:
    version = content.get("version")
    return SemanticVersion.parse(version) if isinstance(version, str) else None


@transaction.atomic
def rubric_version_archive(*, rubric_version: RubricVersion, at: datetime) -> RubricVersion:
    """Take an approved version out of use; gradings made with it stay. Raises WrongState for anything else."""
    version = RubricVersion.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=rubric_version.pk)
    if version.status != RubricStatus.APPROVED:
        raise WrongState(f"{version} is {version.status}, and only an approved version can be archived.")
    version.status, version.updated_at = RubricStatus.ARCHIVED, at
    version.save(update_fields=["status", "updated_at"])
    return RubricVersion.objects.select_related("rubric").get(pk=version.pk)


@transaction.atomic
def rubric_version_delete(*, rubric_version: RubricVersion) -> None:
    """Delete a draft. Raises WrongState for what was approved, and for a draft that an assessment refers to."""
    version = RubricVersion.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=rubric_version.pk)
    if version.status != RubricStatus.DRAFT:
        raise WrongState(f"{version} is {version.status}. Only drafts can be deleted; archive it instead.")
    try:
        version.delete()
    except ProtectedError as error:
        raise WrongState(f"{version} is used by an assessment. Give that one another version first.") from error


def newest_version(*, rubric_id: str) -> RubricVersion:
    """The highest version, whatever its state. Raises NotFound."""
    found = RubricVersion.objects.of(rubric_id).newest_first().first()
    if found is None:
        raise _no_such_rubric(rubric_id, None)
    return found


def rubric_version_read(*, rubric_id: str, version: str | None) -> RubricVersion:
    """The version asked for, else the latest approved one. Raises NotFound, Malformed for what is not a version."""
    versions = RubricVersion.objects.of(rubric_id)
    if version is not None:
        found = versions.numbered(_version_number(version)).first()
    else:
        found = versions.approved().newest_first().first()
        if found is None and versions.exists():
            raise NotFound(f"No version of {rubric_id} is approved. Ask for one of its drafts with ?version=X.Y.Z.")
    if found is None:
        raise _no_such_rubric(rubric_id, version)
    return found


def rubric_version_to_edit(*, rubric_id: str, version: str | None) -> RubricVersion:
    """The version asked for, else the newest one, whatever its state."""
    if version is None:
        return newest_version(rubric_id=rubric_id)
    return rubric_version_read(rubric_id=rubric_id, version=version)


def _no_such_rubric(rubric_id: str, version: str | None) -> NotFound:
    return NotFound(f"There is no rubric {_shown(rubric_id, version)}. List the rubrics to find its name.")
