"""Pages that show gradings: for faculty beside the rubric, for students once released."""

from django.urls import path

from feedback import views

urlpatterns = [
    path("gradings/", views.grading_list, name="gradings"),
    path("gradings/<uuid:grading_id>/", views.grading_page, name="grading"),
    path("gradings/<uuid:grading_id>/release/", views.grading_release_page, name="grading-release"),
    path("gradings/<uuid:grading_id>/verify/", views.grading_verify_page, name="grading-verify"),
    path("feedback/", views.my_feedback, name="my-feedback"),
    path("feedback/<uuid:grading_id>/", views.my_feedback_page, name="my-feedback-page"),
]
