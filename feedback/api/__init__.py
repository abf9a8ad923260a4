"""Grading and feedback over HTTP: one module a noun."""

from feedback.api.composing import FeedbackComposeView
from feedback.api.grade import GradeView
from feedback.api.gradings import GradingListView, GradingVerifyView, GradingView

__all__ = ["FeedbackComposeView", "GradeView", "GradingListView", "GradingVerifyView", "GradingView"]
