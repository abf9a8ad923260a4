"""Retried requests."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from scoring.models.gradings import Grading


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
