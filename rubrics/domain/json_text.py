"""Reading JSON strictly: what is stored must be what its author sees in the file."""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from typing import Any

from rubrics.domain.errors import Malformed

_EXPONENTS = range(-324, 309)
"""As far as other programs' floating-point numbers reach; 1e-999999999 as a fraction would fill the memory."""


_NULL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_NULL_IN_BYTES = re.compile(_NULL.pattern.encode())
"""The escape of NUL: behind an even number of backslashes, which are characters of their own."""


def strict_json(raw: str | bytes, *, null_characters: bool = False) -> Any:
    """JSON with exact decimals. Raises Malformed.

    Duplicate keys, NaN and infinities are refused, and \\u0000, which a database can't store, unless the caller looks
    for it itself.
    """
    if not null_characters and _holds_null(raw):
        raise Malformed("This JSON holds the character \\u0000, which can't be stored. Remove it.")
    try:
        return json.loads(raw, parse_float=_exact, parse_constant=_refuse_constant, object_pairs_hook=_unique_keys)
    except (UnicodeDecodeError, RecursionError) as error:
        raise Malformed("This is not readable JSON. Save it as UTF-8 JSON and try again.") from error
    except json.JSONDecodeError as error:
        raise Malformed(f"This is not JSON: {error.msg} at line {error.lineno}.") from error
    except ValueError as error:
        raise Malformed("This JSON holds a number with thousands of digits. Write an ordinary number.") from error


def _holds_null(raw: str | bytes) -> bool:
    return bool(_NULL.search(raw) if isinstance(raw, str) else _NULL_IN_BYTES.search(raw))


def _exact(number: str) -> Decimal | int:
    """5.0 is the whole number 5, as JSON Schema has it."""
    exact = Decimal(number)
    if exact and exact.adjusted() not in _EXPONENTS:
        raise Malformed("This JSON holds a number too large or too small to compute with. Write an ordinary number.")
    return int(exact) if exact == exact.to_integral_value() else exact


def _refuse_constant(name: str) -> Any:
    raise Malformed(f"{name} is not a number that JSON has. Write an ordinary number, or null.")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        repeated = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise Malformed(f"The key “{repeated}” appears twice in one object. Keep one of them.")
    return found
