"""Which version is meant: the one asked for, the newest, the one that grades."""

from __future__ import annotations

from rubrics.domain.document import RubricStatus
from rubrics.domain.errors import FieldProblem, Malformed, NotFound, WrongState
from rubrics.domain.semver import SemanticVersion
from rubrics.models import RubricVersion


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


def _version_number(version: str) -> SemanticVersion:
    try:
        return SemanticVersion.parse(version)
    except Malformed as error:
        raise Malformed(error.message, fields=(FieldProblem("rubric_version", error.message),)) from error


def _shown(rubric_id: str, version: str | None) -> str:
    return rubric_id[:100] if version is None else f"{rubric_id[:100]} {version[:20]}"


def _no_such_rubric(rubric_id: str, version: str | None) -> NotFound:
    return NotFound(f"There is no rubric {_shown(rubric_id, version)}. List the rubrics to find its name.")
