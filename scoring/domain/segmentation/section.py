"""The sections of a clinical encounter, as utterances are labelled with them."""

from __future__ import annotations

from enum import StrEnum


class Section(StrEnum):
    """What a stretch of the encounter is about; a greeting or filler has none and takes the running one."""

    CC = "CC"
    HPI = "HPI"
    ROS = "ROS"
    PMH = "PMH"
    MEDS = "MEDS"
    ALLERGIES = "ALLERGIES"
    SH = "SH"
    FH = "FH"
    EXAM = "EXAM"
    SUMMARY = "SUMMARY"
    ASSESSMENT = "ASSESSMENT"
    PLAN = "PLAN"
