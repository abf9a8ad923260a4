"""What the product does: grade and compose, grade many, release. One module a noun."""

from feedback.services.batches import (
    BatchEntry,
    batch_cancel,
    batch_create,
    batch_create_once,
    batch_pause,
    batch_resume,
    batch_retry_failures,
    batch_start,
)
from feedback.services.grading import GradeRequest, feedback_as_json, grade_and_compose, submission_grade
from feedback.services.releases import grading_release

__all__ = [
    "BatchEntry",
    "GradeRequest",
    "batch_cancel",
    "batch_create",
    "batch_create_once",
    "batch_pause",
    "batch_resume",
    "batch_retry_failures",
    "batch_start",
    "feedback_as_json",
    "grade_and_compose",
    "grading_release",
    "submission_grade",
]
