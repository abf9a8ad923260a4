"""Paths under /api/ answer with and without a trailing slash; the URL configuration names each of them once."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_PREFIXES = ("/api/", "/docs", "/services/", "/metrics", "/health")


class TrailingSlashMiddleware:
    """Drops the slash before routing. A redirect instead would lose the body of a POST."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(_PREFIXES) and len(request.path_info) > 1:
            request.path_info = request.path_info.rstrip("/")
        return self.get_response(request)
