"""Conditions that several tables put on their columns."""

from __future__ import annotations

from django.db.models import Q

SHA256 = r"^[0-9a-f]{64}$"


def unit_interval(field: str) -> Q:
    """Between 0 and 1, both included: every score and every threshold."""
    return Q(**{f"{field}__gte": 0, f"{field}__lte": 1})
