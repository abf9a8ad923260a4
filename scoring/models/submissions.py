"""What students handed in."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from scoring.models.assessments import Assessment
from scoring.models.bounds import SHA256
from scoring.models.candidates import Candidate
from scoring.querysets import SubmissionQuerySet


class Submission(models.Model):
    """What a student handed in, exactly as it was decoded. `student_id` is the school's own identifier.

    candidate: their row in the assessment's class list; None where there is no assessment.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(
        Assessment, null=True, blank=True, on_delete=models.PROTECT, related_name="submissions"
    )
    candidate = models.ForeignKey(
        Candidate, null=True, blank=True, on_delete=models.PROTECT, related_name="submissions"
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
