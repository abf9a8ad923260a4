"""Is the summary succinct and complete? (contract 6.5, docs/algorithms/summary.md)"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from rubrics.domain.document import ElementKind, Summary, SummaryElement
from rubrics.domain.elements import read_element
from rubrics.domain.patterns import find_shortest
from scoring.domain.evidence import AnyEvidence, Evidence, SummaryEvidence
from scoring.domain.findings import Polarity, distinct_findings
from scoring.domain.segmentation.section import Section
from scoring.domain.transcript.model import Speaker, Utterance

_WORD = re.compile(r"\d+(?:[.,:/]\d+)*[^\W_]*(?:['’\-–][^\W_]+)*|[^\W_]+(?:['’\-–.][^\W_]+)*")


class SummarySource(StrEnum):
    SUBMITTED = "submitted"
    SPOKEN = "spoken"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the judged summary; turn None is the written one."""

    turn: int | None
    text: str

    def evidence(self, start: int, end: int) -> AnyEvidence:
        return SummaryEvidence(start, end) if self.turn is None else Evidence(self.turn, start, end)


@dataclass(frozen=True, slots=True)
class JudgedSummary:
    """tokens: words, in which a hyphenated word, a contraction and a number count one each."""

    source: SummarySource
    passages: tuple[Passage, ...]
    tokens: int

    def whole(self) -> tuple[AnyEvidence, ...]:
        return tuple(passage.evidence(0, len(passage.text)) for passage in self.passages)


@dataclass(frozen=True, slots=True)
class ElementResult:
    """matched None: no machine can check it. count: distinct findings, for the kinds that count."""

    element: SummaryElement
    kind: ElementKind | None
    matched: bool | None
    count: int | None
    min_count: int | None
    evidence: tuple[AnyEvidence, ...]


@dataclass(frozen=True, slots=True)
class SummaryScore:
    score: Fraction
    succinctness: Fraction
    elements_score: Fraction
    judged: JudgedSummary
    elements: tuple[ElementResult, ...]


def count_words(text: str) -> int:
    """Words as a reader counts them.

    >>> count_words("A 54-year-old man can't climb 2.5 flights: BP 180/95.")
    9
    """
    return sum(1 for _ in _WORD.finditer(text))


def summary_source(
    utterances: Sequence[Utterance], sections: Sequence[Section | None], summary_text: str | None
) -> JudgedSummary:
    """The text that is judged: what was handed in, else what the student said in the summary section, else nothing."""
    if summary_text is not None and summary_text.strip():
        return JudgedSummary(SummarySource.SUBMITTED, (Passage(None, summary_text),), count_words(summary_text))
    spoken = tuple(
        Passage(u.turn, u.text)
        for u, section in zip(utterances, sections, strict=True)
        if u.speaker is Speaker.STUDENT and section is Section.SUMMARY
    )
    tokens = sum(count_words(passage.text) for passage in spoken)
    return JudgedSummary(SummarySource.SPOKEN if spoken else SummarySource.NONE, spoken, tokens)


def score_summary(
    summary: Summary, utterances: Sequence[Utterance], sections: Sequence[Section | None], summary_text: str | None
) -> SummaryScore:
    """score = (succinctness + matched / checkable) / 2; nothing to judge: 0; nothing checkable: elements count 1."""
    judged = summary_source(utterances, sections, summary_text)
    elements = tuple(_check(element, judged) for element in summary.required_elements)
    if judged.source is SummarySource.NONE:
        return SummaryScore(Fraction(0), Fraction(0), Fraction(0), judged, elements)
    overflow = max(0, judged.tokens - summary.max_tokens)
    succinctness = max(Fraction(0), 1 - overflow / Fraction(summary.overflow_divisor))
    checkable = [result for result in elements if result.matched is not None]
    matched = Fraction(sum(bool(r.matched) for r in checkable), len(checkable)) if checkable else Fraction(1)
    return SummaryScore((succinctness + matched) / 2, succinctness, matched, judged, elements)


def _check(element: SummaryElement, judged: JudgedSummary) -> ElementResult:
    reading = read_element(element)
    if reading.kind is None:
        return ElementResult(element, None, None, None, None, ())
    if reading.kind in (ElementKind.POSITIVE_FINDINGS, ElementKind.NEGATIVE_FINDINGS):
        polarity = Polarity.AFFIRMED if reading.kind is ElementKind.POSITIVE_FINDINGS else Polarity.NEGATED
        return _count_findings(element, reading.kind, reading.min_count, polarity, judged)
    spans = list(_found(element, reading.kind, judged))
    return ElementResult(element, reading.kind, bool(spans), None, None, tuple(spans[:1]))


def _found(element: SummaryElement, kind: ElementKind, judged: JudgedSummary) -> Iterator[AnyEvidence]:
    for passage in judged.passages:
        if kind is ElementKind.PATTERN:
            span = find_shortest(element.pattern or "", passage.text)
        else:
            span = find_phrase(element.phrases or (), passage.text)
        if span is not None:
            yield passage.evidence(*span)


def find_phrase(phrases: Sequence[str], text: str) -> tuple[int, int] | None:
    """The earliest whole-word occurrence of any phrase, whatever its case or spacing: “no” is not in “diagnosis”."""
    spans = []
    for phrase in phrases:
        words = r"\s+".join(re.escape(word) for word in phrase.split())
        found = re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE)
        if found is not None:
            spans.append(found.span())
    return min(spans, default=None)


def _count_findings(
    element: SummaryElement, kind: ElementKind, min_count: int, polarity: Polarity, judged: JudgedSummary
) -> ElementResult:
    first: dict[str, AnyEvidence] = {}
    for passage in judged.passages:
        for finding in distinct_findings(passage.text, polarity):
            first.setdefault(finding.concept, passage.evidence(finding.start, finding.end))
    return ElementResult(element, kind, len(first) >= min_count, len(first), min_count, tuple(first.values()))
