"""How the engine's sections are called in a rubric: case-insensitively, by code or by their usual full name."""

from __future__ import annotations

from rubrics.domain.document import Structure
from rubrics.domain.section_names import section_code
from scoring.domain.segmentation.section import Section

_SPOKEN_WITHIN = {Section.MEDS: Section.PMH, Section.ALLERGIES: Section.PMH}


def section_named(label: str) -> Section | None:
    """The engine's section for a rubric's label, or None for a label that nothing will ever be labelled with."""
    code = section_code(label)
    return None if code is None else Section(code)


def rubric_labels(structure: Structure) -> dict[Section | None, str]:
    """The rubric's spelling of every section.

    Medications and allergies count as past medical history unless the rubric's order names them. A section that the
    order does not name keeps the engine's code, so that it still shows in the detected order.
    """
    named: dict[Section | None, str] = {}
    for label in structure.expected_order:
        section = section_named(label)
        if section is not None:
            named.setdefault(section, label)
    for section in Section:
        home = _SPOKEN_WITHIN.get(section, section)
        named.setdefault(section, named.get(home, home.value))
    return named
