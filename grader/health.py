"""Liveness for load balancers: this process answers requests. Nothing else is looked at, on purpose.

A database that is away must not make every task be killed and replaced at once; `/services/status` tells about that.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

PATHS = frozenset({"/health", "/health/"})


class HealthMiddleware:
    """Answers before host checks and TLS redirects: a load balancer sends the task's address as Host, over HTTP."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in PATHS and request.method in {"GET", "HEAD"}:
            return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})
        return self.get_response(request)
