"""Assessments, what students submitted to them, and how it was graded: one module a noun."""

from scoring.models.assessments import Assessment
from scoring.models.batches import OPEN_STATES, Batch, BatchItem, BatchKind, BatchState, ItemState
from scoring.models.bench import BenchEntry, BenchRun, BenchState
from scoring.models.candidates import Candidate, IdentityReveal
from scoring.models.class_lists import ClassListImport
from scoring.models.decisions import FinalScore, ReviewDecision
from scoring.models.gradings import Grading
from scoring.models.idempotency import IdempotencyKey, RetriedBatch
from scoring.models.submissions import Submission

__all__ = [
    "OPEN_STATES",
    "Assessment",
    "Batch",
    "BatchItem",
    "BatchKind",
    "BatchState",
    "BenchEntry",
    "BenchRun",
    "BenchState",
    "Candidate",
    "ClassListImport",
    "FinalScore",
    "Grading",
    "IdempotencyKey",
    "IdentityReveal",
    "ItemState",
    "RetriedBatch",
    "ReviewDecision",
    "Submission",
]
