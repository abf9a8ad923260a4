"""Where something was said or written. Turned into quotations by `scoring.domain.citations` alone."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.domain.matching.model import Evidence

__all__ = ["AnyEvidence", "Evidence", "SummaryEvidence"]


@dataclass(frozen=True, slots=True)
class SummaryEvidence:
    """[start, end) in the summary text that was handed in."""

    start: int
    end: int


AnyEvidence = Evidence | SummaryEvidence
