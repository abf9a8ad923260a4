"""Was the reasoning heard? (contract 6.4, docs/algorithms/reasoning.md)

Each link's pattern is searched where reasoning belongs first (the written summary; the student's summary, assessment
and plan), then in everything the student said, never in another speaker's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from rubrics.domain.document import Reasoning, RequiredLink
from rubrics.domain.patterns import find_shortest, is_anchored, occurs
from scoring.domain.evidence import AnyEvidence, Evidence, SummaryEvidence
from scoring.domain.formulas import reasoning_share
from scoring.domain.segmentation.section import Section
from scoring.domain.transcript.model import Speaker, Utterance
from scoring.domain.windows import Window, windows_of

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


@dataclass(frozen=True, slots=True)
class _Speech:
    """concluding: stretches of the student's own sequence in a summary, an assessment or a plan."""

    concluding: tuple[tuple[Utterance, ...], ...]
    everything: tuple[Utterance, ...]
    summary: str


@dataclass(frozen=True, slots=True, order=True)
class _Hit:
    """Ordered by preference: fewest utterances, fewest characters, earliest."""

    utterances: int
    characters: int
    position: int
    evidence: tuple[AnyEvidence, ...] = field(compare=False)


def score_reasoning(
    reasoning: Reasoning,
    utterances: Sequence[Utterance],
    sections: Sequence[Section | None],
    summary_text: str | None,
) -> ReasoningScore:
    """score = clamp(detected / required + major_gap_penalty for every major link not heard); no links: 1."""
    spoken = [(u, section) for u, section in zip(utterances, sections, strict=True) if u.speaker is Speaker.STUDENT]
    speech = _Speech(tuple(_concluding_runs(spoken)), tuple(u for u, _ in spoken), summary_text or "")
    links = tuple(_look_for(link, speech) for link in reasoning.required_links)
    score = reasoning_share(
        detected=sum(result.detected for result in links),
        required=len(links),
        major_gaps=sum(result.link.major and not result.detected for result in links),
        major_gap_penalty=Fraction(reasoning.major_gap_penalty),
    )
    return ReasoningScore(score, links)


def _concluding_runs(spoken: Sequence[tuple[Utterance, Section | None]]) -> Iterator[tuple[Utterance, ...]]:
    for concluding, run in groupby(spoken, key=lambda pair: pair[1] in _REASONING_SECTIONS):
        if concluding:
            yield tuple(utterance for utterance, _ in run)


def _look_for(link: RequiredLink, speech: _Speech) -> LinkResult:
    written = _in_summary(link.pattern, speech.summary)
    concluded = [hit for run in speech.concluding for hit in _in_speech(link.pattern, run)]
    hit = min([*written, *concluded], default=None) or min(_in_speech(link.pattern, speech.everything), default=None)
    if hit is None:
        return LinkResult(link, detected=False, evidence=_searched(speech))
    return LinkResult(link, detected=True, evidence=hit.evidence)


def _in_summary(pattern: str, summary: str) -> list[_Hit]:
    """The written summary counts as one utterance that comes before all others."""
    span = find_shortest(pattern, summary)
    return [] if span is None else [_Hit(1, span[1] - span[0], -1, (SummaryEvidence(*span),))]


def _in_speech(pattern: str, utterances: Sequence[Utterance]) -> list[_Hit]:
    """Hits of the narrowest window that has any."""
    if not is_anchored(pattern) and not occurs(pattern, Window(utterances).text):
        return []
    for size in range(1, MAX_WINDOW + 1):
        hits = [hit for window in windows_of(utterances, size) for hit in _in_window(pattern, window)]
        if hits:
            return hits
    return []


def _in_window(pattern: str, window: Window) -> Iterator[_Hit]:
    span = find_shortest(pattern, window.text)
    if span is not None:
        yield _Hit(len(window.utterances), span[1] - span[0], window.utterances[0].turn, window.evidence(*span))


def _searched(speech: _Speech) -> tuple[AnyEvidence, ...]:
    """Where a gap was looked for: the summary, else what the student concluded with, else the student's last words."""
    if speech.summary.strip():
        return (SummaryEvidence(0, len(speech.summary)),)
    concluding = [utterance for run in speech.concluding for utterance in run]
    passages = concluding[-MAX_WINDOW:] or speech.everything[-1:]
    return tuple(Evidence(u.turn, 0, len(u.text)) for u in passages)
