"""Checks of what the components count for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal

from rubrics.domain.document import RubricDocument
from rubrics.domain.qa.findings import PatchOperation, Problem, amount, replacement

WEIGHT_TOLERANCE = Decimal("0.001")
_STEP = Decimal("0.0001")

_FREE_POINTS = "counts {weight} and has no {items}, so everybody gets these points. Add {items} or set the weight to 0."
_NO_POINTS = "There are {items}, but the weight is 0, so they change no grade. Give it a weight if they should count."


def weights_sum(rubric: RubricDocument) -> Iterator[Problem]:
    total = sum(rubric.weights.model_dump().values(), Decimal(0))
    if abs(total - 1) > WEIGHT_TOLERANCE:
        yield Problem(
            "weights",
            f"The weights sum to {amount(total)}; change them so that they sum to 1.",
            _rescaled(rubric, total),
        )


def _rescaled(rubric: RubricDocument, total: Decimal) -> tuple[PatchOperation, ...]:
    """All weights in the same proportion, in steps of 0.0001; what rounding leaves goes to the largest."""
    weights: dict[str, Decimal] = {name: value for name, value in rubric.weights.model_dump().items() if value}
    if not weights:
        return ()
    scaled = {name: (value / total).quantize(_STEP, ROUND_HALF_EVEN) for name, value in weights.items()}
    largest = max(scaled, key=lambda name: scaled[name])
    scaled[largest] += 1 - sum(scaled.values(), Decimal(0))
    changes = (replacement(f"weights.{name}", weights[name], value) for name, value in scaled.items())
    return tuple(operation for change in changes for operation in change)


def communication_weight(rubric: RubricDocument) -> Iterator[Problem]:
    """Two numbers for one thing; `weights.communication` is the one that counts."""
    stated, counted = rubric.communication.weight, rubric.weights.communication
    if "weight" in rubric.communication.model_fields_set and stated != counted:
        yield Problem(
            "communication.weight",
            f"communication.weight is {stated} but weights.communication is {counted}; make them equal or leave "
            "communication.weight out.",
            replacement("communication.weight", stated, counted),
        )


def components_have_items(rubric: RubricDocument) -> Iterator[Problem]:
    """A weight without items is points for free; items without a weight are work for nothing."""
    for name, items, count in (
        ("key_questions", "questions", len(rubric.key_questions)),
        ("reasoning", "required links", len(rubric.reasoning.required_links)),
        ("communication", "rules", len(rubric.communication.rules)),
    ):
        weight: Decimal = getattr(rubric.weights, name)
        if weight and not count:
            message = f"{name.replace('_', ' ').capitalize()} {_FREE_POINTS.format(weight=amount(weight), items=items)}"
            yield Problem(f"weights.{name}", message)
        elif count and not weight and name != "communication":
            yield Problem(f"weights.{name}", _NO_POINTS.format(items=items))
    if rubric.weights.summary and not rubric.summary.required_elements:
        yield Problem(
            "summary.required_elements",
            "The summary counts and asks for no element, so half of its points are for brevity and half are free. Add "
            "what a summary must contain.",
        )
