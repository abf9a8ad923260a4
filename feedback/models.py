"""Releases: what a student may read now, and the history of who let them and who took it back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from feedback.querysets import ReleaseQuerySet
from scoring.models import Grading


class Release(models.Model):
    """Only a person releases; a student sees released gradings and nothing else. Taking it back removes the row."""

    grading = models.OneToOneField(Grading, on_delete=models.PROTECT, related_name="release")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(default=timezone.now)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-released_at"]

    def __str__(self) -> str:
        return f"Release of {self.grading_id}"


class ReleaseKind(models.TextChoices):
    RELEASED = "released", "Released"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ReleaseEvent(models.Model):
    """One release or withdrawal, for ever: the database refuses to change or delete it (migration 0003)."""

    grading = models.ForeignKey(Grading, on_delete=models.PROTECT, related_name="release_events")
    kind = models.CharField(max_length=10, choices=ReleaseKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["grading", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ReleaseKind.RELEASED.value) | (Q(kind=ReleaseKind.WITHDRAWN.value) & ~Q(reason="")),
                name="withdrawal_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.grading_id}"
