"""The machine's verdicts by the keys that decisions use: all that statistics need of a result."""

from __future__ import annotations

from collections.abc import Mapping

from rubrics.domain.document import RubricDocument
from scoring.domain.result import GradingResult


def machine_verdicts(result: GradingResult) -> dict[str, bool | None]:
    """None for an element that no machine can check. Sections and penalties are not among them."""
    details = result.detailed_results
    return {
        **{f"question:{entry.id}": entry.asked for entry in details.key_questions.questions},
        **{f"link:{entry.id}": entry.detected for entry in details.reasoning.links},
        **{f"element:{entry.id}": entry.matched for entry in details.summary.elements},
        **{f"rule:{entry.id}": entry.met for entry in details.communication.rules},
    }


def item_labels(rubric: RubricDocument) -> Mapping[str, str]:
    """The same items in the rubric's order, in the rubric's words."""
    return {
        **{f"question:{question.id}": question.label for question in rubric.key_questions},
        **{f"link:{link.id}": link.description or link.id for link in rubric.reasoning.required_links},
        **{f"element:{item.id}": item.description or item.id for item in rubric.summary.required_elements},
        **{f"rule:{rule.id}": rule.description or rule.id for rule in rubric.communication.rules},
    }
