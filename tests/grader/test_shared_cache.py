"""The shared cache while Redis is away; tests/system/test_deployed_redis.py has a real one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings

from grader.shared_cache import RETRY_SECONDS, JsonSerializer, Outage, SharedCache, outage_of
from tests.system.stack.processes import free_port


@pytest.fixture
def address() -> Iterator[str]:
    """Where nobody listens."""
    yield f"redis://127.0.0.1:{free_port()}/0"
    outage_of.cache_clear()


@pytest.fixture
def lost(address: str) -> SharedCache:
    return SharedCache(address, {})


OPERATIONS: list[tuple[str, Callable[[SharedCache], object], object]] = [
    ("get", lambda lost: lost.get("absent", "default"), "default"),
    ("set", lambda lost: (lost.set("a", 1), lost.get("a"))[1], 1),
    ("add", lambda lost: (lost.add("b", 1), lost.add("b", 2), lost.get("b")), (True, False, 1)),
    ("touch", lambda lost: lost.touch("absent"), False),
    ("delete", lambda lost: lost.delete("absent"), False),
    ("get_many", lambda lost: lost.get_many(["absent"]), {}),
    ("set_many", lambda lost: lost.set_many({"c": 1}), []),
    ("delete_many", lambda lost: lost.delete_many(["absent"]), None),
    ("has_key", lambda lost: lost.has_key("absent"), False),
    ("incr", lambda lost: (lost.set("d", 1), lost.incr("d", 2))[1], 3),
    ("get_or_set", lambda lost: lost.get_or_set("e", "made"), "made"),
    ("clear", lambda lost: lost.clear(), None),
]


@pytest.mark.parametrize(("call", "answer"), [pytest.param(call, answer, id=name) for name, call, answer in OPERATIONS])
def test_every_operation_answers_from_memory_while_redis_is_lost(
    lost: SharedCache, call: Callable[[SharedCache], object], answer: object
) -> None:
    lost.clear()
    assert call(lost) == answer


def test_a_loss_is_logged_once_and_names_no_host(lost: SharedCache, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            lost.get("a")
            lost.ask_now()
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith("Redis does not answer (")
    assert "127.0.0.1" not in line


def test_during_an_outage_one_caller_at_a_time_asks_again() -> None:
    now = 100.0
    outage = Outage(clock=lambda: now)
    assert outage.may_ask()
    outage.begin("lost")
    assert not outage.may_ask()
    now += RETRY_SECONDS
    assert [outage.may_ask() for _ in range(3)] == [True, False, False]
    outage.end()
    assert [outage.may_ask() for _ in range(3)] == [True, True, True]


@pytest.mark.django_db
def test_a_lost_redis_is_a_warning_on_the_status_page_and_nothing_worse(client: Client, address: str) -> None:
    with override_settings(CACHES={"default": {"BACKEND": "grader.shared_cache.SharedCache", "LOCATION": address}}):
        part = client.get("/services/status").json()["services"]["cache"]
        page = client.get("/services/status", headers={"accept": "text/html"}).content.decode()
        metrics = client.get("/metrics", REMOTE_ADDR="10.0.0.1").content.decode()
    assert part["healthy"] is True
    assert part["warning"] is True
    assert "Redis does not answer" in part["detail"]
    assert "Redis does not answer" in page
    assert 'grading_service_health{service="cache"} 1.0' in metrics
    assert 'grading_service_degraded{service="cache"} 1.0' in metrics


@pytest.mark.django_db
def test_limits_on_requests_still_hold_while_redis_is_lost(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rest_framework.throttling.AnonRateThrottle.THROTTLE_RATES", {"anon": "3/hour", "user": None})
    with override_settings(CACHES={"default": {"BACKEND": "grader.shared_cache.SharedCache", "LOCATION": address}}):
        cache.clear()
        statuses = [client.get("/api/", REMOTE_ADDR="8.8.4.4").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


@pytest.mark.parametrize("value", [1, -3, 0.1, 1764254412.123, "words", [1.5, 2.5], {"a": None}, True], ids=repr)
def test_what_is_kept_comes_back_as_it_was(value: object) -> None:
    serializer = JsonSerializer()
    found = serializer.loads(serializer.dumps(value).encode())
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", float("nan")], ids=["object", "set", "bytes", "NaN"])
def test_what_json_has_no_word_for_is_refused_when_it_is_stored(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        JsonSerializer().dumps(value)


def test_without_an_address_each_process_caches_in_its_own_memory() -> None:
    assert settings.CACHES["default"]["BACKEND"].endswith("LocMemCache")
