"""`/metrics` of the web server: what Prometheus scrapes, for callers on our own networks only."""

from __future__ import annotations

import os

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from grader.client_address import is_within
from grader.errors import error_body
from grader.status import observe_health


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Every metric, summed over the web server's processes. The client's address was settled by the middleware."""
    if not is_within(request.META.get("REMOTE_ADDR", ""), settings.INTERNAL_NETWORKS):
        message = "Metrics are answered to internal networks only: ask from one of INTERNAL_NETWORKS."
        return JsonResponse(error_body("forbidden", message), status=403)
    observe_health()
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    """Under gunicorn a scrape reaches one process of several; their files hold what all of them counted."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
