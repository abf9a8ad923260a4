"""Prometheus metrics of grading. The names are the contract's; dashboards and alerts rest on them.

`service` is the part of the product: rubrics, transcripts, questions, structure, reasoning, summary, communication,
scoring, feedback, qa, edit or grade. No label may hold anything a person typed: each new value is a new time series.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from prometheus_client import Counter, Gauge, Histogram

SERVICES = (
    "rubrics",
    "transcripts",
    "questions",
    "structure",
    "reasoning",
    "summary",
    "communication",
    "scoring",
    "feedback",
    "qa",
    "edit",
    "grade",
)
_TENTHS = tuple(tenth / 10 for tenth in range(11))

REQUESTS = Counter("grading_requests_total", "API requests answered.", ["service", "endpoint", "status"])
REQUEST_DURATION = Histogram(
    "grading_request_duration_seconds",
    "Time to answer an API request.",
    ["service", "endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
COMPONENT_SCORES = Histogram(
    "grading_component_scores", "Scores of a component, 0 to 1, as graded.", ["component"], buckets=_TENTHS
)
OVERALL_SCORES = Histogram("grading_overall_scores", "Overall scores, 0 to 1, as graded.", buckets=_TENTHS)
ERRORS = Counter("grading_errors_total", "Requests and jobs that went wrong.", ["service", "error_type"])
# Alerts ask whether these grew, and a series that begins at one has not grown.
for _service, _error_type in (("feedback", "citation_rejected"), ("grade", "digest_mismatch")):
    ERRORS.labels(service=_service, error_type=_error_type)
# Each web process sets it when it is scraped, so of several values the last one is the true one.
SERVICE_HEALTH = Gauge(
    "grading_service_health",
    "1 while the part works, 0 while it does not.",
    ["service"],
    multiprocess_mode="livemostrecent",
)
SERVICE_DEGRADED = Gauge(
    "grading_service_degraded",
    "1 while the part works without something it was configured to have.",
    ["service"],
    multiprocess_mode="livemostrecent",
)


def observe_grading(component_scores: Mapping[str, Decimal], overall_score: Decimal) -> None:
    for component, score in component_scores.items():
        COMPONENT_SCORES.labels(component=component).observe(float(score))
    OVERALL_SCORES.observe(float(overall_score))


def count_error(*, service: str, error_type: str) -> None:
    ERRORS.labels(service=service, error_type=error_type).inc()
