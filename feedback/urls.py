"""Pages for faculty (the dashboard, assessments, uploads, gradings) and for students (what was released)."""

from django.urls import path

from feedback.views import assessments, batches, dashboard, gradings, numbers, releases, review, student, uploads

urlpatterns = [
    path("", dashboard.home, name="home"),
    path("sample-class/", dashboard.sample_class, name="sample-class"),
    path("assessments/", assessments.assessment_list, name="assessments"),
    path("assessments/<int:assessment_id>/", assessments.assessment_page, name="assessment"),
    path("assessments/<int:assessment_id>/upload/", uploads.upload_new, name="upload-new"),
    path("assessments/<int:assessment_id>/numbers/", numbers.assessment_numbers, name="assessment-numbers"),
    path("assessments/<int:assessment_id>/release/", releases.assessment_release_page, name="assessment-release"),
    path("assessments/<int:assessment_id>/grades/<slug:export>/", numbers.assessment_export, name="assessment-export"),
    path("batches/<uuid:batch_id>/", batches.batch_page, name="batch"),
    path("batches/<uuid:batch_id>/progress/", batches.batch_progress_line, name="batch-progress"),
    path("batches/<uuid:batch_id>/choose/", uploads.upload_choose, name="upload-choose"),
    path("batches/<uuid:batch_id>/files/<int:item_id>/", uploads.upload_item, name="upload-item"),
    path("batches/<uuid:batch_id>/files/<int:item_id>/keep/", uploads.upload_keep_twin, name="upload-keep-twin"),
    path("batches/<uuid:batch_id>/<slug:act>/", batches.batch_act, name="batch-act"),
    path("gradings/", gradings.grading_list, name="gradings"),
    path("gradings/<uuid:grading_id>/", review.grading_page, name="grading"),
    path("gradings/<uuid:grading_id>/release/", releases.grading_release_page, name="grading-release"),
    path("gradings/<uuid:grading_id>/withdraw/", releases.grading_withdraw_page, name="grading-withdraw"),
    path("gradings/<uuid:grading_id>/verify/", review.grading_verify_page, name="grading-verify"),
    path("gradings/<uuid:grading_id>/decide/", review.grading_decide, name="grading-decide"),
    path("gradings/<uuid:grading_id>/changes/", review.grading_changes, name="grading-changes"),
    path("review/<int:assessment_id>/next/", review.review_next, name="review-next"),
    path("feedback/", student.my_feedback, name="my-feedback"),
    path("feedback/<uuid:grading_id>/", student.my_feedback_page, name="my-feedback-page"),
    path("feedback/<uuid:grading_id>/pdf/", student.my_feedback_pdf, name="my-feedback-pdf"),
]
