"""Checks of the expected order and of the points that are taken off."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rubrics.domain.document import RubricDocument
from rubrics.domain.penalties import read_penalty
from rubrics.domain.qa.findings import Problem, amount
from rubrics.domain.section_names import section_code


def penalties_readable(rubric: RubricDocument) -> Iterator[Problem]:
    for index, penalty in enumerate(rubric.structure.penalties):
        if read_penalty(penalty, rubric.structure.expected_order) is None:
            yield Problem(
                f"structure.penalties.{index}",
                f"The penalty “{penalty.id}” can't be read: give it a kind (missing or order) with its section, or "
                "an id such as missing_summary or swap_pmh_before_hpi that names sections of expected_order.",
            )


def sections_known(rubric: RubricDocument) -> Iterator[Problem]:
    """A label that nothing in a transcript is ever given is missing for everybody; a repeated one is met once."""
    order = rubric.structure.expected_order
    seen: dict[str, str] = {}
    for index, label in enumerate(order):
        code, path = section_code(label), f"structure.expected_order.{index}"
        if code is None:
            yield Problem(
                path,
                f"No part of a transcript is ever labelled “{label}”, so it is missing for everybody. Use the usual "
                "name of a section, such as HPI, PMH, Social history or Summary.",
            )
        elif code in seen:
            yield Problem(path, f"“{label}” and “{seen[code]}” are one section; keep it once.")
        seen.setdefault(code or label, label)
    for index, penalty in enumerate(rubric.structure.penalties):
        reading = read_penalty(penalty, order)
        named = (None, None) if reading is None else (reading.section, reading.before)
        for field, section in zip(("section", "before"), named, strict=True):
            if section is not None and section not in order and section_code(section) is None:
                yield Problem(
                    f"structure.penalties.{index}.{field}",
                    f"“{section}” is neither in expected_order nor a section that is recognised. Name one that is.",
                )


def penalties_bounded(rubric: RubricDocument) -> Iterator[Problem]:
    """A component can lose no more than all of it, so what goes beyond 1 takes nothing."""
    penalties = rubric.structure.penalties
    total = -sum((penalty.value for penalty in penalties), Decimal(0))
    if total > 1:
        yield Problem(
            "structure.penalties",
            f"Together the penalties take {amount(total)}, and the structure score has only 1 to lose. Lower them.",
        )
    for index, penalty in enumerate(penalties):
        if not penalty.value:
            yield Problem(
                f"structure.penalties.{index}.value",
                f"The penalty “{penalty.id}” takes 0. Give it a value below 0, or remove it.",
            )
    yield from _gaps_bounded(rubric)


def _gaps_bounded(rubric: RubricDocument) -> Iterator[Problem]:
    reasoning = rubric.reasoning
    majors = sum(link.major for link in reasoning.required_links)
    total = -reasoning.major_gap_penalty * majors
    if total > 1:
        yield Problem(
            "reasoning.major_gap_penalty",
            f"{majors} missing major links take {amount(total)}, and the reasoning score has only 1 to lose. Make the "
            "penalty smaller or fewer links major.",
        )
    if majors and not reasoning.major_gap_penalty:
        yield Problem(
            "reasoning.major_gap_penalty",
            "Links are marked major, but the penalty for missing one is 0, so the mark is idle. Set it below 0.",
        )
