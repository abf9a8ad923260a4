"""API keys: made, shown once, listed, revoked, limited; by whom, and what is never shown or logged."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grader.models import ApiKey, AuditEntry, Role, Scope, User
from grader.services import api_key_create, api_key_note_use, api_key_revoke
from tests.cast import Cast, key, make_cast

pytestmark = pytest.mark.django_db

KEY = re.compile(r"[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}")
FORM = {"name": "Moodle", "scopes": ["grade", "read"], "days": "365"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def coordinator(client: Client, cast: Cast) -> Client:
    client.force_login(cast.coordinator)
    return client


def made_key(response: Any) -> str:
    assert response.status_code == 200
    found = KEY.findall(response.content.decode())
    assert len(found) == 1
    return str(found[0])


def status_with(client: Client, given: str, path: str = "/api/rubrics") -> int:
    client.logout()
    return int(client.get(path, headers={"X-API-Key": given}).status_code)


def test_a_coordinator_makes_a_key_that_works_and_is_shown_once(coordinator: Client) -> None:
    secret = made_key(coordinator.post("/keys/", FORM))
    page = coordinator.get("/keys/").content.decode()
    assert "Moodle" in page
    assert not KEY.search(page)
    assert status_with(coordinator, secret) == 200


def test_only_a_hash_of_the_key_is_stored(coordinator: Client) -> None:
    secret = made_key(coordinator.post("/keys/", FORM))
    row = ApiKey.objects.get()
    stored = {str(getattr(row, field.name)) for field in ApiKey._meta.concrete_fields}
    assert not any(secret.partition(".")[2] in value for value in stored)
    assert row.created_by is not None
    assert row.created_by.username == "coordinator"


@pytest.mark.parametrize(
    "changes",
    [{"name": ""}, {"name": "x" * 51}, {"scopes": []}, {"scopes": ["root"]}, {"days": "36500"}],
    ids=["no name", "long name", "no scope", "unknown scope", "unknown lifetime"],
)
def test_a_form_that_is_not_right_makes_no_key_and_keeps_what_was_typed(
    coordinator: Client, changes: dict[str, Any]
) -> None:
    response = coordinator.post("/keys/", {**FORM, **changes})
    assert response.status_code == 400
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("who", ["owner", "outsider", "student"])
def test_nobody_but_coordinators_sees_makes_or_revokes_keys(client: Client, cast: Cast, who: str) -> None:
    row, _ = api_key_create(name="Moodle", scopes=["read"])
    client.force_login(getattr(cast, who))
    assert client.get("/keys/").status_code == 404
    assert client.post("/keys/", FORM).status_code == 404
    assert client.post(f"/keys/{row.prefix}/revoke/").status_code == 404
    assert not ApiKey.objects.get().revoked


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    assert client.get("/keys/").headers["Location"].startswith("/sign-in/")


def test_a_revoked_key_is_refused_from_the_next_request_on(coordinator: Client, cast: Cast) -> None:
    secret = made_key(coordinator.post("/keys/", FORM))
    assert coordinator.post(f"/keys/{secret.partition('.')[0]}/revoke/").status_code == 302
    assert "Revoked" in coordinator.get("/keys/").content.decode()
    assert status_with(coordinator, secret) == 403


def test_revoking_again_changes_nothing_and_is_noted_once(cast: Cast) -> None:
    row, _ = api_key_create(name="Moodle", scopes=["read"])
    for _ in range(2):
        api_key_revoke(key=row, actor="user:1", at=timezone.now())
    assert AuditEntry.objects.filter(action="revoke API key", object_id=row.prefix).count() == 1


def test_the_trail_names_a_key_by_its_prefix_alone(coordinator: Client, cast: Cast) -> None:
    secret = made_key(coordinator.post("/keys/", FORM))
    entry = AuditEntry.objects.get(action="create API key")
    assert (entry.actor, entry.object_id) == (f"user:{cast.coordinator.pk}", secret.partition(".")[0])
    assert secret.partition(".")[2] not in str(vars(entry))
    assert "Moodle" not in str(vars(entry))


def test_an_expired_key_is_shown_as_such_and_refused(coordinator: Client) -> None:
    _, secret = api_key_create(name="Old", scopes=["read"], expires_at=timezone.now() - timedelta(days=1))
    assert "Expired" in coordinator.get("/keys/").content.decode()
    assert status_with(coordinator, secret) == 403


def test_the_use_of_a_key_is_noted_at_most_once_a_minute(client: Client, django_assert_num_queries: Any) -> None:
    row, _ = api_key_create(name="Moodle", scopes=["read"])
    now = timezone.now()
    api_key_note_use(key=row, at=now)
    row.refresh_from_db()
    assert row.last_used_at == now
    with django_assert_num_queries(0):
        api_key_note_use(key=row, at=now + timedelta(seconds=59))
    with django_assert_num_queries(1):
        api_key_note_use(key=row, at=now + timedelta(seconds=61))


def test_no_log_line_holds_a_key(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    secret = key()
    with caplog.at_level(logging.DEBUG):
        client.get("/api/rubrics", headers={"X-API-Key": secret})
        client.get("/api/rubrics", headers={"X-API-Key": secret[:-1] + "_"})
    assert secret.partition(".")[2][:16] not in caplog.text


def test_the_admin_makes_a_key_for_whoever_is_signed_in_and_never_deletes_one(client: Client) -> None:
    admin = User.objects.create_superuser("root", password="long-enough-1", role=Role.COORDINATOR)
    client.force_login(admin)
    page = client.post("/admin/grader/apikey/add/", {"name": "Script", "scopes": ["grade"]}, follow=True)
    secret = made_key(page)
    row = ApiKey.objects.get()
    assert (row.scopes, row.created_by) == (["grade"], admin)
    assert client.post(f"/admin/grader/apikey/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post("/admin/grader/apikey/", {"action": "revoke", "_selected_action": [row.pk]})
    assert status_with(client, secret, "/api/gradings") == 403
    assert ApiKey.objects.get().revoked


@pytest.fixture
def three_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = {"key": "3/minute", "user": "3/minute", "anon": "3/minute"}
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES", rates)


@pytest.mark.usefixtures("three_a_minute")
def test_beyond_its_limit_a_key_waits_as_long_as_retry_after_says_and_others_do_not(client: Client) -> None:
    first, second = key(Scope.READ), key(Scope.READ)
    answers = [client.get("/api/rubrics", headers={"X-API-Key": first}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].json()["error"]["code"] == "throttled"
    assert client.get("/api/rubrics", headers={"X-API-Key": second}).status_code == 200


@pytest.mark.usefixtures("three_a_minute")
def test_people_and_strangers_have_limits_of_their_own(client: Client, cast: Cast) -> None:
    assert [client.get("/api").status_code for _ in range(4)] == [200, 200, 200, 429]
    client.force_login(cast.owner)
    assert [client.get("/api/rubrics").status_code for _ in range(4)] == [200, 200, 200, 429]
