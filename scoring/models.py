"""Assessments, what students submitted to them, and the machine's gradings.

A grading is a record: the database refuses to change one (migration 0002). Grading again makes another.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from rubrics.models import RubricVersion
from scoring.domain.overall import COMPONENTS
from scoring.domain.terms import Style
from scoring.querysets import AssessmentQuerySet, GradingQuerySet, SubmissionQuerySet

STYLES = [(style.value, style.value.capitalize()) for style in Style]
SHA256 = r"^[0-9a-f]{64}$"


def _unit_interval(field: str) -> Q:
    return Q(**{f"{field}__gte": 0, f"{field}__lte": 1})


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
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "course", "station"]
        constraints = [
            models.CheckConstraint(condition=_unit_interval("cut_score"), name="cut_score_is_between_0_and_1")
        ]

    def __str__(self) -> str:
        return f"{self.course}: {self.station}"


class Submission(models.Model):
    """What a student handed in, exactly as it was decoded. `student_id` is the school's own identifier."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(
        Assessment, null=True, blank=True, on_delete=models.PROTECT, related_name="submissions"
    )
    student_id = models.CharField(max_length=100)
    oral_transcript = models.TextField()
    summary_text = models.TextField(null=True, blank=True)  # noqa: DJ001 - no summary and an empty one differ
    format = models.CharField(max_length=20, blank=True, help_text="As stated; blank when it was to be recognised.")
    speaker_map = models.JSONField(default=dict, blank=True)
    transcript_sha256 = models.CharField(max_length=64)
    inputs_sha256 = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="submissions"
    )
    submitted_with_key = models.CharField(max_length=8, blank=True, help_text="Prefix of the API key, if any.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            # duplicates are recognised by content
            models.Index(fields=["inputs_sha256"], name="submission_by_content"),
            models.Index(fields=["student_id"], name="submission_by_student"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(student_id=""), name="submission_names_its_student"),
            models.CheckConstraint(
                condition=Q(transcript_sha256__regex=SHA256, inputs_sha256__regex=SHA256),
                name="submission_has_content_hashes",
            ),
        ]

    def __str__(self) -> str:
        return f"Submission {self.id}"


class Grading(models.Model):
    """The machine's grade of one submission by one rubric version and one engine version.

    `result` is the digested result (contract 6.9), `feedback` the composed text, which the digest leaves out.
    Scores stand in columns too, for lists, filters and statistics.
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
                models.CheckConstraint(condition=_unit_interval(f"{name}_score"), name=f"{name}_score_is_0_to_1")
                for name in ("overall", *COMPONENTS)
            ),
            models.CheckConstraint(condition=Q(digest__regex=SHA256), name="grading_has_a_digest"),
            models.CheckConstraint(
                condition=Q(style__in=[style.value for style in Style]), name="grading_style_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Grading {self.id}"


class IdempotencyKey(models.Model):
    """Remembers which grading answered a retried request; written in the grading's own transaction."""

    owner = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    body_sha256 = models.CharField(max_length=64)
    grading = models.ForeignKey(Grading, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_is_unique_per_owner")]

    def __str__(self) -> str:
        return f"{self.owner} {self.created_at:%Y-%m-%d}"
