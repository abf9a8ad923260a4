"""Everything that changes people, keys and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from grader.env import SettingError
from grader.models import ApiKey, AuditEntry, Scope
from rubrics.audit import AuditEvent, actor_of, record

MAX_NAME = 50
BOOTSTRAP_NAME = "bootstrap (API_KEY)"


def api_key_create(*, name: str, scopes: Sequence[str]) -> tuple[ApiKey, str]:
    """The key's row, and the key itself, which is not kept and can't be shown again."""
    row = ApiKey(name=name[:MAX_NAME], scopes=list(scopes))
    key = ApiKey.objects.assign_key(row)
    row.save()
    return row, key


@transaction.atomic
def bootstrap_key_register(*, key: str, at: datetime) -> bool:
    """Let the key that the environment names be one of all scopes; whether it is new.

    There is one such key: another value revokes the one before it. One that a person revoked stays revoked.
    Raises SettingError when a different key begins with the same characters, by which keys are found.
    """
    prefix = ApiKey.prefix_of(key)
    hashed = ApiKey.objects.key_generator.hash(key)
    defaults = {
        "id": f"{prefix}.{hashed}",
        "name": BOOTSTRAP_NAME,
        "hashed_key": hashed,
        "scopes": list(Scope.values),
    }
    row, is_new = ApiKey.objects.get_or_create(prefix=prefix, defaults=defaults)
    if not is_new:
        if not row.is_valid(key):
            raise SettingError(
                "API_KEY begins like another key, and keys are told apart by their first eight characters: "
                "type another one."
            )
        return False
    ApiKey.objects.filter(name=BOOTSTRAP_NAME, revoked=False).exclude(pk=row.pk).update(revoked=True)
    record(AuditEvent(actor=actor_of(None), action="register API key", object_type="API key", object_id=prefix, at=at))
    return True


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
