"""The gate: a sentence of feedback exists only with a rubric anchor and verbatim quotations (contract 6.7).

`FeedbackItem` verifies itself when it is made, against the sources of its grading; there is no other way to make one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from scoring.domain.citations import Citations, Quote, Sources
from scoring.domain.terms import Severity


class ItemType(StrEnum):
    VIOLATION = "violation"
    SUCCESS = "success"


class CitationRejected(Exception):
    """An item whose anchor is not in the rubric version, or whose quotation is not verbatim at its span."""


@dataclass(frozen=True, slots=True)
class FeedbackItem:
    """One sentence or two for the student. severity is None for a success.

    Raises CitationRejected when it is made without a rubric anchor, with an anchor that the rubric version does not
    have, with a student citation of another kind, or with a quotation that is not in the text where it says.
    """

    type: ItemType
    severity: Severity | None
    text: str
    citations: Citations
    evidence: tuple[Quote, ...]
    sources: Sources = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if (self.severity is None) != (self.type is ItemType.SUCCESS):
            raise ValueError("a violation has a severity and a success has none")
        _verify_anchors(self.citations, self.sources)
        _verify_student_citations(self.citations)
        for quote in self.evidence:
            _verify_quote(quote, self.sources)


def _verify_anchors(citations: Citations, sources: Sources) -> None:
    known = {f"rubric://{sources.rubric_id}{anchor}" for anchor in sources.anchors}
    unknown = [uri for uri in citations.rubric if uri not in known]
    if unknown or not citations.rubric:
        raise CitationRejected(f"anchor not in the rubric: {', '.join(unknown) or 'none given'}")


def _verify_student_citations(citations: Citations) -> None:
    for uri in citations.student:
        if not uri.startswith(("student://oral#", "student://summary#")) or uri.count("#") != 1:
            raise CitationRejected(f"not a student citation: {uri}")


def _verify_quote(quote: Quote, sources: Sources) -> None:
    text = sources.text(quote.source)
    in_bounds = 0 <= quote.start < quote.end <= len(text)
    if not in_bounds or text[quote.start : quote.end] != quote.quote:
        raise CitationRejected(f"not verbatim at {quote.source} {quote.start}–{quote.end}")
