"""Rubrics over HTTP: one module a noun."""

from rubrics.api.approvals import RubricApproveView, RubricArchiveView
from rubrics.api.checks import QaValidateView
from rubrics.api.diffs import RubricDiffView
from rubrics.api.documents import RubricView
from rubrics.api.drafts import RubricCopyView, RubricDraftView, RubricFromTemplateView, RubricRollBackView
from rubrics.api.edits import EditParseView, EditPreviewView
from rubrics.api.exchange import RubricExportView, RubricImportView
from rubrics.api.lists import RubricListView, RubricVersionsView

__all__ = [
    "EditParseView",
    "EditPreviewView",
    "QaValidateView",
    "RubricApproveView",
    "RubricArchiveView",
    "RubricCopyView",
    "RubricDiffView",
    "RubricDraftView",
    "RubricExportView",
    "RubricFromTemplateView",
    "RubricImportView",
    "RubricListView",
    "RubricRollBackView",
    "RubricVersionsView",
    "RubricView",
]
