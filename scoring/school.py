"""The engine as this installation runs it: with the words of the school's vocabulary file."""

from __future__ import annotations

from django.conf import settings

from scoring.domain.engine import STANDARD, Engine


def school_engine() -> Engine:
    """By which everything that is stored is graded and verified; its version tells a school's words apart."""
    return Engine(settings.SCHOOL_VOCABULARY) if settings.SCHOOL_VOCABULARY else STANDARD
