"""What a student would read about each item of a rubric, before anybody was graded by it.

Worded by the same table as real feedback. In place of the student's own words stands an ellipsis: a quotation is never
made up, not even as an example.
"""

from __future__ import annotations

from collections.abc import Iterator

from feedback.domain.phrasing import clause, section_name, sentence
from rubrics.domain.document import PenaltyKind, RubricDocument
from rubrics.domain.elements import read_element
from rubrics.domain.penalties import read_penalty
from rubrics.domain.preview import Preview, PreviewedItem, PreviewedSection
from scoring.domain.terms import Style

_NO_QUOTE = "…"


def preview_of(document: RubricDocument) -> Preview:
    """Sections in component order, items in the rubric's order; components that ask for nothing are left out."""
    sections = (
        PreviewedSection("Structure", tuple(_structure(document))),
        PreviewedSection("Key questions", tuple(_questions(document))),
        PreviewedSection("Clinical reasoning", tuple(_links(document))),
        PreviewedSection("Summary", tuple(_elements(document))),
        PreviewedSection("Communication", tuple(_rules(document))),
    )
    return tuple(section for section in sections if section.items)


def _say(finding: str, **words: object) -> str:
    return sentence(finding, Style.CONSTRUCTIVE, **words)


def _structure(document: RubricDocument) -> Iterator[PreviewedItem]:
    """A section says something when it is missing; a penalty of order when the two come the wrong way round."""
    for label in document.structure.expected_order:
        name = section_name(label)
        yield PreviewedItem("structure", label, "", _say("section_missing", section=name))
    for index, penalty in enumerate(document.structure.penalties):
        reading = read_penalty(penalty, document.structure.expected_order)
        if reading is not None and reading.kind is PenaltyKind.ORDER and reading.before:
            words = {"section": section_name(reading.section), "before": section_name(reading.before)}
            label = penalty.description or penalty.id
            yield PreviewedItem(f"structure.penalties.{index}", label, "", _say("section_before", **words))


def _questions(document: RubricDocument) -> Iterator[PreviewedItem]:
    for index, question in enumerate(document.key_questions):
        missed = "critical_question_missed" if question.critical else "question_missed"
        yield PreviewedItem(
            f"key_questions.{index}",
            question.label,
            _say("question_asked", label=question.label, quote=_NO_QUOTE),
            _say(missed, label=question.label),
        )


def _links(document: RubricDocument) -> Iterator[PreviewedItem]:
    for index, link in enumerate(document.reasoning.required_links):
        words = {"description": clause(link.description) or link.id}
        yield PreviewedItem(
            f"reasoning.required_links.{index}",
            link.description or link.id,
            _say("link_found", quote=_NO_QUOTE, **words),
            _say("link_missing", **words),
        )


def _elements(document: RubricDocument) -> Iterator[PreviewedItem]:
    """What no machine can check has nothing to say until faculty mark it."""
    for index, element in enumerate(document.summary.required_elements):
        if read_element(element).kind is None:
            continue
        words = {"description": clause(element.description) or element.id}
        yield PreviewedItem(
            f"summary.required_elements.{index}",
            element.description or element.id,
            _say("element_found", quote=_NO_QUOTE, **words),
            _say("element_missing", **words),
        )


def _rules(document: RubricDocument) -> Iterator[PreviewedItem]:
    for index, rule in enumerate(document.communication.rules):
        words = {"description": clause(rule.description) or rule.kind.value.replace("_", " ")}
        yield PreviewedItem(
            f"communication.rules.{index}",
            rule.description or rule.id,
            _say("rule_met", **words),
            _say("rule_unmet", **words),
        )
