"""Counts and times API requests."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from scoring.metrics import ERRORS, REQUEST_DURATION, REQUESTS

# What is under /api/ and the part that answers it, for views that name no `service` themselves; longest first.
_SERVICES_BY_PATH = (
    ("api/evaluate/structure", "structure"),
    ("api/evaluate/reasoning", "reasoning"),
    ("api/evaluate/summary", "summary"),
    ("api/transcripts", "transcripts"),
    ("api/gradings", "grade"),
    ("api/feedback", "feedback"),
    ("api/rubrics", "rubrics"),
    ("api/grade", "grade"),
    ("api/match", "questions"),
    ("api/score", "scoring"),
    ("api/edit", "edit"),
    ("api/qa", "qa"),
)


def service_of(match: ResolverMatch) -> str | None:
    """The part that a matched view belongs to; None for pages and for the parts of operations."""
    view = getattr(match.func, "cls", None) or getattr(match.func, "view_class", None)
    declared = getattr(view, "service", None)
    if isinstance(declared, str):
        return declared
    endpoint = endpoint_of(match).removeprefix("/")
    return next((service for path, service in _SERVICES_BY_PATH if endpoint.startswith(path)), None)


def endpoint_of(match: ResolverMatch) -> str:
    """The route with its parameters named and not filled in: `/api/gradings/{grading_id}`, one time series for all."""
    route = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"{\1}", match.route)
    route = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)
    return "/" + re.sub(r"[\^$?\\]|\(\?:?|\)", "", route).strip("/")


class GradingMetricsMiddleware:
    """Observes what a client waits for, so it stands outside of everything that takes time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        service = service_of(match) if match else None
        if match and service:
            endpoint = endpoint_of(match)
            REQUESTS.labels(service=service, endpoint=endpoint, status=str(response.status_code)).inc()
            REQUEST_DURATION.labels(service=service, endpoint=endpoint).observe(time.perf_counter() - started)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        match = request.resolver_match
        service = service_of(match) if match else None
        if service:
            ERRORS.labels(service=service, error_type=type(exception).__name__).inc()
