"""Retried requests."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from scoring.models.batches import Batch
from scoring.models.bounds import SHA256
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


class RetriedBatch(models.Model):
    """Remembers which batch answered a retried request; written in the transaction that made the batch."""

    owner = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    body_sha256 = models.CharField(max_length=64)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "retried batches"
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="retried_batch_is_unique_per_owner"),
            models.CheckConstraint(condition=Q(body_sha256__regex=SHA256), name="retried_batch_has_a_body_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.created_at:%Y-%m-%d}"
