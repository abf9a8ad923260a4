"""Feedback after a person reviewed the grading: what the machine said where it stands, the examiner's word where not.

Same words table, same gate. An item that a person took out is not spoken of; one that was decided otherwise is told as
the examiner's decision, with the passage they pointed at. Reasons are for colleagues and never appear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from feedback.domain.compose import Feedback, FeedbackSection, component_anchors, gated_items, overall_summary
from feedback.domain.findings import Finding, findings_of
from feedback.domain.phrasing import clause, percent, section_name
from rubrics.domain.document import RubricDocument
from scoring.domain.citations import Cited, Citer, Sources
from scoring.domain.overall import COMPONENTS
from scoring.domain.result import (
    CoverageViolationEntry,
    ElementEntry,
    GradingResult,
    LinkEntry,
    QuestionEntry,
    RuleEntry,
    StructureViolationEntry,
    SummaryDetail,
)
from scoring.domain.review import GRADING, Outcome, Review
from scoring.domain.review.items import LENGTH, ItemKind
from scoring.domain.terms import Severity, Style

_KEYS: Mapping[type[Cited], str] = {
    QuestionEntry: "question",
    LinkEntry: "link",
    ElementEntry: "element",
    RuleEntry: "rule",
}


@dataclass(frozen=True, slots=True)
class Comment:
    """A person's own words to the student. about: the item in the rubric's words, empty for the whole."""

    about: str
    text: str


def compose_reviewed(
    *, result: GradingResult, review: Review, rubric: RubricDocument, sources: Sources, style: Style
) -> Feedback:
    """Without a decision that changes anything this is what `compose_feedback` gives."""
    rejected: list[str] = []
    told = _Told(result, review, rubric, Citer(sources))
    return Feedback(
        overall_summary=overall_summary(review.overall_score, review.component_scores, rubric, style),
        overall_citations=Citer(sources).rubric(*component_anchors(rubric).values()),
        sections=tuple(
            FeedbackSection(name, gated_items(told.findings(name), sources, style, rejected)) for name in COMPONENTS
        ),
        rejected=tuple(rejected),
    )


def comments_of(review: Review, rubric: RubricDocument) -> tuple[Comment, ...]:
    """Those that stand: about the whole first, then in the rubric's order."""
    standing = review.standing.comments
    items = [(GRADING, ""), *((outcome.item.key, item_words(outcome, rubric)) for outcome in review.outcomes)]
    return tuple(Comment(words, standing[key].comment) for key, words in items if key in standing)


class _Told:
    """The findings of a result as they read once the review is taken into account."""

    def __init__(self, result: GradingResult, review: Review, rubric: RubricDocument, citer: Citer) -> None:
        self._result, self._review, self._rubric, self._citer = result, review, rubric, citer
        self._changed = {outcome.item.key: outcome for outcome in review.outcomes if outcome.changed}

    def findings(self, component: str) -> Iterator[Finding]:
        if component == "key_questions":
            yield from self._coverage()
        for finding in findings_of(component, self._result.detailed_results):
            yield from self._kept(finding)
        for outcome in self._changed.values():
            if outcome.item.component == component and outcome.counts:
                yield self._decided(outcome)

    def _kept(self, finding: Finding) -> Iterator[Finding]:
        entry = finding.entry
        if isinstance(entry, CoverageViolationEntry):
            return
        if finding.name == "sections_in_order":
            if not any(outcome.item.kind is ItemKind.SECTION for outcome in self._changed.values()):
                yield finding
        elif not self._is_changed(entry):
            yield self._settled(finding)

    def _settled(self, finding: Finding) -> Finding:
        """What a person confirmed is no longer unclear."""
        entry = finding.entry
        if finding.name != "question_unclear" or not isinstance(entry, QuestionEntry):
            return finding
        standing = self._review.standing
        if f"question:{entry.id}" not in standing.verdicts and standing.rested is None:
            return finding
        return replace(finding, name="critical_question_missed" if entry.critical else "question_missed")

    def _coverage(self) -> Iterator[Finding]:
        """Low coverage is told by the share that counts now, whatever the machine's was."""
        policy, now = self._rubric.key_questions_policy, self._review.component_scores["key_questions"]
        if now < policy.coverage_threshold:
            words = {"coverage": percent(now), "threshold": percent(policy.coverage_threshold)}
            yield Finding("coverage_low", Severity.MAJOR, self._citer.cite(policy.anchor), words)

    def _is_changed(self, entry: Cited) -> bool:
        if isinstance(entry, StructureViolationEntry):
            penalty = f"penalty:{entry.penalty_id}"
            return f"section:{entry.section}" in self._changed or penalty in self._changed
        if isinstance(entry, SummaryDetail):
            return LENGTH in self._changed
        return f"{_KEYS[type(entry)]}:{getattr(entry, 'id', '')}" in self._changed

    def _decided(self, outcome: Outcome) -> Finding:
        decision = outcome.decision
        anchor = item_anchor(outcome, self._rubric)
        if decision is not None and decision.evidence is not None:
            entry = self._citer.quoted(anchor, decision.evidence)
        else:
            entry = self._citer.cite(anchor)
        words = {"what": item_words(outcome, self._rubric)}
        if outcome.credited:
            return Finding("examiner_credited", None, entry, words)
        return Finding("examiner_missed", _severity(outcome, self._rubric), entry, words)


def _severity(outcome: Outcome, rubric: RubricDocument) -> Severity:
    kind, name = outcome.item.kind, outcome.item.key.partition(":")[2]
    if kind is ItemKind.QUESTION:
        critical = any(question.critical for question in rubric.key_questions if question.id == name)
        return Severity.CRITICAL if critical else Severity.MINOR
    return Severity.MAJOR if outcome.item.major or kind is ItemKind.PENALTY else Severity.MINOR


class _Described(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def description(self) -> str: ...


def item_anchor(outcome: Outcome, rubric: RubricDocument) -> str:
    kind, name = outcome.item.kind, outcome.item.key.partition(":")[2]
    anchors = {
        ItemKind.QUESTION: {question.id: question.anchor for question in rubric.key_questions},
        ItemKind.LINK: {link.id: link.anchor for link in rubric.reasoning.required_links},
        ItemKind.ELEMENT: {element.id: element.anchor for element in rubric.summary.required_elements},
        ItemKind.RULE: {rule.id: rule.anchor for rule in rubric.communication.rules},
        ItemKind.PENALTY: {penalty.id: penalty.anchor for penalty in rubric.structure.penalties},
    }
    return anchors.get(kind, {}).get(name) or component_anchors(rubric)[outcome.item.component]


def item_words(outcome: Outcome, rubric: RubricDocument) -> str:
    """What an item is called when a student is told of it."""
    kind, name = outcome.item.kind, outcome.item.key.partition(":")[2]
    if kind is ItemKind.SECTION:
        return f"the {section_name(name.partition(':')[0])} in its place"
    if kind is ItemKind.LENGTH:
        return "a summary of the right length"
    if kind is ItemKind.QUESTION:
        return next(f"“{question.label}”" for question in rubric.key_questions if question.id == name)
    described: Mapping[ItemKind, Sequence[_Described]] = {
        ItemKind.LINK: rubric.reasoning.required_links,
        ItemKind.ELEMENT: rubric.summary.required_elements,
        ItemKind.RULE: rubric.communication.rules,
        ItemKind.PENALTY: rubric.structure.penalties,
    }
    return next(clause(part.description) or part.id for part in described[kind] if part.id == name)
