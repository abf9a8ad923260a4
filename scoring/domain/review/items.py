"""The items of a graded submission that a person can decide about, in the order of the rubric.

A key names an item for ever: `section:HPI`, `penalty:missing_summary`, `question:onset`, `link:ottawa`, `length`,
`element:problem`, `rule:open`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from rubrics.domain.document import RubricDocument
from rubrics.domain.penalties import read_penalty
from scoring.domain.formulas import ONE, ZERO, succinctness_share
from scoring.domain.key_questions import question_weight
from scoring.domain.result import GradingResult, SectionRun, SummaryDetail

LENGTH = "length"


class ItemKind(StrEnum):
    SECTION = "section"
    PENALTY = "penalty"
    QUESTION = "question"
    LINK = "link"
    LENGTH = "length"
    ELEMENT = "element"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """credited: the machine's verdict, None where only a person can judge. A penalty is credited when it is spared.

    share: what the machine gave of the item's points, in [0, 1]; between the ends only for a summary that is too long.
    weight: of the item within its component; a penalty's is its value, 0 or less.
    follows: the section whose absence or place a penalty punishes.
    major: a missing link that costs further points.
    """

    key: str
    component: str
    kind: ItemKind
    credited: bool | None
    share: Fraction
    weight: Fraction = ONE
    uncertain: bool = False
    major: bool = False
    follows: str = ""

    @property
    def needs_a_person(self) -> bool:
        return self.uncertain or self.credited is None


def review_items(rubric: RubricDocument, result: GradingResult) -> tuple[ReviewItem, ...]:
    """Weights come from the rubric, exactly; verdicts from the stored result, which no later engine changes."""
    return (
        *_sections(rubric, result),
        *_penalties(rubric, result),
        *_questions(rubric, result),
        *_links(result),
        _length(rubric, result.detailed_results.summary),
        *_elements(result),
        *_rules(rubric, result),
    )


def section_keys(expected_order: Sequence[str]) -> tuple[str, ...]:
    """One key for each place of the order; a section that is expected again carries its count.

    >>> section_keys(["CC", "HPI", "CC"])
    ('section:CC', 'section:HPI', 'section:CC:2')
    """
    keys = []
    for place, label in enumerate(expected_order):
        before = expected_order[:place].count(label)
        keys.append(f"section:{label}:{before + 1}" if before else f"section:{label}")
    return tuple(keys)


def places_in_order(expected_order: Sequence[str], runs: Sequence[SectionRun]) -> Mapping[int, SectionRun]:
    """Places of the expected order and the run that takes each: as many as the longest common subsequence is long."""
    taken: dict[int, SectionRun] = {}
    start = 0
    for run in runs:
        if run.in_order:
            place = expected_order.index(run.section, start)
            taken[place] = run
            start = place + 1
    return taken


def _item(key: str, component: str, kind: ItemKind, *, credited: bool | None, weight: Fraction = ONE) -> ReviewItem:
    return ReviewItem(key, component, kind, credited, ONE if credited else ZERO, weight)


def _sections(rubric: RubricDocument, result: GradingResult) -> Iterator[ReviewItem]:
    detail = result.detailed_results.structure
    taken = places_in_order(detail.expected_order, detail.runs)
    for place, key in enumerate(section_keys(rubric.structure.expected_order)):
        yield _item(key, "structure", ItemKind.SECTION, credited=place in taken)


def _penalties(rubric: RubricDocument, result: GradingResult) -> Iterator[ReviewItem]:
    applied = {penalty.id for penalty in result.detailed_results.structure.penalties if penalty.applied}
    for penalty in rubric.structure.penalties:
        reading = read_penalty(penalty, rubric.structure.expected_order)
        spared = penalty.id not in applied
        yield ReviewItem(
            key=f"penalty:{penalty.id}",
            component="structure",
            kind=ItemKind.PENALTY,
            credited=spared,
            share=ONE if spared else ZERO,
            weight=Fraction(penalty.value),
            follows="" if reading is None else f"section:{reading.section}",
        )


def _questions(rubric: RubricDocument, result: GradingResult) -> Iterator[ReviewItem]:
    judged = {entry.id: entry for entry in result.detailed_results.key_questions.questions}
    for question in rubric.key_questions:
        entry = judged[question.id]
        yield ReviewItem(
            key=f"question:{question.id}",
            component="key_questions",
            kind=ItemKind.QUESTION,
            credited=entry.asked,
            share=ONE if entry.asked else ZERO,
            weight=Fraction(question_weight(question, rubric.key_questions_policy)),
            uncertain=entry.uncertain,
        )


def _links(result: GradingResult) -> Iterator[ReviewItem]:
    for link in result.detailed_results.reasoning.links:
        yield ReviewItem(
            key=f"link:{link.id}",
            component="reasoning",
            kind=ItemKind.LINK,
            credited=link.detected,
            share=ONE if link.detected else ZERO,
            major=link.major,
        )


def _length(rubric: RubricDocument, detail: SummaryDetail) -> ReviewItem:
    """How long the summary is; where there is none, whether there was one at all."""
    if detail.source == "none":
        return ReviewItem(LENGTH, "summary", ItemKind.LENGTH, credited=False, share=ZERO)
    share = succinctness_share(
        tokens=detail.tokens,
        max_tokens=rubric.summary.max_tokens,
        overflow_divisor=Fraction(rubric.summary.overflow_divisor),
    )
    return ReviewItem(LENGTH, "summary", ItemKind.LENGTH, credited=share == ONE, share=share)


def _elements(result: GradingResult) -> Iterator[ReviewItem]:
    for element in result.detailed_results.summary.elements:
        yield _item(f"element:{element.id}", "summary", ItemKind.ELEMENT, credited=element.matched)


def _rules(rubric: RubricDocument, result: GradingResult) -> Iterator[ReviewItem]:
    met = {entry.id: entry.met for entry in result.detailed_results.communication.rules}
    for rule in rubric.communication.rules:
        yield _item(
            f"rule:{rule.id}", "communication", ItemKind.RULE, credited=met[rule.id], weight=Fraction(rule.weight)
        )
