"""Data keys, unwrapped: read from the database once a process, so that opening a rubric costs no query."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.apps import apps

from rubrics.domain.sealing import NONCE_BYTES, SealBroken, seal, sealed_with, unseal
from rubrics.wrapping import configured_wrapper

if TYPE_CHECKING:
    from rubrics.models import RubricKey

_lock = threading.Lock()
_keys: dict[str, bytes] = {}


def sealed_for_storage(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Under the newest data key; unchanged where rubrics are not encrypted.

    Raises SealBroken when they are to be and no data key was made: a rubric is never stored in the clear by mistake.
    """
    if configured_wrapper() is None:
        return document
    newest = _table().objects.order_by("-created_at", "-id").first()
    if newest is None:
        raise SealBroken("Rubrics are to be encrypted and there is no data key yet: run `python manage.py migrate`.")
    key_id = str(newest.pk)
    return seal(document, key=data_key(key_id), key_id=key_id, nonce=secrets.token_bytes(NONCE_BYTES))


def opened_from_storage(stored: Mapping[str, Any]) -> dict[str, Any]:
    return unseal(stored, key=data_key(sealed_with(stored)))


def data_key(key_id: str) -> bytes:
    """Unwrapped; raises SealBroken when it is unknown, or wrapped under a key that this process does not have."""
    with _lock:
        if key_id not in _keys:
            _keys[key_id] = _unwrapped(key_id)
        return _keys[key_id]


def _unwrapped(key_id: str) -> bytes:
    wrapper = configured_wrapper()
    if wrapper is None:
        raise SealBroken("This rubric is encrypted: set RUBRIC_ENCRYPTION_KEY or RUBRIC_ENCRYPTION_KMS_KEY.")
    row = _table().objects.filter(pk=key_id).first()
    if row is None:
        raise SealBroken(f"Data key {key_id} is missing from the database: restore it from a backup.")
    return wrapper.unwrap(bytes(row.wrapped), wrapped_by=row.wrapped_by)


def _table() -> type[RubricKey]:
    # The model's module imports the field that this module serves.
    return apps.get_model("rubrics", "RubricKey")
