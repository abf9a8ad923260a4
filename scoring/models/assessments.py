"""Stations that students are assessed at."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from rubrics.models import RubricVersion
from scoring.models.bounds import unit_interval
from scoring.querysets import AssessmentQuerySet


class Assessment(models.Model):
    """A station of a course on a day: one rubric version, one owner, any number of graders."""

    course = models.CharField(max_length=200)
    station = models.CharField(max_length=200)
    date = models.DateField()
    rubric_version = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="assessments")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_assessments")
    graders = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="graded_assessments")
    cut_score = models.DecimalField(
        max_digits=5, decimal_places=4, default=0, validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    anonymous_grading = models.BooleanField(
        default=False, db_default=False, help_text="Graders see candidate codes instead of names and student IDs."
    )
    instructions = models.TextField(
        blank=True, default="", db_default="", help_text="For graders: what the station was, what to look for."
    )
    archived_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is out of the lists.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "course", "station"]
        constraints = [
            models.CheckConstraint(condition=unit_interval("cut_score"), name="cut_score_is_between_0_and_1")
        ]

    def __str__(self) -> str:
        return f"{self.course}: {self.station}"
