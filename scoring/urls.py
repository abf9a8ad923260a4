"""Pages of scoring."""

from django.urls import path

from scoring.views import library

urlpatterns = [
    path("rubrics/", library.rubric_library, name="rubrics"),
]
