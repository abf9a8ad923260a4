"""Is the summary succinct and complete? (contract 6.5, docs/algorithms/summary.md)"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from rubrics.domain.document import ElementKind, Summary, SummaryElement
from rubrics.domain.elements import read_element
from rubrics.domain.patterns import find_all, find_shortest
from scoring.domain.evidence import AnyEvidence, SummaryEvidence
from scoring.domain.findings import Finding, Polarity, find_findings, specific_concepts
from scoring.domain.formulas import elements_share, succinctness_share, summary_share
from scoring.domain.segmentation.section import Section
from scoring.domain.transcript.model import Speaker, Utterance
from scoring.domain.windows import Window

Span = tuple[int, int]

_LETTERS = "(?:[^\\W_][\u0300-\u036f]*)+"
_WORD = re.compile(
    r"\d+(?:[.,:/]\d+)*(?:LETTERS)?(?:['’\-‐‑–]LETTERS)*"  # 3.5, 10/10, 1,000, 09:40, 5mg, 3–5, 2-year-old
    r"|(?:[^\W\d_]\.)+[^\W\d_]\b"  # e.g, p.m
    r"|LETTERS(?:['’\-‐‑–]LETTERS)*".replace("LETTERS", _LETTERS)
)
_APOSTROPHE = "['’ʼ]"
_GAP = r"[\s‐‑–-]+"
LONGEST_READ = 60_000
"""Characters of a summary in which findings are looked for; one of 120 words has some 800."""


class SummarySource(StrEnum):
    SUBMITTED = "submitted"
    SPOKEN = "spoken"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class JudgedSummary:
    """written: the text that was handed in, "" unless it is judged. spoken: the turns that are judged otherwise.

    tokens: words, in which a hyphenated word, a contraction and a number count one each.
    """

    source: SummarySource
    written: str
    spoken: Window
    tokens: int

    @property
    def text(self) -> str:
        return self.written or self.spoken.text

    @property
    def passages(self) -> tuple[Span, ...]:
        """The stretches of `text` that a sentence does not run across: each turn, or the whole of what is written."""
        ends, offset = [], 0
        for utterance in self.spoken.utterances:
            ends.append((offset, offset + len(utterance.text)))
            offset += len(utterance.text) + 1
        return ((0, len(self.written)),) if self.written else tuple(ends)

    def evidence(self, start: int, end: int) -> tuple[AnyEvidence, ...]:
        return (SummaryEvidence(start, end),) if self.written else self.spoken.evidence(start, end)

    def whole(self) -> tuple[AnyEvidence, ...]:
        return self.evidence(0, len(self.text))


@dataclass(frozen=True, slots=True)
class ElementResult:
    """matched None: no machine can check it. count, min_count: how many were found and needed, for what is counted.

    evidence: at least one span of every match that was counted.
    """

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
    """The text that is judged: what was handed in, else what the student said in the summary section, else nothing.

    A text without a word (“…”) is nothing: it would be succinct, and so earn half of the points.
    """
    written = summary_text or ""
    tokens = count_words(written)
    if tokens:
        return JudgedSummary(SummarySource.SUBMITTED, written, Window(()), tokens)
    summing_up = (
        s is Section.SUMMARY and u.speaker is Speaker.STUDENT for u, s in zip(utterances, sections, strict=True)
    )
    spoken = Window(tuple(u for u, wanted in zip(utterances, summing_up, strict=True) if wanted))
    tokens = count_words(spoken.text)
    if tokens:
        return JudgedSummary(SummarySource.SPOKEN, "", spoken, tokens)
    return JudgedSummary(SummarySource.NONE, "", Window(()), 0)


def score_summary(
    summary: Summary, utterances: Sequence[Utterance], sections: Sequence[Section | None], summary_text: str | None
) -> SummaryScore:
    """score = (succinctness + matched / checkable) / 2; nothing to judge: 0; nothing checkable: elements count 1."""
    judged = summary_source(utterances, sections, summary_text)
    reader = _Reader(judged)
    elements = tuple(_check(element, reader) for element in summary.required_elements)
    if judged.source is SummarySource.NONE:
        return SummaryScore(Fraction(0), Fraction(0), Fraction(0), judged, elements)
    succinctness = succinctness_share(
        tokens=judged.tokens, max_tokens=summary.max_tokens, overflow_divisor=Fraction(summary.overflow_divisor)
    )
    checkable = [result for result in elements if result.matched is not None]
    matched = elements_share(matched=sum(bool(r.matched) for r in checkable), checkable=len(checkable))
    score = summary_share(succinctness=succinctness, elements=matched)
    return SummaryScore(score, succinctness, matched, judged, elements)


class _Reader:
    """A summary that is read once, however many elements are looked for in it."""

    def __init__(self, judged: JudgedSummary) -> None:
        self.judged = judged
        self.text = judged.text

    @cached_property
    def findings(self) -> tuple[tuple[Finding, Span], ...]:
        """Every finding and where it stands in the text; a negation does not reach into the next turn."""
        cut = ((start, min(end, LONGEST_READ)) for start, end in self.judged.passages if start < LONGEST_READ)
        return tuple(
            (finding, (start + finding.start, start + finding.end))
            for start, end in cut
            for finding in find_findings(self.text[start:end])
        )


def _check(element: SummaryElement, reader: _Reader) -> ElementResult:
    reading = read_element(element)
    if reading.kind is None:
        return ElementResult(element, None, None, None, None, ())
    spans = _found(element, reading.kind, reader, several=reading.min_count > 1)
    counts = reading.min_count > 1 or reading.kind in _POLARITY
    return ElementResult(
        element,
        reading.kind,
        matched=len(spans) >= reading.min_count,
        count=len(spans) if counts else None,
        min_count=reading.min_count if counts else None,
        evidence=tuple(piece for span in spans for piece in reader.judged.evidence(*span)),
    )


_POLARITY = {
    ElementKind.POSITIVE_FINDINGS: Polarity.AFFIRMED,
    ElementKind.NEGATIVE_FINDINGS: Polarity.NEGATED,
}


def _found(element: SummaryElement, kind: ElementKind, reader: _Reader, *, several: bool) -> list[Span]:
    """What is counted: distinct findings, distinct phrases, or separate matches of the pattern."""
    if kind in _POLARITY:
        return _distinct(reader.findings, _POLARITY[kind])
    if kind is ElementKind.PHRASES:
        spans = [span for phrase in element.phrases or () if (span := find_phrase([phrase], reader.text))]
        return sorted(spans) if several else sorted(spans)[:1]
    pattern = element.pattern or ""
    if several:
        return list(find_all(pattern, reader.text))
    shortest = find_shortest(pattern, reader.text)
    return [] if shortest is None else [shortest]


def find_phrase(phrases: Sequence[str], text: str) -> Span | None:
    """The earliest whole-word occurrence of any phrase, whatever its case, spacing, hyphens and apostrophes.

    >>> find_phrase(["no"], "diagnosis"), find_phrase(["blood-pressure"], "High blood pressure")
    (None, (5, 19))
    """
    found = (re.search(_phrase_pattern(phrase), text, re.IGNORECASE) for phrase in phrases)
    return min((match.span() for match in found if match), default=None)


def _phrase_pattern(phrase: str) -> str:
    words = (re.escape(word) for word in re.split(_GAP, phrase.strip()) if word)
    spelled = _GAP.join(re.sub(_APOSTROPHE, _APOSTROPHE, word) for word in words)
    return rf"(?<!\w){spelled}(?!\w)"


def _distinct(findings: Iterable[tuple[Finding, Span]], polarity: Polarity) -> list[Span]:
    """The first mention of every distinct finding."""
    first: dict[str, Span] = {}
    for finding, span in findings:
        if finding.polarity is polarity:
            first.setdefault(finding.concept, span)
    kept = specific_concepts(first)
    return [span for concept, span in first.items() if concept in kept]
