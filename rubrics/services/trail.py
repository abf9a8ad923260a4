"""What the audit trail keeps of rubrics. Documents stay out of it: the version names them, and its hash proves them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from rubrics.audit import AuditEvent, record
from rubrics.models import RubricVersion


class RubricAct(StrEnum):
    CREATE = "create rubric version"
    RENUMBER = "renumber rubric draft"
    APPROVE = "approve rubric version"
    ARCHIVE = "archive rubric version"
    DELETE = "delete rubric draft"
    ROLL_BACK = "roll back rubric"
    COPY = "copy rubric"


def note(
    act: RubricAct, version: RubricVersion, *, actor: str, at: datetime, **detail: str | int | bool | None
) -> None:
    """Record an act on a version, in the transaction that does it."""
    record(
        AuditEvent(
            actor=actor,
            action=act,
            object_type="rubric_version",
            object_id=str(version),
            at=at,
            detail={"status": version.status, "content_sha256": version.content_sha256, **detail},
        )
    )
