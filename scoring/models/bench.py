"""Runs of the bench: a draft tried on stored submissions. They are working papers, no gradings."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from rubrics.models import RubricVersion
from rubrics.sealed_field import SealedJSONField
from scoring.models.bounds import unit_interval
from scoring.models.submissions import Submission
from scoring.querysets import BenchRunQuerySet


class BenchState(models.TextChoices):
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Failed"


class BenchRun(models.Model):
    """One try. `content` is the draft as it was when the run was asked for: authors go on writing meanwhile.

    pass_mark null: each submission is judged by the cut score of its own assessment.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rubric_version = models.ForeignKey(RubricVersion, on_delete=models.CASCADE, related_name="bench_runs")
    baseline = models.ForeignKey(RubricVersion, on_delete=models.CASCADE, related_name="+")
    content = SealedJSONField()
    content_sha256 = models.CharField(max_length=64)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bench_runs")
    pass_mark = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    state = models.CharField(max_length=10, choices=BenchState.choices, default=BenchState.RUNNING)
    failure = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BenchRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["requested_by", "rubric_version", "-created_at"], name="bench_run_of_author")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BenchState.values), name="bench_run_state_is_known"),
            models.CheckConstraint(
                condition=Q(pass_mark__isnull=True) | unit_interval("pass_mark"), name="bench_pass_mark_is_0_to_1"
            ),
            models.CheckConstraint(
                condition=Q(state=BenchState.RUNNING) | Q(finished_at__isnull=False),
                name="ended_bench_run_knows_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Bench {self.id}"


class BenchEntry(models.Model):
    """One submission of a run. before, after: `scoring.domain.bench.Outcome`, null until it was graded.

    They hold spans and scores, no word of the student; with its submission the entry goes.
    """

    run = models.ForeignKey(BenchRun, on_delete=models.CASCADE, related_name="entries")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    refusal = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["run", "id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "submission"], name="bench_entry_is_unique"),
            models.CheckConstraint(
                condition=Q(before__isnull=True, after__isnull=True) | Q(before__isnull=False, after__isnull=False),
                name="bench_entry_has_both_sides",
            ),
        ]

    def __str__(self) -> str:
        return f"Entry {self.pk} of {self.run_id}"
