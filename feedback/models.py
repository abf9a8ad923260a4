"""Releases: the moment a person lets a student read their feedback."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from feedback.querysets import ReleaseQuerySet
from scoring.models import Grading


class Release(models.Model):
    """Only a person releases; a student sees released gradings and nothing else."""

    grading = models.OneToOneField(Grading, on_delete=models.PROTECT, related_name="release")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(default=timezone.now)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-released_at"]

    def __str__(self) -> str:
        return f"Release of {self.grading_id}"
