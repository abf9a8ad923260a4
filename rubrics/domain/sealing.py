"""Encryption of rubric content at rest: what a sealed document looks like, and how a data key is wrapped.

A document is sealed once, under a data key, and never again: rotating the school's key wraps the data keys anew and
leaves every rubric as it is. AES-256-GCM throughout (NIST SP 800-38D), with a nonce of 96 bits that must be random
and is the caller's to draw. Whoever alters a sealed document or gives it another key's name is found out when it is
opened.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
_SEALED = "sealed"
_WRAPPED_FOR = b"med-ed-op-grader rubric data key"


class SealBroken(Exception):
    """A document or key that can not be opened; the text says what to do and holds nothing of either."""


def is_sealed(stored: object) -> bool:
    """Whether this is the form `seal` gives; a rubric document has other fields and is never mistaken for it."""
    return isinstance(stored, Mapping) and set(stored) == {_SEALED}


def seal(document: Mapping[str, Any], *, key: bytes, key_id: str, nonce: bytes) -> dict[str, Any]:
    plain = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    cipher = AESGCM(key).encrypt(nonce, plain, key_id.encode())
    return {_SEALED: {"key": key_id, "nonce": _text(nonce), "text": _text(cipher)}}


def sealed_with(stored: Mapping[str, Any]) -> str:
    """The id of the data key that opens it. Raises SealBroken for what is not sealed as `seal` does it."""
    try:
        return str(stored[_SEALED]["key"])
    except (KeyError, TypeError):
        raise SealBroken("This rubric's sealed content is damaged: restore it from a backup.") from None


def unseal(stored: Mapping[str, Any], *, key: bytes) -> dict[str, Any]:
    """Raises SealBroken when key and document do not belong together, or either was altered."""
    key_id = sealed_with(stored)
    try:
        nonce, cipher = (base64.b64decode(stored[_SEALED][part], validate=True) for part in ("nonce", "text"))
        plain = AESGCM(key).decrypt(nonce, cipher, key_id.encode())
    except (KeyError, TypeError, ValueError, binascii.Error, InvalidTag):
        raise SealBroken(f"The content sealed with data key {key_id} was altered: restore it from a backup.") from None
    return dict(json.loads(plain))


def wrapping_key(text: str) -> bytes:
    """The school's key from its base64 text; ValueError unless it is exactly 32 bytes.

    >>> len(wrapping_key("A" * 43 + "="))
    32
    """
    key = base64.b64decode(text, altchars=b"-_", validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError(f"{len(key)} bytes instead of {KEY_BYTES}")
    return key


def wrapping_key_id(key: bytes) -> str:
    """Names a key without giving it away, so that it is known which one opens what."""
    return f"local:{hashlib.sha256(_WRAPPED_FOR + key).hexdigest()[:16]}"


def wrap(data_key: bytes, *, under: bytes, nonce: bytes) -> bytes:
    return nonce + AESGCM(under).encrypt(nonce, data_key, _WRAPPED_FOR)


def unwrap(wrapped: bytes, *, under: bytes) -> bytes:
    """Raises SealBroken for another key's wrapping, or an altered one."""
    try:
        return AESGCM(under).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _WRAPPED_FOR)
    except (ValueError, InvalidTag):
        raise SealBroken("A data key was altered, or wrapped under another key: restore it from a backup.") from None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
