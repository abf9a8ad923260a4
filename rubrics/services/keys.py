"""The keys that rubric content is sealed with: making the first one, and wrapping them anew."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from rubrics import keyring
from rubrics.audit import AuditEvent, actor_of, record
from rubrics.domain.errors import WrongState
from rubrics.domain.sealing import KEY_BYTES
from rubrics.models import RubricKey
from rubrics.wrapping import Wrapper, configured_wrapper


@dataclass(frozen=True, slots=True)
class KeyRotation:
    """wrapped_anew: keys that another key had wrapped; kept: those that were up to date already."""

    wrapped_anew: int
    kept: int
    made: int


@transaction.atomic
def rubric_key_ensure(*, at: datetime) -> None:
    """Make the first data key where rubrics are to be encrypted; several processes at once must take turns."""
    wrapper = configured_wrapper()
    if wrapper is not None and not RubricKey.objects.exists():
        _make(wrapper, at)


@transaction.atomic
def rubric_keys_rotate(*, with_new_data_key: bool, at: datetime) -> KeyRotation:
    """Wrap every data key under the school's present key, all or none; no rubric is touched or even read.

    with_new_data_key: seal what is written from now on under a fresh key; older rubrics keep theirs. Raises WrongState
    where rubrics are not encrypted, SealBroken for a key that can not be unwrapped.
    """
    wrapper = configured_wrapper()
    if wrapper is None:
        raise WrongState("Rubrics are not encrypted here: set RUBRIC_ENCRYPTION_KEY or RUBRIC_ENCRYPTION_KMS_KEY.")
    rows = list(RubricKey.objects.select_for_update())
    stale = [row for row in rows if row.wrapped_by != wrapper.name]
    for row in stale:
        row.wrapped = wrapper.wrap(wrapper.unwrap(bytes(row.wrapped), wrapped_by=row.wrapped_by))
        row.wrapped_by = wrapper.name
        row.save(update_fields=["wrapped", "wrapped_by"])
    if with_new_data_key:
        _make(wrapper, at)
    _record(len(stale), with_new_data_key=with_new_data_key, at=at)
    return KeyRotation(wrapped_anew=len(stale), kept=len(rows) - len(stale), made=int(with_new_data_key))


def rubric_keys_check() -> str:
    """Open every data key; says how many. Raises SealBroken when one can't be opened by this process."""
    if configured_wrapper() is None and not RubricKey.objects.exists():
        return "not encrypted"
    keys = [str(key) for key in RubricKey.objects.values_list("pk", flat=True)]
    for key_id in keys:
        keyring.data_key(key_id)
    return "1 data key opens" if len(keys) == 1 else f"{len(keys)} data keys open"


def _make(wrapper: Wrapper, at: datetime) -> None:
    RubricKey.objects.create(
        wrapped=wrapper.wrap(secrets.token_bytes(KEY_BYTES)), wrapped_by=wrapper.name, created_at=at
    )


def _record(wrapped_anew: int, *, with_new_data_key: bool, at: datetime) -> None:
    record(
        AuditEvent(
            actor=actor_of(None),
            action="rotate rubric keys",
            object_type="rubric keys",
            object_id="all",
            at=at,
            detail={"wrapped_anew": wrapped_anew, "new_data_key": with_new_data_key},
        )
    )
