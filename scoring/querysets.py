"""Who sees which assessment, submission and grading: every page and every endpoint comes through `visible_to`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from scoring.access import Viewer

if TYPE_CHECKING:
    from scoring.models import Assessment, Grading, Submission


def _teaches(viewer: Viewer, prefix: str) -> Q:
    return Q(**{f"{prefix}owner_id": viewer.user_id}) | Q(**{f"{prefix}graders": viewer.user_id})


def _submitted(viewer: Viewer, prefix: str) -> Q:
    """Own submissions by key or user, and those of one's assessments."""
    mine = Q(pk__in=[])
    if viewer.key_prefix:
        mine |= Q(**{f"{prefix}submitted_with_key": viewer.key_prefix})
    if viewer.user_id is not None:
        mine |= Q(**{f"{prefix}submitted_by_id": viewer.user_id}) | _teaches(viewer, f"{prefix}assessment__")
    return mine


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, viewer: Viewer) -> Self:
        if viewer.sees_everything:
            return self.all()
        if viewer.user_id is None:
            return self.none()
        return self.filter(_teaches(viewer, "")).distinct()


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.all() if viewer.sees_everything else self.filter(_submitted(viewer, "")).distinct()


class GradingQuerySet(models.QuerySet["Grading"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.all() if viewer.sees_everything else self.filter(_submitted(viewer, "submission__")).distinct()

    def with_context(self) -> Self:
        return self.select_related("submission__assessment", "rubric_version__rubric")

    def since(self, moment: datetime | None) -> Self:
        return self.all() if moment is None else self.filter(created_at__gte=moment)
