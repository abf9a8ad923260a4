"""How the sections of an encounter may be called in a rubric: by code or by their usual full name."""

from __future__ import annotations

SECTION_NAMES: dict[str, tuple[str, ...]] = {
    "CC": ("cc", "chief complaint", "presenting complaint", "presenting problem", "opening"),
    "HPI": ("hpi", "history of present illness", "history of presenting complaint", "hpc", "present illness"),
    "ROS": ("ros", "review of systems", "systems review", "systemic enquiry"),
    "PMH": ("pmh", "past medical history", "past history", "medical history", "pmhx"),
    "MEDS": ("meds", "medications", "medication history", "drug history", "dh"),
    "ALLERGIES": ("allergies", "allergy", "all"),
    "SH": ("sh", "social history", "shx"),
    "FH": ("fh", "family history", "fhx"),
    "EXAM": ("exam", "examination", "physical exam", "physical examination", "pe"),
    "SUMMARY": ("summary", "summary statement", "summarising"),
    "ASSESSMENT": ("assessment", "impression", "differential", "differential diagnosis"),
    "PLAN": ("plan", "management", "management plan"),
}
"""Ways a rubric may spell each section, lower case; the code first."""


def section_code(label: str) -> str | None:
    """The code of the section that a label names, or None for a label that nothing will ever be labelled with.

    >>> section_code("Past_medical history"), section_code("Closing")
    ('PMH', None)
    """
    wanted = " ".join(label.casefold().replace("_", " ").split())
    return next((code for code, names in SECTION_NAMES.items() if wanted in names), None)
