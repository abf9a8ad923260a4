"""What there is to say about each component: one finding for each entry of the result, with the words it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from feedback.domain.gate import ItemType
from feedback.domain.phrasing import clause, percent, plain_number, section_name, shortened
from scoring.domain.citations import Cited
from scoring.domain.result import (
    CommunicationDetail,
    ElementEntry,
    KeyQuestionsDetail,
    LinkEntry,
    QuestionEntry,
    ReasoningDetail,
    RuleEntry,
    StructureDetail,
    StructureViolationEntry,
    SummaryDetail,
)
from scoring.domain.terms import Severity


class Results(Protocol):
    """What there is to speak of: a grading's detailed results, or the same parts from elsewhere."""

    @property
    def structure(self) -> StructureDetail: ...
    @property
    def key_questions(self) -> KeyQuestionsDetail: ...
    @property
    def reasoning(self) -> ReasoningDetail: ...
    @property
    def summary(self) -> SummaryDetail: ...
    @property
    def communication(self) -> CommunicationDetail: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """name: a row of `phrasing.SENTENCES`. entry: the cited entry of the result that it rests on."""

    name: str
    severity: Severity | None
    entry: Cited
    words: Mapping[str, object]

    @property
    def type(self) -> ItemType:
        return ItemType.SUCCESS if self.severity is None else ItemType.VIOLATION


def findings_of(component: str, results: Results) -> Iterator[Finding]:
    """All findings of one component, in the rubric's order."""
    return _FINDERS[component](results)


def _structure(results: Results) -> Iterator[Finding]:
    detail = results.structure
    values = {penalty.id: penalty.value for penalty in detail.penalties}
    for violation in detail.violations:
        yield Finding(
            _structure_sentence(violation),
            violation.severity,
            violation,
            {
                "section": section_name(violation.section),
                "before": section_name(violation.before) if violation.before else "",
                "expected": _section_list(detail.expected_order),
                "cost": _cost(values.get(violation.penalty_id or "")),
            },
        )
    yield from _order_kept(detail)


def _structure_sentence(violation: StructureViolationEntry) -> str:
    if violation.kind == "missing_section":
        return "section_missing"
    return "section_before" if violation.before else "section_late"


def _cost(value: Decimal | None) -> str:
    return f" The rubric takes {plain_number(-value)} off for this." if value else ""


def _section_list(labels: tuple[str, ...]) -> str:
    return ", ".join(section_name(label) for label in labels)


def _order_kept(detail: StructureDetail) -> Iterator[Finding]:
    kept = [run for run in detail.runs if run.in_order]
    if not kept or len(kept) < min(2, len(detail.expected_order)):
        return
    student = dict.fromkeys(uri for run in kept for uri in run.citations.student)
    citations = kept[0].citations.model_copy(update={"student": tuple(student)})
    entry = Cited(citations=citations, evidence=tuple(quote for run in kept for quote in run.evidence))
    words = {
        "found": _section_list(tuple(run.section for run in kept)),
        "count": len(kept),
        "total": len(detail.expected_order),
    }
    yield Finding("sections_in_order", None, entry, words)


def _key_questions(results: Results) -> Iterator[Finding]:
    detail = results.key_questions
    for violation in detail.violations:
        words = {"coverage": percent(violation.coverage), "threshold": percent(violation.threshold)}
        yield Finding("coverage_low", violation.severity, violation, words)
    for question in detail.questions:
        yield _question(question)


def _question(question: QuestionEntry) -> Finding:
    words = {
        "label": question.label,
        "weight": plain_number(question.weight),
        "confidence": question.confidence.quantize(Decimal("0.01")),
        "quote": _quote(question),
    }
    if question.asked:
        return Finding("question_asked", None, question, words)
    severity = Severity.CRITICAL if question.critical else Severity.MINOR
    if question.uncertain and question.evidence:
        return Finding("question_unclear", severity, question, words)
    return Finding("critical_question_missed" if question.critical else "question_missed", severity, question, words)


def _quote(entry: Cited) -> str:
    return shortened(" … ".join(quote.quote for quote in entry.evidence))


def _reasoning(results: Results) -> Iterator[Finding]:
    for link in results.reasoning.links:
        yield _link(link)


def _link(link: LinkEntry) -> Finding:
    words = {
        "description": clause(link.description) or link.id,
        "quote": _quote(link),
        "major": " This gap is a major one." if link.major else "",
    }
    if link.detected:
        return Finding("link_found", None, link, words)
    return Finding("link_missing", Severity.MAJOR if link.major else Severity.MINOR, link, words)


def _summary(results: Results) -> Iterator[Finding]:
    detail = results.summary
    if detail.source == "none":
        yield Finding("summary_absent", Severity.MAJOR, detail, {})
        return
    words = {"tokens": detail.tokens, "limit": detail.max_tokens, "succinct": percent(detail.succinctness)}
    if detail.tokens > detail.max_tokens:
        yield Finding("summary_long", Severity.MINOR, detail, words)
    else:
        yield Finding("summary_succinct", None, detail, words)
    for element in detail.elements:
        if element.checkable:
            yield _element(element)


def _element(element: ElementEntry) -> Finding:
    counted = element.count is not None and element.min_count is not None
    words = {
        "description": clause(element.description) or element.id,
        "quote": _quote(element),
        "found": f" Found {element.count}, expected at least {element.min_count}." if counted else "",
    }
    if element.matched:
        return Finding("element_found", None, element, words)
    return Finding("element_missing", Severity.MINOR, element, words)


def _communication(results: Results) -> Iterator[Finding]:
    for rule in results.communication.rules:
        words = {
            "description": clause(rule.description) or rule.kind.replace("_", " "),
            "measure": "nothing" if rule.measure is None else plain_number(rule.measure),
            "bounds": _bounds(rule),
        }
        yield Finding("rule_met", None, rule, words) if rule.met else Finding("rule_unmet", Severity.MINOR, rule, words)


def _bounds(rule: RuleEntry) -> str:
    names = {"min": "at least", "min_count": "at least", "max": "at most", "max_count": "at most"}
    parts = [f"{names[name]} {plain_number(Decimal(value))}" for name, value in rule.bounds.items()]
    return " and ".join(parts) or "any value"


_FINDERS: dict[str, Callable[[Results], Iterator[Finding]]] = {
    "structure": _structure,
    "key_questions": _key_questions,
    "reasoning": _reasoning,
    "summary": _summary,
    "communication": _communication,
}
