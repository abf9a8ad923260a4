"""How the engine's sections are called in a rubric: case-insensitively, by code or by their usual full name."""

from __future__ import annotations

from rubrics.domain.document import Structure
from scoring.domain.segmentation.section import Section

NAMES: dict[Section, tuple[str, ...]] = {
    Section.CC: ("cc", "chief complaint", "presenting complaint", "presenting problem", "opening"),
    Section.HPI: ("hpi", "history of present illness", "history of presenting complaint", "hpc", "present illness"),
    Section.ROS: ("ros", "review of systems", "systems review", "systemic enquiry"),
    Section.PMH: ("pmh", "past medical history", "past history", "medical history", "pmhx"),
    Section.MEDS: ("meds", "medications", "medication history", "drug history", "dh"),
    Section.ALLERGIES: ("allergies", "allergy", "all"),
    Section.SH: ("sh", "social history", "shx"),
    Section.FH: ("fh", "family history", "fhx"),
    Section.EXAM: ("exam", "examination", "physical exam", "physical examination", "pe"),
    Section.SUMMARY: ("summary", "summary statement", "summarising"),
    Section.ASSESSMENT: ("assessment", "impression", "differential", "differential diagnosis"),
    Section.PLAN: ("plan", "management", "management plan"),
}
"""Ways a rubric may spell each section, lower case; the code first."""

_SPOKEN_WITHIN = {Section.MEDS: Section.PMH, Section.ALLERGIES: Section.PMH}


def section_named(label: str) -> Section | None:
    """The engine's section for a rubric's label, or None for a label that nothing will ever be labelled with."""
    wanted = " ".join(label.casefold().replace("_", " ").split())
    return next((section for section, names in NAMES.items() if wanted in names), None)


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
