"""How what is done to an assessment is told to the audit trail."""

from __future__ import annotations

from datetime import datetime

from rubrics.audit import AuditEvent, Detail, record
from scoring.access import Viewer
from scoring.models import Assessment


def assessment_event(assessment: Assessment, action: str, viewer: Viewer, at: datetime, detail: Detail) -> None:
    record(
        AuditEvent(
            actor=viewer.label,
            action=action,
            object_type="assessment",
            object_id=str(assessment.pk),
            at=at,
            detail=detail,
        )
    )
