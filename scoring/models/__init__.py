"""Assessments, what students submitted to them, and how it was graded: one module a noun."""

from scoring.models.assessments import Assessment
from scoring.models.gradings import Grading
from scoring.models.idempotency import IdempotencyKey
from scoring.models.submissions import Submission

__all__ = ["Assessment", "Grading", "IdempotencyKey", "Submission"]
