"""The machine's gradings. A grading is a record: the database refuses to change one (migration 0002)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from rubrics.models import RubricVersion
from scoring.domain.overall import COMPONENTS
from scoring.domain.terms import Style
from scoring.models.bounds import SHA256, unit_interval
from scoring.models.submissions import Submission
from scoring.querysets import GradingQuerySet

STYLES = [(style.value, style.value.capitalize()) for style in Style]


class Grading(models.Model):
    """The machine's grade of one submission by one rubric version and one engine version.

    `result` is the digested result (contract 6.9), `feedback` the composed text, which the digest leaves out.
    Scores and verdicts stand in columns too, for lists, filters and statistics; gradings of before there was such a
    column have none, and theirs are read out of the result.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="gradings")
    rubric_version = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="gradings")
    style = models.CharField(max_length=20, choices=STYLES)
    result = models.JSONField()
    feedback = models.JSONField()
    overall_score = models.DecimalField(max_digits=5, decimal_places=4)
    structure_score = models.DecimalField(max_digits=5, decimal_places=4)
    key_questions_score = models.DecimalField(max_digits=5, decimal_places=4)
    reasoning_score = models.DecimalField(max_digits=5, decimal_places=4)
    summary_score = models.DecimalField(max_digits=5, decimal_places=4)
    communication_score = models.DecimalField(max_digits=5, decimal_places=4)
    verdicts = models.JSONField(null=True, blank=True, help_text="By item: what statistics need of the result.")
    uncertain_items = models.PositiveIntegerField(default=0)
    warning_count = models.PositiveIntegerField(default=0)
    engine_version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = GradingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["-created_at", "id"], name="grading_newest_first"),
            models.Index(fields=["engine_version", "created_at"], name="grading_by_engine"),
        ]
        constraints = [
            *(
                models.CheckConstraint(condition=unit_interval(f"{name}_score"), name=f"{name}_score_is_0_to_1")
                for name in ("overall", *COMPONENTS)
            ),
            models.CheckConstraint(condition=Q(digest__regex=SHA256), name="grading_has_a_digest"),
            models.CheckConstraint(
                condition=Q(style__in=[style.value for style in Style]), name="grading_style_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Grading {self.id}"
