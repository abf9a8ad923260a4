"""Fixtures for every test."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.conformance import ConformingClient

_TEST_DATABASE = re.compile(r"test_grader_(\d+)")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden-update", action="store_true", help="write the golden gradings anew (make golden)")


# A deadline is a timed assertion: it fails on a busy machine and says nothing about the code.
hypothesis.settings.register_profile("product", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("product")


def pytest_configure() -> None:
    # Hashing passwords slowly is the point in production and only slow in tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_blocker: DjangoDbBlocker) -> None:
    """A database for each test process, so that several runs and their workers share one server undisturbed."""
    connection = connections["default"]
    connection.settings_dict["TEST"]["NAME"] = f"test_grader_{os.getpid()}"
    options = connection.settings_dict["OPTIONS"]
    options.pop("pool", None)
    # A test that commits has its tables emptied at once afterwards, which approved rubrics refuse.
    options["options"] = f"{options.get('options', '')} -c rubrics.allow_truncate=on".strip()
    if settings.DATABASES["default"]["ENGINE"] == "grader.embedded_backend":
        with django_db_blocker.unblock():
            _drop_databases_of_the_dead()


def _drop_databases_of_the_dead() -> None:
    """A killed run leaves its database; the process id in its name tells, as the embedded server is on this machine."""
    connection = connections["default"]
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT datname FROM pg_database")
        for (name,) in cursor.fetchall():
            owner = _TEST_DATABASE.fullmatch(name)
            if owner and not _is_alive(int(owner[1])):
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@pytest.fixture
def client() -> ConformingClient:
    """In place of pytest-django's: answers of the API that its OpenAPI document does not have fail the test."""
    return ConformingClient()


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """Rate limits count in the cache; one test's requests must not use up another's."""
    yield
    cache.clear()
