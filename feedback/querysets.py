"""What a student may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from feedback.models import Release


class ReleaseQuerySet(models.QuerySet["Release"]):
    def readable_by_student(self, student_id: str) -> Self:
        """Own releases only; an account without a student ID has none."""
        if not student_id:
            return self.none()
        return self.filter(grading__submission__student_id=student_id).select_related(
            "grading__submission__assessment", "grading__rubric_version__rubric", "grading__final__by", "released_by"
        )
