"""Learnt weights as they are released: text tables beside the code, each pinned by its SHA-256."""

from __future__ import annotations

import hashlib
from importlib.resources import files


class SegmenterFileError(RuntimeError):
    """A weights file is not the one this version was released with: its labels would silently differ."""


def released_text(name: str, sha256: str) -> str:
    """The content of data file `name`; SegmenterFileError when its SHA-256 is not `sha256`."""
    content = files(__package__).joinpath(name).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SegmenterFileError(f"{name} does not match its pinned SHA-256: restore it from the release.")
    return content.decode("utf-8")


def table_rows(text: str) -> list[list[str]]:
    """The tab-separated rows of a weights file, without its `#` comments."""
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
