"""The engine's version: it changes with any change of results, and with nothing else.

The golden gradings in tests/golden show when results changed; whoever changes them raises this number.
"""

from __future__ import annotations

from dataclasses import dataclass

from rubrics.domain.canonical import canonical_sha256
from scoring.domain.matching.own_words import OwnWords

ENGINE_VERSION = "1.2.0"


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine as a school runs it. school: its own words, known in every rubric."""

    school: OwnWords = ()

    @property
    def version(self) -> str:
        """A school's words change results, so they are part of the version: “1.2.0+school.1f0c…”."""
        if not self.school:
            return ENGINE_VERSION
        words = [[term, list(synonyms)] for term, synonyms in self.school]
        return f"{ENGINE_VERSION}+school.{canonical_sha256({'school': words})[:12]}"


STANDARD = Engine()
