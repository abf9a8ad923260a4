"""Pages that show gradings: for faculty beside the rubric, for students once released."""

from django.urls import path

from feedback import review_views, views

urlpatterns = [
    path("gradings/", views.grading_list, name="gradings"),
    path("gradings/<uuid:grading_id>/", review_views.grading_page, name="grading"),
    path("gradings/<uuid:grading_id>/release/", views.grading_release_page, name="grading-release"),
    path("gradings/<uuid:grading_id>/verify/", review_views.grading_verify_page, name="grading-verify"),
    path("gradings/<uuid:grading_id>/decide/", review_views.grading_decide, name="grading-decide"),
    path("gradings/<uuid:grading_id>/changes/", review_views.grading_changes, name="grading-changes"),
    path("review/<int:assessment_id>/next/", review_views.review_next, name="review-next"),
    path("feedback/", views.my_feedback, name="my-feedback"),
    path("feedback/<uuid:grading_id>/", views.my_feedback_page, name="my-feedback-page"),
]
