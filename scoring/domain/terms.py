"""Words with a fixed set of values that results, feedback and the database share."""

from __future__ import annotations

from enum import StrEnum


class Style(StrEnum):
    """How feedback is worded; the points are the same."""

    CONSTRUCTIVE = "constructive"
    DETAILED = "detailed"
    CONCISE = "concise"


class Severity(StrEnum):
    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
