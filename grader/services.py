"""Everything that changes people, keys and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from grader.env import SettingError
from grader.models import ApiKey, AuditEntry, Scope, User
from rubrics.audit import AuditEvent, actor_of, record

MAX_NAME = 50
BOOTSTRAP_NAME = "bootstrap (API_KEY)"
LAST_USED_RESOLUTION = timedelta(minutes=1)


@transaction.atomic
def api_key_create(
    *,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None = None,
    created_by: User | None = None,
    actor: str = actor_of(None),
    at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """The key's row, and the key itself, which is not kept and can't be shown again. expires_at None: never."""
    row = ApiKey(name=name[:MAX_NAME], scopes=list(scopes), expiry_date=expires_at, created_by=created_by)
    key = api_key_assign(row=row, actor=actor, at=at or timezone.now())
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


@transaction.atomic
def api_key_assign(*, row: ApiKey, actor: str, at: datetime) -> str:
    """Store a new row with a key of its own; the one place where the key itself is known."""
    key: str = ApiKey.objects.assign_key(row)
    row.save()
    _note_key("create API key", row, actor, at, scopes=",".join(row.scopes))
    return key


@transaction.atomic
def api_key_revoke(*, key: ApiKey, actor: str, at: datetime) -> None:
    """From the next request on the key is refused. There is no way back: make another key. Twice is once."""
    revoked = ApiKey.objects.filter(pk=key.pk, revoked=False).update(revoked=True)
    if revoked:
        _note_key("revoke API key", key, actor, at)


def api_key_note_use(*, key: ApiKey, at: datetime) -> None:
    """Once a minute is enough to see that a key is alive, and spares a write for every request."""
    if key.last_used_at is None or at - key.last_used_at > LAST_USED_RESOLUTION:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)


def _note_key(action: str, key: ApiKey, actor: str, at: datetime, **detail: str) -> None:
    """By its prefix: neither the key nor its name, which may be a person's, belongs into the trail."""
    record(AuditEvent(actor, action, "api key", key.prefix, at, detail))


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
