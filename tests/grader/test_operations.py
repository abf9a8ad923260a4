"""What load balancers, monitors and browsers get, through the whole stack."""

from __future__ import annotations

import logging
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.urls import resolve
from prometheus_client import REGISTRY

from grader.logs import TextFormatter
from grader.middleware import endpoint_of, service_of
from grader.security_headers import content_security_policy
from grader.status import PARTS, Part, PartDegraded, PartDown, part_statuses
from scoring.metrics import SERVICES

PRODUCTION_WAY_IN = {"ALLOWED_HOSTS": ["grading.example.org"], "SECURE_SSL_REDIRECT": True}


@pytest.mark.parametrize("path", ["/health", "/health/"])
def test_health_answers_an_unknown_host_over_plain_http_without_a_database(client: Client, path: str) -> None:
    with override_settings(**PRODUCTION_WAY_IN):
        answer = client.get(path, headers={"host": "10.0.13.7:8000"})
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}
    assert answer["Cache-Control"] == "no-store"


def test_everything_else_is_sent_to_https(client: Client) -> None:
    with override_settings(**PRODUCTION_WAY_IN):
        answer = client.get("/services/status", headers={"host": "grading.example.org"})
    assert answer.status_code == 301
    assert answer["Location"] == "https://grading.example.org/services/status"


@pytest.mark.parametrize("path", ["/api", "/api/schema", "/docs", "/sign-in"])
def test_an_address_answers_with_and_without_a_trailing_slash(client: Client, path: str) -> None:
    assert client.get(path).status_code == client.get(f"{path}/").status_code == 200


def test_a_post_keeps_its_body_whether_or_not_the_address_ends_in_a_slash(client: Client) -> None:
    answers = [client.post(path, {}, content_type="application/json") for path in ("/api/grade", "/api/grade/")]
    assert [answer.status_code for answer in answers] == [401, 401]


def test_an_address_that_is_wrong_either_way_stays_wrong(client: Client) -> None:
    assert client.get("/api/no-such-thing/").status_code == 404


def test_another_host_name_is_refused(client: Client) -> None:
    with override_settings(**PRODUCTION_WAY_IN):
        assert client.get("/services/status", headers={"host": "evil.example.org"}).status_code == 400


