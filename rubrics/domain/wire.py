"""What the JSON Schema of the document says beyond its types: rules that its validators enforce."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from pydantic import ConfigDict, StringConstraints

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")

SHOWS = r"[^\x00-\x20\x7f-\xa0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
"""One character that is no white space, by anybody's definition of it."""

VISIBLE = StringConstraints(pattern=rf"^[^\x00]*{SHOWS}[^\x00]*$")
"""A text that is not blank."""

_SPACE = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
ANCHOR = rf"^[{_SPACE}]*#[^#{_SPACE}\x00-\x1f\x7f-\x9f\ufeff]{{1,200}}[{_SPACE}]*$"
"""A name such as #A.1; the spaces around it are cut off. Spelled out because \\s differs between programs."""


def rules(*found: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"allOf": list(found)})


def needs(kind: str, *fields: str) -> dict[str, Any]:
    """A part of this kind has these fields, and not as null."""
    return {
        "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
        "then": {"required": list(fields), "properties": {name: {"not": {"type": "null"}} for name in fields}},
    }


def written_moment(value: object) -> object:
    """Refuses a number, which would be taken for seconds since 1970."""
    if not isinstance(value, str | datetime) or (isinstance(value, str) and not _WRITTEN.match(value)):
        raise ValueError("Write a moment, such as 2026-11-01T09:00:00Z.")
    return value
