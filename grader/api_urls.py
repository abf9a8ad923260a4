"""Everything under /api/."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from feedback import api as feedback_api
from grader.views import ApiRootView
from rubrics import api as rubrics_api
from scoring import api as scoring_api

urlpatterns = [
    path("", ApiRootView.as_view(), name="api-root"),
    path("/grade", feedback_api.GradeView.as_view(), name="api-grade"),
    path("/gradings", feedback_api.GradingListView.as_view(), name="api-gradings"),
    path("/gradings/batch", feedback_api.BatchCreateView.as_view(), name="api-batches"),
    path("/gradings/batch/<uuid:batch_id>", feedback_api.BatchView.as_view(), name="api-batch"),
    path("/gradings/batch/<uuid:batch_id>/cancel", feedback_api.BatchCancelView.as_view(), name="api-batch-cancel"),
    path("/gradings/batch/<uuid:batch_id>/retry", feedback_api.BatchRetryView.as_view(), name="api-batch-retry"),
    path("/gradings/<uuid:grading_id>", feedback_api.GradingView.as_view(), name="api-grading"),
    path("/gradings/<uuid:grading_id>/verify", feedback_api.GradingVerifyView.as_view(), name="api-grading-verify"),
    path("/gradings/<uuid:grading_id>/decisions", scoring_api.GradingDecisionsView.as_view(), name="api-decisions"),
    path("/rubrics", rubrics_api.RubricListView.as_view(), name="api-rubrics"),
    path("/rubrics/import", rubrics_api.RubricImportView.as_view(), name="api-rubric-import"),
    path("/rubrics/from-template", rubrics_api.RubricFromTemplateView.as_view(), name="api-rubric-from-template"),
    path("/rubrics/<str:rubric_id>/draft", rubrics_api.RubricDraftView.as_view(), name="api-rubric-draft"),
    path("/rubrics/<str:rubric_id>/copy", rubrics_api.RubricCopyView.as_view(), name="api-rubric-copy"),
    path("/rubrics/<str:rubric_id>/roll-back", rubrics_api.RubricRollBackView.as_view(), name="api-rubric-roll-back"),
    path("/rubrics/<str:rubric_id>/export", rubrics_api.RubricExportView.as_view(), name="api-rubric-export"),
    path("/rubrics/<str:rubric_id>", rubrics_api.RubricView.as_view(), name="api-rubric"),
    path("/rubrics/<str:rubric_id>/versions", rubrics_api.RubricVersionsView.as_view(), name="api-rubric-versions"),
    path("/rubrics/<str:rubric_id>/approve", rubrics_api.RubricApproveView.as_view(), name="api-rubric-approve"),
    path("/rubrics/<str:rubric_id>/archive", rubrics_api.RubricArchiveView.as_view(), name="api-rubric-archive"),
    path("/rubrics/<str:rubric_id>/diff", rubrics_api.RubricDiffView.as_view(), name="api-rubric-diff"),
    path("/edit/parse", rubrics_api.EditParseView.as_view(), name="api-edit-parse"),
    path("/edit/preview", rubrics_api.EditPreviewView.as_view(), name="api-edit-preview"),
    path("/qa/validate", rubrics_api.QaValidateView.as_view(), name="api-qa-validate"),
    path("/transcripts/parse", scoring_api.TranscriptParseView.as_view(), name="api-transcripts-parse"),
    path("/transcripts/segment", scoring_api.TranscriptSegmentView.as_view(), name="api-transcripts-segment"),
    path("/match/questions", scoring_api.MatchQuestionsView.as_view(), name="api-match-questions"),
    path("/evaluate/structure", scoring_api.StructureEvaluationView.as_view(), name="api-evaluate-structure"),
    path(
        "/evaluate/key_questions",
        scoring_api.KeyQuestionsEvaluationView.as_view(),
        name="api-evaluate-key-questions",
    ),
    path("/evaluate/reasoning", scoring_api.ReasoningEvaluationView.as_view(), name="api-evaluate-reasoning"),
    path("/evaluate/summary", scoring_api.SummaryEvaluationView.as_view(), name="api-evaluate-summary"),
    path(
        "/evaluate/communication",
        scoring_api.CommunicationEvaluationView.as_view(),
        name="api-evaluate-communication",
    ),
    path("/feedback/compose", feedback_api.FeedbackComposeView.as_view(), name="api-feedback-compose"),
    path("/score/compute", scoring_api.ScoreComputeView.as_view(), name="api-score-compute"),
    path("/schema", SpectacularAPIView.as_view(permission_classes=[]), name="api-schema"),
]
