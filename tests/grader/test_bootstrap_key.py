"""A server that nobody types commands on has a key from its first migration."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from pytest_django import Settings

from grader.env import Environment, SettingError
from grader.models import ApiKey, AuditEntry, Scope

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "Zk3vQ9xT7mB2nW5pR8sD4fG6hJ1lC0aE"
OTHER = "yU7iO2pA5sD8fG1hJ4kL9zX3cV6bN0mQ"


def migrated(settings: Settings, key: str) -> str:
    settings.API_KEY = key
    out = StringIO()
    call_command("migrate", stdout=out, verbosity=0)
    return out.getvalue()


def status_with(client: Client, key: str) -> int:
    return client.get("/api/gradings/", headers={"x-api-key": key}).status_code


@pytest.mark.parametrize("key", [KEY, "Ab3dEf9h.q8ZkX2vN5mW7tR4yP1sL6jC0", "with+signs/and=more-of-them_0123456789"])
def test_the_key_of_the_environment_works_once_migrated(client: Client, settings: Settings, key: str) -> None:
    assert status_with(client, key) == 403
    assert "may be used" in migrated(settings, key)
    assert status_with(client, key) == 200
    [row] = ApiKey.objects.filter(prefix=ApiKey.prefix_of(key))
    assert set(row.scopes) == set(Scope.values)
    assert key[9:] not in row.hashed_key
    [entry] = AuditEntry.objects.filter(action="register API key")
    assert key[9:] not in f"{entry} {entry.detail}"


def test_migrating_again_changes_nothing(client: Client, settings: Settings) -> None:
    migrated(settings, KEY)
    before = list(ApiKey.objects.values())
    assert migrated(settings, KEY) == ""
    assert list(ApiKey.objects.values()) == before


def test_another_value_replaces_the_one_before_and_no_other_key(client: Client, settings: Settings) -> None:
    out = StringIO()
    call_command("create_api_key", "integrator", stdout=out)
    migrated(settings, KEY)
    migrated(settings, OTHER)
    assert [status_with(client, key) for key in (KEY, OTHER, out.getvalue().strip())] == [403, 200, 200]


def test_a_key_that_was_revoked_stays_revoked(client: Client, settings: Settings) -> None:
    migrated(settings, KEY)
    ApiKey.objects.update(revoked=True)
    migrated(settings, KEY)
    assert status_with(client, KEY) == 403


def test_a_key_that_begins_like_another_is_refused_and_nothing_changes(client: Client, settings: Settings) -> None:
    migrated(settings, KEY)
    with pytest.raises(CommandError, match="type another one"):
        migrated(settings, KEY[:8] + OTHER[8:])
    assert status_with(client, KEY) == 200


def test_without_a_key_none_is_made(settings: Settings) -> None:
    migrated(settings, "")
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    "options", [{"plan": True}, {"check_unapplied": True}, {"app_label": "scoring"}], ids=["plan", "check", "one app"]
)
def test_a_migration_that_is_not_complete_makes_no_key(settings: Settings, options: dict[str, object]) -> None:
    settings.API_KEY = KEY
    call_command("migrate", stdout=StringIO(), verbosity=0, **options)
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("key", ["short", "x" * 31, "x" * 201, "has a space in it, and is long enough", "ü" * 40])
def test_a_key_that_can_be_guessed_or_mistyped_stops_the_start_and_is_not_repeated(key: str) -> None:
    with pytest.raises(SettingError, match=r"^API_KEY can't be used: type 32 to 200") as refused:
        Environment({"API_KEY": key}).api_key("API_KEY")
    assert key not in str(refused.value)


@pytest.mark.parametrize("key", ["", ".", "..", "x", KEY, "\x00" * 40])
def test_a_key_that_nobody_made_is_refused_whatever_it_looks_like(client: Client, settings: Settings, key: str) -> None:
    migrated(settings, OTHER)
    assert status_with(client, key) == 403
