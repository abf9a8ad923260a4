"""A class list on its way in: read, looked at, not yet taken over."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from scoring.models.assessments import Assessment


class ClassListImport(models.Model):
    """The table of an uploaded file and which column was taken for what; gone once taken over or started anew."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="class_list_imports")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    filename = models.CharField(max_length=300)
    table = models.JSONField()
    columns = models.JSONField(default=dict)
    has_header = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "created_by"], name="one_class_list_import_a_person"),
        ]

    def __str__(self) -> str:
        return f"Class list for {self.assessment_id}"
