"""Everything that changes people, keys and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence

from grader.models import ApiKey, AuditEntry
from rubrics.audit import AuditEvent

MAX_NAME = 50


def api_key_create(*, name: str, scopes: Sequence[str]) -> tuple[ApiKey, str]:
    """The key's row, and the key itself, which is not kept and can't be shown again."""
    row = ApiKey(name=name[:MAX_NAME], scopes=list(scopes))
    key = ApiKey.objects.assign_key(row)
    row.save()
    return row, key


def audit_entry_create(event: AuditEvent) -> None:
    """Add to the trail, in the transaction of the act: either both happened or neither."""
    AuditEntry.objects.create(
        at=event.at,
        actor=event.actor,
        action=event.action,
        object_type=event.object_type,
        object_id=event.object_id,
        detail=dict(event.detail),
    )
