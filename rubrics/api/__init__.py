"""Rubrics over HTTP: one module a noun."""

from rubrics.api.approvals import RubricApproveView, RubricArchiveView
from rubrics.api.checks import QaValidateView
from rubrics.api.diffs import RubricDiffView
from rubrics.api.documents import RubricView
from rubrics.api.edits import EditParseView, EditPreviewView
from rubrics.api.lists import RubricListView, RubricVersionsView

__all__ = [
    "EditParseView",
    "EditPreviewView",
    "QaValidateView",
    "RubricApproveView",
    "RubricArchiveView",
    "RubricDiffView",
    "RubricListView",
    "RubricVersionsView",
    "RubricView",
]
