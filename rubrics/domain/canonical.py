"""Canonical JSON: one text, and so one SHA-256, for equal content.

Sorted keys, UTF-8, no spaces, decimals as strings of four places (a decimal that needs more keeps them all, so that
two different numbers never share a text). Binary floats are refused: 0.1 + 0.2 has no business in a fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

_REFUSED = "canonical JSON holds objects, lists, strings, whole numbers, Decimals, booleans and null, not {}"

_FOUR_PLACES = Decimal("0.0001")

Canonical = Mapping[str, "Canonical"] | Sequence["Canonical"] | str | int | bool | Decimal | None


def canonical_json(value: Canonical) -> str:
    """The canonical text of a value.

    >>> canonical_json({"b": Decimal("0.5"), "a": ["µ", 1, None]})
    '{"a":["µ",1,null],"b":"0.5000"}'
    """
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def canonical_sha256(value: Canonical) -> str:
    return hashlib.sha256(canonical_json(value).encode("utf-8")).hexdigest()


def text_sha256(text: str) -> str:
    """Lone surrogates (a broken UTF-16 export) are hashed as they are instead of failing."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def decimal_text(value: Decimal) -> str:
    """Four places, or as many as the number needs.

    >>> decimal_text(Decimal("0.2")), decimal_text(Decimal("0.33333"))
    ('0.2000', '0.33333')
    """
    short = value.quantize(_FOUR_PLACES)
    return str(short) if short == value else format(value.normalize(), "f")


def _plain(value: Canonical) -> object:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    raise TypeError(_REFUSED.format(type(value).__name__))
