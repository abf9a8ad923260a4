"""Grading and feedback over HTTP: one module a noun."""

from feedback.api.batches import BatchCancelView, BatchCreateView, BatchRetryView, BatchView
from feedback.api.composing import FeedbackComposeView
from feedback.api.grade import GradeView
from feedback.api.gradings import GradingListView, GradingVerifyView, GradingView

__all__ = [
    "BatchCancelView",
    "BatchCreateView",
    "BatchRetryView",
    "BatchView",
    "FeedbackComposeView",
    "GradeView",
    "GradingListView",
    "GradingVerifyView",
    "GradingView",
]
