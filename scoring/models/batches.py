"""Grading of many in the background: what was handed in together, and how far it is."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from scoring.domain.terms import Style
from scoring.models.assessments import Assessment
from scoring.models.candidates import Candidate
from scoring.models.gradings import STYLES, Grading
from scoring.querysets import BatchItemQuerySet, BatchQuerySet


class BatchKind(models.TextChoices):
    UPLOAD = "upload", "Upload"
    API = "api", "API"


class BatchState(models.TextChoices):
    """draft: uploaded and looked at, nothing is graded yet."""

    DRAFT = "draft", "Not started"
    RUNNING = "running", "Grading"
    PAUSED = "paused", "Paused"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"


class ItemState(models.TextChoices):
    """duplicate: the same content was handed in before. dropped: can't be read, or a person left it out."""

    WAITING = "waiting", "Waiting"
    GRADING = "grading", "Being graded"
    DONE = "done", "Graded"
    FAILED = "failed", "Failed"
    DUPLICATE = "duplicate", "Duplicate"
    DROPPED = "dropped", "Left out"


OPEN_STATES = (ItemState.WAITING, ItemState.GRADING)


class Batch(models.Model):
    """Submissions that are graded in the background, of one upload or one API request.

    Its owner is a user or an API key; `owner_sees_everything` keeps what the key was allowed when it asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=BatchKind.choices)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.DRAFT)
    assessment = models.ForeignKey(Assessment, null=True, blank=True, on_delete=models.CASCADE, related_name="batches")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="batches"
    )
    created_with_key = models.CharField(max_length=8, blank=True, help_text="Prefix of the API key, if any.")
    owner_sees_everything = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    running_since = models.DateTimeField(null=True, blank=True, help_text="Started or resumed; for the estimate.")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "batches"
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["assessment", "-created_at"], name="batch_of_assessment")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=BatchKind.values), name="batch_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="batch_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=BatchState.RUNNING) | Q(running_since__isnull=False),
                name="running_batch_knows_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Batch {self.id}"


class BatchItem(models.Model):
    """One submission of a batch: the request, then what became of it.

    The texts are emptied once the item is graded, because the submission holds them from then on.
    reading: how an uploaded file was read (`feedback.domain.uploads`), None for what came through the API.
    attempts: how often a worker took it; a worker that died with it has counted too.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    source_name = models.CharField(max_length=300, blank=True, help_text="File or row it came from.")
    candidate = models.ForeignKey(Candidate, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    student_id = models.CharField(max_length=100, blank=True)
    assessment = models.ForeignKey(Assessment, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    rubric_id = models.CharField(max_length=100, blank=True)
    rubric_version = models.CharField(max_length=40, blank=True, help_text="Blank: the latest approved one.")
    style = models.CharField(max_length=20, choices=STYLES, default=Style.CONSTRUCTIVE.value)
    oral_transcript = models.TextField(blank=True)
    summary_text = models.TextField(null=True, blank=True)  # noqa: DJ001 - no summary and an empty one differ
    format = models.CharField(max_length=20, blank=True)
    speaker_map = models.JSONField(default=dict, blank=True)
    inputs_sha256 = models.CharField(max_length=64, blank=True)
    allow_duplicate = models.BooleanField(default=False, help_text="A person wants it graded although a twin exists.")
    reading = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.WAITING)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.CharField(max_length=1000, blank=True)
    grading = models.ForeignKey(Grading, null=True, blank=True, on_delete=models.PROTECT, related_name="batch_items")
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BatchItemQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "position"]
        indexes = [models.Index(fields=["batch", "state", "position"], name="batch_item_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="batch_item_has_a_place_of_its_own"),
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="batch_item_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=ItemState.DONE) | Q(grading__isnull=False), name="graded_batch_item_has_its_grading"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ItemState.FAILED, ItemState.DROPPED]) | ~Q(error_code=""),
                name="batch_item_says_why_it_is_not_graded",
            ),
            models.CheckConstraint(
                condition=Q(style__in=[style.value for style in Style]), name="batch_item_style_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Item {self.position} of {self.batch_id}"
