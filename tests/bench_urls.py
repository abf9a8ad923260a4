"""The addresses of the benchmark's server."""

from django.urls import include, path

from tests.bench_bare import BareView

urlpatterns = [path("bench/bare", BareView.as_view()), path("", include("grader.urls"))]
