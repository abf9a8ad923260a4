"""Who wraps the data keys: a key from the environment, or AWS KMS. Which one is a setting."""

from __future__ import annotations

import functools
import secrets
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from django.conf import settings

from rubrics.domain.sealing import NONCE_BYTES, SealBroken, unwrap, wrap, wrapping_key, wrapping_key_id

_KMS = "kms:"


class Wrapper(Protocol):
    """name: under which key it wraps now, as stored beside what it wrapped."""

    @property
    def name(self) -> str: ...

    def wrap(self, data_key: bytes) -> bytes: ...

    def unwrap(self, wrapped: bytes, *, wrapped_by: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class LocalWrapper:
    """The key of RUBRIC_ENCRYPTION_KEY; what the one before wrapped is opened too, until it is wrapped anew."""

    key: bytes
    previous: bytes | None = None

    @property
    def name(self) -> str:
        return wrapping_key_id(self.key)

    def wrap(self, data_key: bytes) -> bytes:
        return wrap(data_key, under=self.key, nonce=secrets.token_bytes(NONCE_BYTES))

    def unwrap(self, wrapped: bytes, *, wrapped_by: str) -> bytes:
        for key in (self.key, self.previous):
            if key is not None and wrapping_key_id(key) == wrapped_by:
                return unwrap(wrapped, under=key)
        raise SealBroken(
            f"A data key is wrapped under {wrapped_by}, which this process does not have: set "
            "RUBRIC_ENCRYPTION_KEY_PREVIOUS to that key."
        )


class RemoteKey(Protocol):
    """A key that wraps without being seen: KMS."""

    def encrypt(self, data_key: bytes) -> bytes: ...

    def decrypt(self, wrapped: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class RemoteWrapper:
    """Data keys are unwrapped there once a process, not once a rubric.

    What RUBRIC_ENCRYPTION_KEY_PREVIOUS wrapped is opened too, so that a school can move from its own key to KMS.
    """

    name: str
    remote: RemoteKey
    previous: bytes | None = None

    def wrap(self, data_key: bytes) -> bytes:
        return self.remote.encrypt(data_key)

    def unwrap(self, wrapped: bytes, *, wrapped_by: str) -> bytes:
        if wrapped_by.startswith(_KMS):
            return self.remote.decrypt(wrapped)
        if self.previous is None:
            raise SealBroken(
                f"A data key is wrapped under {wrapped_by}, not in KMS: set RUBRIC_ENCRYPTION_KEY_PREVIOUS to that key."
            )
        return LocalWrapper(self.previous).unwrap(wrapped, wrapped_by=wrapped_by)


def configured_wrapper() -> Wrapper | None:
    """None when rubrics are not encrypted."""
    return _wrapper(
        settings.RUBRIC_ENCRYPTION_KEY, settings.RUBRIC_ENCRYPTION_KEY_PREVIOUS, settings.RUBRIC_ENCRYPTION_KMS_KEY
    )


@functools.lru_cache(maxsize=4)
def _wrapper(key: str, previous: str, kms_key: str) -> Wrapper | None:
    before = wrapping_key(previous) if previous else None
    if kms_key:
        remote: RemoteKey = import_module("rubrics.kms").Kms(kms_key)
        return RemoteWrapper(f"{_KMS}{kms_key}", remote, before)
    return LocalWrapper(wrapping_key(key), before) if key else None
