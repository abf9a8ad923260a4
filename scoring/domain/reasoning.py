"""Was the reasoning heard? (contract 6.4, docs/algorithms/reasoning.md)

Each link's pattern is searched where reasoning belongs first (the written summary; the student's summary, assessment
and plan), then in everything the student said, never in another speaker's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rubrics.domain.document import Reasoning, RequiredLink
from rubrics.domain.patterns import find_shortest
from scoring.domain.evidence import AnyEvidence, Evidence, SummaryEvidence
from scoring.domain.overall import clamp
from scoring.domain.segmentation.section import Section
from scoring.domain.transcript.model import Speaker, Utterance

MAX_WINDOW = 3
_REASONING_SECTIONS = frozenset({Section.SUMMARY, Section.ASSESSMENT, Section.PLAN})


@dataclass(frozen=True, slots=True)
class LinkResult:
    """evidence: what was credited; for a gap, the passages where it was looked for first."""

    link: RequiredLink
    detected: bool
    evidence: tuple[AnyEvidence, ...]


@dataclass(frozen=True, slots=True)
class ReasoningScore:
    score: Fraction
    links: tuple[LinkResult, ...]

    @property
    def detected(self) -> int:
        return sum(link.detected for link in self.links)


@dataclass(frozen=True, slots=True, order=True)
class _Hit:
    """Ordered by preference: fewest utterances, fewest characters, earliest."""

    utterances: int
    characters: int
    position: int
    evidence: tuple[AnyEvidence, ...]


def score_reasoning(
    reasoning: Reasoning,
    utterances: Sequence[Utterance],
    sections: Sequence[Section | None],
    summary_text: str | None,
) -> ReasoningScore:
    """score = clamp(detected / required + major_gap_penalty for every major link not heard); no links: 1."""
    spoken = [(u, section) for u, section in zip(utterances, sections, strict=True) if u.speaker is Speaker.STUDENT]
    everything = [u for u, _ in spoken]
    concluding = [u for u, section in spoken if section in _REASONING_SECTIONS]
    links = tuple(_look_for(link, concluding, everything, summary_text) for link in reasoning.required_links)
    if not links:
        return ReasoningScore(Fraction(1), links)
    gaps = sum(1 for result in links if result.link.major and not result.detected)
    heard = Fraction(sum(result.detected for result in links), len(links))
    return ReasoningScore(clamp(heard + gaps * Fraction(reasoning.major_gap_penalty)), links)


def _look_for(
    link: RequiredLink, concluding: Sequence[Utterance], everything: Sequence[Utterance], summary_text: str | None
) -> LinkResult:
    written = _in_summary(link.pattern, summary_text)
    hit = min([*written, *_in_speech(link.pattern, concluding)], default=None)
    if hit is None:
        hit = min(_in_speech(link.pattern, everything), default=None)
    if hit is not None:
        return LinkResult(link, detected=True, evidence=hit.evidence)
    return LinkResult(link, detected=False, evidence=_searched(concluding, everything, summary_text))


def _in_summary(pattern: str, summary_text: str | None) -> list[_Hit]:
    """The written summary counts as one utterance that comes before all others."""
    span = find_shortest(pattern, summary_text or "")
    return [] if span is None else [_Hit(1, span[1] - span[0], -1, (SummaryEvidence(*span),))]


def _in_speech(pattern: str, utterances: Sequence[Utterance]) -> list[_Hit]:
    """Hits of the narrowest window that has any; windows are consecutive among the given utterances."""
    for size in range(1, MAX_WINDOW + 1):
        hits = []
        for index in range(len(utterances) - size + 1):
            window = utterances[index : index + size]
            span = find_shortest(pattern, " ".join(u.text for u in window))
            if span is not None:
                hits.append(_Hit(size, span[1] - span[0], window[0].turn, _pieces(window, *span)))
        if hits:
            return hits
    return []


def _pieces(window: Sequence[Utterance], start: int, end: int) -> tuple[AnyEvidence, ...]:
    """A span of the joined window as spans of its utterances; the joining spaces belong to none."""
    pieces = []
    offset = 0
    for utterance in window:
        low, high = max(start - offset, 0), min(end - offset, len(utterance.text))
        if low < high:
            pieces.append(Evidence(utterance.turn, low, high))
        offset += len(utterance.text) + 1
    return tuple(pieces)


def _searched(
    concluding: Sequence[Utterance], everything: Sequence[Utterance], summary_text: str | None
) -> tuple[AnyEvidence, ...]:
    """Where a gap was looked for: the summary, else what the student concluded with, else the student's last words."""
    if summary_text and summary_text.strip():
        return (SummaryEvidence(0, len(summary_text)),)
    passages = concluding[-MAX_WINDOW:] or everything[-1:]
    return tuple(Evidence(u.turn, 0, len(u.text)) for u in passages)
