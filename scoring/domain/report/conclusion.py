"""Reasoning, summary and communication as entries of the result."""

from __future__ import annotations

from fractions import Fraction

from rubrics.domain.document import CommunicationRule, Summary
from scoring.domain.citations import Cited, Citer
from scoring.domain.communication import CommunicationScore, RuleResult
from scoring.domain.overall import four_places
from scoring.domain.reasoning import LinkResult, ReasoningScore
from scoring.domain.result import (
    CommunicationDetail,
    ElementEntry,
    LinkEntry,
    ReasoningDetail,
    RuleEntry,
    SummaryDetail,
)
from scoring.domain.summary import ElementResult, SummaryScore

_BOUNDS = ("min", "max", "min_count", "max_count")


def reasoning_detail(score: ReasoningScore, citer: Citer) -> ReasoningDetail:
    return ReasoningDetail(
        score=four_places(score.score),
        detected=score.detected,
        required=len(score.links),
        links=tuple(_link(result, citer) for result in score.links),
    )


def _link(result: LinkResult, citer: Citer) -> LinkEntry:
    cited = citer.cite(result.link.anchor, result.evidence, as_one_span=True)
    return LinkEntry(
        id=result.link.id,
        description=result.link.description,
        major=result.link.major,
        detected=result.detected,
        citations=cited.citations,
        evidence=cited.evidence,
    )


def summary_detail(score: SummaryScore, summary: Summary, citer: Citer) -> SummaryDetail:
    cited = _summary_citation(score, summary.anchor, citer)
    return SummaryDetail(
        score=four_places(score.score),
        source=score.judged.source.value,
        tokens=score.judged.tokens,
        max_tokens=summary.max_tokens,
        succinctness=four_places(score.succinctness),
        elements_score=four_places(score.elements_score),
        elements=tuple(_element(result, citer) for result in score.elements),
        citations=cited.citations,
        evidence=cited.evidence,
    )


def _summary_citation(score: SummaryScore, anchor: str, citer: Citer) -> Cited:
    """`student://summary#tokens=N` always, and the times of the oral span when the summary was spoken."""
    cited = citer.cite(anchor, score.judged.whole(), as_one_span=True)
    student = tuple(dict.fromkeys((citer.summary_uri(), *cited.citations.student)))
    return Cited(citations=cited.citations.model_copy(update={"student": student}), evidence=cited.evidence)


def _element(result: ElementResult, citer: Citer) -> ElementEntry:
    cited = citer.cite(result.element.anchor, result.evidence)
    return ElementEntry(
        id=result.element.id,
        description=result.element.description,
        kind=None if result.kind is None else result.kind.value,
        checkable=result.matched is not None,
        matched=result.matched,
        count=result.count,
        min_count=result.min_count,
        citations=cited.citations,
        evidence=cited.evidence,
    )


def communication_detail(score: CommunicationScore, citer: Citer) -> CommunicationDetail:
    return CommunicationDetail(
        score=four_places(score.score),
        rules=tuple(_rule(result, citer) for result in score.rules),
        measures={name: None if value is None else four_places(value) for name, value in score.measures.items()},
    )


def _rule(result: RuleResult, citer: Citer) -> RuleEntry:
    rule = result.rule
    cited = citer.cite(rule.anchor, result.evidence)
    return RuleEntry(
        id=rule.id,
        description=rule.description,
        kind=rule.kind.value,
        weight=four_places(rule.weight),
        measure=None if result.measure is None else four_places(Fraction(result.measure)),
        bounds=_bounds(rule),
        met=result.met,
        citations=cited.citations,
        evidence=cited.evidence,
    )


def _bounds(rule: CommunicationRule) -> dict[str, object]:
    stated = ((name, getattr(rule, name)) for name in _BOUNDS)
    return {name: value for name, value in stated if value is not None}
