"""How elements and penalties without a kind are read."""

from __future__ import annotations

from typing import Any

import pytest

from rubrics.domain.document import ElementKind, PenaltyKind, StructurePenalty, SummaryElement
from rubrics.domain.elements import ElementReading, read_element
from rubrics.domain.penalties import PenaltyReading, read_penalty

POSITIVE, NEGATIVE = ElementKind.POSITIVE_FINDINGS, ElementKind.NEGATIVE_FINDINGS

DESCRIPTIONS = {
    "At least 2 positive findings": (POSITIVE, 2),
    "at least two pertinent negatives": (NEGATIVE, 2),
    "Two pertinent negatives": (NEGATIVE, 2),
    "3 or more positive clinical findings": (POSITIVE, 3),
    "2+ pertinent positives": (POSITIVE, 2),
    "≥ 2 negative findings": (NEGATIVE, 2),
    "≥2 relevant negative symptoms": (NEGATIVE, 2),
    "Includes a minimum of three key positive findings": (POSITIVE, 3),
    "Negative findings (at least 2)": (NEGATIVE, 2),
    "Pertinent positives: two or more": (POSITIVE, 2),
    "A pertinent negative": (NEGATIVE, 1),
    "Pertinent negatives": (NEGATIVE, 1),
    "Pertinent positive findings": (POSITIVE, 1),
    "At least 2  positive\nfindings": (POSITIVE, 2),
    "States a negative pregnancy test": (None, 1),
    "One positive family history": (None, 1),
    "At least 2 positive and 2 negative findings": (None, 1),
    "Pertinent positives and negatives": (None, 1),
    "Organised and fluent delivery": (None, 1),
    "At least 2 risk factors": (None, 1),
    "": (None, 1),
}


def element(**fields: Any) -> SummaryElement:
    return SummaryElement.model_validate({"id": "e", "anchor": "#e", **fields})


@pytest.mark.parametrize(("description", "expected"), DESCRIPTIONS.items(), ids=list(DESCRIPTIONS))
def test_a_null_pattern_is_read_from_its_description(
    description: str, expected: tuple[ElementKind | None, int]
) -> None:
    assert read_element(element(description=description, pattern=None)) == ElementReading(*expected)


def test_a_count_that_is_stated_wins_over_the_described_one() -> None:
    assert read_element(element(description="At least 2 positive findings", min_count=4)) == ElementReading(POSITIVE, 4)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"pattern": "x", "description": "At least 2 positive findings"}, ElementKind.PATTERN),
        ({"phrases": ["x"], "description": "At least 2 positive findings"}, ElementKind.PHRASES),
        ({"pattern": "x", "phrases": ["y"], "kind": "phrases"}, ElementKind.PHRASES),
        ({"kind": "negative_findings"}, NEGATIVE),
    ],
)
def test_a_kind_comes_before_a_pattern_before_phrases_before_the_description(
    fields: dict[str, Any], kind: ElementKind
) -> None:
    assert read_element(element(**fields)).kind is kind


LABELS = ["CC", "HPI", "Past medical history", "Follow-up", "Summary"]
PENALTIES = {
    "missing_summary": PenaltyReading(PenaltyKind.MISSING, "Summary"),
    "MISSING_SUMMARY": PenaltyReading(PenaltyKind.MISSING, "Summary"),
    "missing_past_medical_history": PenaltyReading(PenaltyKind.MISSING, "Past medical history"),
    "missing_follow_up": PenaltyReading(PenaltyKind.MISSING, "Follow-up"),
    "swap_hpi_before_cc": PenaltyReading(PenaltyKind.ORDER, "HPI", "CC"),
    "swap_Past_Medical_History_before_HPI": PenaltyReading(PenaltyKind.ORDER, "Past medical history", "HPI"),
    "missing_exam": None,
    "missing_": None,
    "swap_hpi": None,
    "swap_hpi_before_exam": None,
    "swap_before_hpi": None,
    "late_summary": None,
    "summary_missing": None,
}


@pytest.mark.parametrize(("identifier", "expected"), PENALTIES.items(), ids=list(PENALTIES))
def test_a_penalty_without_a_kind_is_read_from_its_id(identifier: str, expected: PenaltyReading | None) -> None:
    assert read_penalty(penalty(id=identifier), LABELS) == expected


def test_a_kind_wins_over_the_id_and_takes_the_spelling_of_the_labels() -> None:
    stated = penalty(id="missing_cc", kind="order", section="SUMMARY", before="past_medical_history")
    assert read_penalty(stated, LABELS) == PenaltyReading(PenaltyKind.ORDER, "Summary", "Past medical history")


def test_a_section_that_the_order_does_not_name_is_kept_as_it_is_written() -> None:
    stated = penalty(id="x", kind="missing", section="Plan")
    assert read_penalty(stated, LABELS) == PenaltyReading(PenaltyKind.MISSING, "Plan")


def penalty(**fields: Any) -> StructurePenalty:
    return StructurePenalty.model_validate({"anchor": "#p", "value": -0.1, **fields})