def test_a_host_name_that_a_stranger_made_up_is_a_warning_and_no_error(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with override_settings(**PRODUCTION_WAY_IN):
        client.get("/services/status", headers={"host": "evil.example.org"})
    [record] = [record for record in caplog.records if record.name == "django.security.DisallowedHost"]
    assert (record.levelname, record.exc_info) == ("WARNING", None)


def test_an_answer_tells_the_id_of_its_request(client: Client) -> None:
    first, second = client.get("/health")["X-Request-ID"], client.get("/health")["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != second


def test_the_proxys_id_is_kept(client: Client) -> None:
    assert client.get("/health", headers={"x-request-id": "edge-0123456789"})["X-Request-ID"] == "edge-0123456789"


@pytest.mark.parametrize("given", ["short", "with space 0123456789", "x" * 65, "-leading-hyphen", "ünïcödé-0123"])
def test_an_id_that_could_forge_a_log_line_is_replaced(client: Client, given: str) -> None:
    assert client.get("/health", headers={"x-request-id": given})["X-Request-ID"] != given


def test_lines_logged_during_a_request_carry_its_id(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(TextFormatter(verbatim=False))
    answer = client.get("/metrics", REMOTE_ADDR="8.8.8.8")
    lines = [line for line in caplog.text.splitlines() if "django.request" in line]
    assert lines
    assert all(line.split(" ")[1] == answer["X-Request-ID"] for line in lines)


def test_lines_logged_outside_a_request_carry_a_hyphen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(TextFormatter(verbatim=False))
    logging.getLogger("grader").warning("Outside")
    assert caplog.text.split(" ")[1] == "-"


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:db8::1", ""])
def test_metrics_are_refused_to_outside_addresses(client: Client, address: str) -> None:
    answer = client.get("/metrics", REMOTE_ADDR=address)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "forbidden"
    assert answer.json()["error"]["request_id"] == answer["X-Request-ID"]


def test_metrics_are_refused_to_an_outside_address_behind_the_proxy(client: Client) -> None:
    answer = client.get("/metrics", REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": "10.0.0.1, 8.8.8.8"})
    assert answer.status_code == 403


@pytest.mark.django_db
def test_metrics_are_told_to_internal_addresses_with_every_contracted_name(client: Client) -> None:
    text = client.get("/metrics", REMOTE_ADDR="10.4.5.6").content.decode()
    for name in (
        "grading_requests_total",
        "grading_request_duration_seconds",
        "grading_component_scores",
        "grading_overall_scores",
        "grading_errors_total",
        "grading_service_health",
    ):
        assert f"# HELP {name} " in text
    assert 'grading_service_health{service="database"} 1.0' in text
    assert "django_http_requests" in text


@pytest.mark.parametrize(
    ("path", "service", "endpoint"),
    [
        ("/api/grade", "grade", "/api/grade"),
        (
            "/api/gradings/6f1c2b1e-8a51-4c1b-9d3a-0a9a5a1d2e3f/verify",
            "grade",
            "/api/gradings/{grading_id}/verify",
        ),
    ],
)
def test_requests_are_counted_under_the_part_and_the_route(path: str, service: str, endpoint: str) -> None:
    match = resolve(path)
    assert service_of(match) == service
    assert endpoint_of(match) == endpoint
    assert service in SERVICES


def test_a_counted_request_shows_up_with_its_status(client: Client) -> None:
    before = _count_of_unauthenticated_gradings()
    assert client.post("/api/grade").status_code == 401
    assert _count_of_unauthenticated_gradings() == before + 1


def _count_of_unauthenticated_gradings() -> float:
    labels = {"service": "grade", "endpoint": "/api/grade", "status": "401"}
    return REGISTRY.get_sample_value("grading_requests_total", labels) or 0


def test_pages_are_under_the_strict_policy(client: Client) -> None:
    policy = client.get("/sign-in/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("path", "inline_script", "inline_style"),
    [
        ("/", False, False),
        ("/docs", True, True),
        ("/docs/", True, True),
        ("/docsx", False, False),
        ("/admin/rubrics/", False, True),
        ("/administration", False, False),
        ("/api/docs", False, False),
    ],
)
def test_only_docs_and_admin_may_use_inline_styles_and_docs_alone_inline_scripts(
    path: str, inline_script: bool, inline_style: bool
) -> None:
    directives = dict(part.split(" ", 1) for part in content_security_policy(path, upgrade=False).split("; "))
    assert ("'unsafe-inline'" in directives["script-src"]) is inline_script
    assert ("'unsafe-inline'" in directives["style-src"]) is inline_style


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"),
    ],
)
def test_every_page_carries_the_protective_headers(client: Client, header: str, value: str) -> None:
    assert client.get("/sign-in/")[header] == value


def test_hsts_is_sent_over_https() -> None:
    # The middleware reads these when it is made.
    with override_settings(SECURE_HSTS_SECONDS=31_536_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True):
        answer = Client().get("/sign-in/", secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def _fails() -> str:
    raise ValueError("a transcript's words")


def _is_down() -> str:
    raise PartDown("Start it.")


def test_a_part_that_fails_does_not_keep_the_others_from_being_checked() -> None:
    parts = [Part("broken", _fails), Part("down", _is_down), Part("fine", lambda: "well")]
    assert [(status.name, status.healthy, status.detail) for status in part_statuses(parts)] == [
        ("broken", False, "The check itself failed: see the log."),
        ("down", False, "Start it."),
        ("fine", True, "well"),
    ]


def _is_degraded() -> str:
    raise PartDegraded("Answers come from the primary.")


def test_a_lost_optional_part_is_a_warning_and_leaves_everything_healthy() -> None:
    (status,) = part_statuses([Part("replica", _is_degraded)])
    assert (status.healthy, status.warning, status.detail) == (True, True, "Answers come from the primary.")


def test_without_a_database_what_asks_it_is_down_without_waiting_for_a_connection() -> None:
    parts = [
        Part("database", _fails),
        Part("worker", lambda: pytest.fail("was asked"), asks_database=True),
        Part("questions", lambda: "well"),
    ]
    assert [(status.name, status.healthy) for status in part_statuses(parts)] == [
        ("database", False),
        ("worker", False),
        ("questions", True),
    ]


@pytest.mark.django_db
def test_without_a_worker_the_status_is_not_green(client: Client) -> None:
    answer = client.get("/services/status")
    assert answer.status_code == 200
    assert answer.json()["all_healthy"] is False
    assert set(answer.json()["services"]) == {part.name for part in PARTS}
    assert answer.json()["services"]["worker"]["healthy"] is False
    assert "manage.py worker" in answer.json()["services"]["worker"]["detail"]
    assert answer.json()["services"]["database"]["latency_ms"] >= 0


@pytest.mark.django_db
def test_a_missing_migration_shows_in_the_status(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'scoring' AND name LIKE '0002%'")
    detail = client.get("/services/status").json()["services"]["migrations"]
    assert detail["healthy"] is False
    assert "1 migrations are not applied" in detail["detail"]


def test_the_cache_is_clean_before_each_test() -> None:
    assert cache.get("status-probe") is None
