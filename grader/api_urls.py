"""Everything under /api/."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from feedback import api as feedback_api
from grader.views import ApiRootView

urlpatterns = [
    path("", ApiRootView.as_view(), name="api-root"),
    path("/grade", feedback_api.GradeView.as_view(), name="api-grade"),
    path("/gradings", feedback_api.GradingListView.as_view(), name="api-gradings"),
    path("/gradings/<uuid:grading_id>", feedback_api.GradingView.as_view(), name="api-grading"),
    path("/gradings/<uuid:grading_id>/verify", feedback_api.GradingVerifyView.as_view(), name="api-grading-verify"),
    path("/schema", SpectacularAPIView.as_view(permission_classes=[]), name="api-schema"),
]
