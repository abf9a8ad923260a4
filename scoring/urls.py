"""Pages of scoring."""

from django.urls import path

from scoring.views import assessments, bench, class_lists, library

urlpatterns = [
    path("rubrics/<slug:rubric_id>/<str:version>/bench/", bench.bench_page, name="rubric-bench"),
    path("rubrics/<slug:rubric_id>/<str:version>/bench/<uuid:run_id>/", bench.bench_run_page, name="rubric-bench-run"),
    path(
        "rubrics/<slug:rubric_id>/<str:version>/bench/<uuid:run_id>/cancel/",
        bench.bench_run_cancel_page,
        name="rubric-bench-cancel",
    ),
    path("rubrics/", library.rubric_library, name="rubrics"),
    path("assessments/new/", assessments.assessment_new, name="assessment-new"),
    path("assessments/<int:assessment_id>/edit/", assessments.assessment_edit, name="assessment-edit"),
    path("assessments/<int:assessment_id>/archive/", assessments.assessment_put_away, name="assessment-archive"),
    path("assessments/<int:assessment_id>/reveal/", assessments.reveal, name="assessment-reveal"),
    path("assessments/<int:assessment_id>/candidates/", class_lists.class_list, name="class-list"),
    path("assessments/<int:assessment_id>/candidates/new/", class_lists.candidate_new, name="candidate-new"),
    path(
        "assessments/<int:assessment_id>/candidates/<int:candidate_id>/remove/",
        class_lists.candidate_delete,
        name="candidate-remove",
    ),
    path("assessments/<int:assessment_id>/candidates/import/", class_lists.import_new, name="class-list-import-new"),
    path(
        "assessments/<int:assessment_id>/candidates/import/<uuid:import_id>/",
        class_lists.import_preview,
        name="class-list-import",
    ),
    path(
        "assessments/<int:assessment_id>/candidates/import/<uuid:import_id>/apply/",
        class_lists.import_apply,
        name="class-list-import-apply",
    ),
]
