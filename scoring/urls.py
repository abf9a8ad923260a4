"""Pages of scoring."""

from django.urls import path

from scoring.views import bench, library

urlpatterns = [
    path("rubrics/<slug:rubric_id>/<str:version>/bench/", bench.bench_page, name="rubric-bench"),
    path("rubrics/<slug:rubric_id>/<str:version>/bench/<uuid:run_id>/", bench.bench_run_page, name="rubric-bench-run"),
    path(
        "rubrics/<slug:rubric_id>/<str:version>/bench/<uuid:run_id>/cancel/",
        bench.bench_run_cancel_page,
        name="rubric-bench-cancel",
    ),
    path("rubrics/", library.rubric_library, name="rubrics"),
]
