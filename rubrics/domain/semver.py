"""Semantic versions of rubrics: X.Y.Z, compared by number (1.10.0 comes after 1.9.0)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rubrics.domain.errors import Malformed

_SHAPE = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True, order=True)
class SemanticVersion:
    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> SemanticVersion:
        """Raises Malformed; `v1.0.0`, `1.0` and `01.0.0` are not versions."""
        shape = _SHAPE.fullmatch(text)
        if shape is None:
            raise Malformed(f"“{text[:40]}” is not a version. Write three numbers with dots, such as 1.2.0.")
        return cls(*(int(part) for part in shape.groups()))

    def next_patch(self) -> SemanticVersion:
        return SemanticVersion(self.major, self.minor, self.patch + 1)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"
