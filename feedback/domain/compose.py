"""From a result to feedback (contract 6.8): sections in component order, items by severity, then successes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from feedback.domain.findings import Finding, Results, findings_of
from feedback.domain.gate import CitationRejected, FeedbackItem
from feedback.domain.phrasing import COMPONENT_NAMES, percent, sentence
from rubrics.domain.document import RubricDocument
from scoring.domain.citations import Citer, Sources
from scoring.domain.overall import COMPONENTS
from scoring.domain.terms import Severity, Style

_ORDER = (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR, None)


class Judged(Protocol):
    """A grading's result, or scores and results from elsewhere. Scores from 0 to 1, by component."""

    @property
    def overall_score(self) -> Decimal: ...
    @property
    def component_scores(self) -> Mapping[str, Decimal]: ...
    @property
    def detailed_results(self) -> Results: ...


@dataclass(frozen=True, slots=True)
class FeedbackSection:
    category: str
    items: tuple[FeedbackItem, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """rejected: reasons why items were refused by the gate; none is ever shown, each is logged and counted."""

    overall_summary: str
    overall_citations: tuple[str, ...]
    sections: tuple[FeedbackSection, ...]
    rejected: tuple[str, ...] = ()


def compose_feedback(result: Judged, rubric: RubricDocument, sources: Sources, style: Style) -> Feedback:
    """Every item once, each through the gate. An item that the gate refuses is left out and reported."""
    rejected: list[str] = []
    sections = tuple(
        FeedbackSection(name, gated_items(findings_of(name, result.detailed_results), sources, style, rejected))
        for name in COMPONENTS
    )
    return Feedback(
        overall_summary=overall_summary(result.overall_score, result.component_scores, rubric, style),
        overall_citations=Citer(sources).rubric(*component_anchors(rubric).values()),
        sections=sections,
        rejected=tuple(rejected),
    )


def component_anchors(rubric: RubricDocument) -> dict[str, str]:
    return {
        "structure": rubric.structure.anchor,
        "key_questions": rubric.key_questions_policy.anchor,
        "reasoning": rubric.reasoning.anchor,
        "summary": rubric.summary.anchor,
        "communication": rubric.communication.anchor,
    }


def overall_summary(overall: Decimal, scores: Mapping[str, Decimal], rubric: RubricDocument, style: Style) -> str:
    """Built from the component scores alone; components without weight are not mentioned."""
    weights = rubric.weights.model_dump()
    counted = [name for name in COMPONENTS if weights[name] > 0]
    parts = ", ".join(f"{COMPONENT_NAMES[name]} {percent(scores[name])}" for name in counted)
    if style is Style.CONCISE or not counted:
        return f"Overall {percent(overall)}: {parts}." if parts else f"Overall {percent(overall)}."
    best = max(counted, key=lambda name: scores[name])
    gain = max(counted, key=lambda name: (1 - scores[name]) * weights[name])
    lines = [f"Overall {percent(overall)}."]
    if scores[best] > 0:
        lines.append(f"Your strongest part was {COMPONENT_NAMES[best]} ({percent(scores[best])}).")
    if scores[gain] < 1:
        lines.append(f"You have most to gain in {COMPONENT_NAMES[gain]} ({percent(scores[gain])}).")
    if style is Style.DETAILED:
        lines.append(f"By component: {parts}.")
    return " ".join(lines)


def gated_items(
    findings: Iterable[Finding], sources: Sources, style: Style, rejected: list[str]
) -> tuple[FeedbackItem, ...]:
    """The gravest first; what the gate refuses is left out and its reason added to `rejected`."""
    items = []
    for finding in findings:
        try:
            items.append(
                FeedbackItem(
                    type=finding.type,
                    severity=finding.severity,
                    text=sentence(finding.name, style, **finding.words),
                    citations=finding.entry.citations,
                    evidence=finding.entry.evidence,
                    sources=sources,
                )
            )
        except CitationRejected as reason:
            rejected.append(f"{finding.name}: {reason}")
    return tuple(sorted(items, key=lambda item: _ORDER.index(item.severity)))
