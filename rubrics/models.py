"""Rubrics as they are stored: one row a version, immutable once approved.

Immutability is enforced by a trigger (migration 0002), not here: the admin, a shell and raw SQL go past Python.
"""

from __future__ import annotations

import uuid
from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from rubrics.domain.document import RubricDocument, RubricStatus, rubric_from_mapping
from rubrics.domain.semver import SemanticVersion
from rubrics.querysets import RubricVersionQuerySet
from rubrics.sealed_field import SealedJSONField

STATUSES = [(status.value, status.value.capitalize()) for status in RubricStatus]


class RubricKey(models.Model):
    """A data key that rubric content is sealed with, itself wrapped under the school's key. See `rubrics.keyring`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wrapped = models.BinaryField()
    wrapped_by = models.CharField(max_length=300, help_text="Names the key it is wrapped under; no secret.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(wrapped_by=""), name="rubric_key_names_its_wrapping")]

    def __str__(self) -> str:
        return f"Data key {self.id}"


class Rubric(models.Model):
    """A rubric's name; what it says is in its versions."""

    rubric_id = models.SlugField(max_length=100, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["rubric_id"]

    def __str__(self) -> str:
        return self.rubric_id


class RubricVersion(models.Model):
    """One version of a rubric: a semantic version, a document and a state."""

    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="versions")
    major = models.PositiveIntegerField()
    minor = models.PositiveIntegerField()
    patch = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=STATUSES, default=RubricStatus.DRAFT)
    title = models.CharField(max_length=300, blank=True)
    specialty = models.CharField(max_length=100, blank=True)
    content = SealedJSONField(help_text="The document without status, dates and approval, which are columns.")
    content_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approval_note = models.TextField(blank=True)

    objects = RubricVersionQuerySet.as_manager()

    class Meta:
        ordering = ["rubric__rubric_id", "-major", "-minor", "-patch"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "major", "minor", "patch"], name="rubric_version_is_unique"),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in RubricStatus]),
                name="rubric_version_status_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=RubricStatus.APPROVED.value) | (Q(approved_at__isnull=False) & ~Q(approved_by="")),
                name="approved_rubric_names_its_approver",
            ),
            models.CheckConstraint(
                condition=Q(content_sha256__regex=r"^[0-9a-f]{64}$"), name="rubric_version_has_a_content_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rubric.rubric_id} {self.version}"

    @property
    def number(self) -> SemanticVersion:
        return SemanticVersion(self.major, self.minor, self.patch)

    @property
    def version(self) -> str:
        return str(self.number)

    @cached_property
    def document(self) -> RubricDocument:
        """The whole document, status, dates and approval included."""
        state = {
            "status": self.status,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }
        if self.approved_at is not None:
            state["approval"] = {"by": self.approved_by, "at": self.approved_at, "note": self.approval_note}
        return rubric_from_mapping({**self.content, **state})


class RetriedRequest(models.Model):
    """Which version a request with an `Idempotency-Key` led to; written in the transaction of the act."""

    owner = models.CharField(max_length=100)
    route = models.CharField(max_length=50)
    key = models.CharField(max_length=255)
    body_sha256 = models.CharField(max_length=64)
    version = models.ForeignKey(RubricVersion, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "route", "key"], name="retried_request_is_unique_per_owner"),
            models.CheckConstraint(
                condition=Q(body_sha256__regex=r"^[0-9a-f]{64}$"), name="retried_request_has_a_body_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.route} {self.created_at:%Y-%m-%d}"
