"""Which settings may not be combined. Pure, so that each refusal has a test; the sentences are for the person at the
keyboard who sees nothing else."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from grader.env import Environment, SettingError

DEVELOPMENT_SECRET_KEY = "for-development-only-and-known-to-everyone-who-has-read-the-source"  # noqa: S105
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("text", "json")

MIN_SECRET_LENGTH = 50
_MIN_DISTINCT = 10
# What examples and tutorials put where a secret belongs.
_PLACEHOLDERS = ("change-me", "changeme", "django-insecure", "your-secret", "development-only", "replace-this")
_MAKE_A_SECRET = "python3 -c 'import secrets; print(secrets.token_urlsafe(60))'"  # noqa: S105 - a command, no secret


def runs_in_debug(env: Environment) -> bool:
    """DEBUG as given; else on, unless a SECRET_KEY says that this is production."""
    return env.boolean("DEBUG", default=not (env.given("SECRET_KEY") or env.given("SECRET_KEY_FILE")))


def refuse_open_debug(*, debug: bool, address: str) -> None:
    """Debug pages show settings and variables, so a server in debug may be reached from its own machine only."""
    if debug and not _is_loopback(address):
        raise SettingError(
            f"DEBUG is on and BIND_ADDRESS is {address}, which others can reach: type BIND_ADDRESS=127.0.0.1, or "
            f"DEBUG=false with SECRET_KEY= and the output of {_MAKE_A_SECRET}."
        )


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost"


def refuse_unsafe(
    *,
    debug: bool,
    secret_key: str,
    allowed_hosts: Sequence[str],
    has_database_url: bool,
    ssl_redirect: bool,
    hsts_seconds: int,
    hosts_given: bool,
    debug_given: bool,
) -> None:
    """Raise SettingError for the first thing that would be unsafe to serve with."""
    if debug:
        _refuse_debug_in_production(
            ssl_redirect=ssl_redirect, hsts_seconds=hsts_seconds, hosts_given=hosts_given, debug_given=debug_given
        )
    else:
        _refuse_weak_secret(secret_key)
        _refuse_open_hosts(allowed_hosts)
        if not has_database_url:
            raise SettingError(
                "DATABASE_URL is not set and the embedded PostgreSQL is for development only: "
                "type DATABASE_URL=postgresql://user:password@host:5432/database."
            )


def _refuse_debug_in_production(*, ssl_redirect: bool, hsts_seconds: int, hosts_given: bool, debug_given: bool) -> None:
    if ssl_redirect or hsts_seconds:
        raise SettingError(
            "DEBUG is on together with SECURE_SSL_REDIRECT or SECURE_HSTS_SECONDS, which are for production: "
            "type DEBUG=false, or leave the other two out."
        )
    if hosts_given and not debug_given:
        raise SettingError(
            "ALLOWED_HOSTS is set but SECRET_KEY is not: type SECRET_KEY= with the output of "
            f"{_MAKE_A_SECRET} for production, or DEBUG=true for development."
        )


def _refuse_weak_secret(secret_key: str) -> None:
    if secret_key == DEVELOPMENT_SECRET_KEY:
        raise SettingError(
            f"SECRET_KEY is not set and DEBUG is off: type SECRET_KEY= with the output of {_MAKE_A_SECRET}."
        )
    is_placeholder = any(word in secret_key.lower() for word in _PLACEHOLDERS)
    if is_placeholder or len(secret_key) < MIN_SECRET_LENGTH or len(set(secret_key)) < _MIN_DISTINCT:
        raise SettingError(
            f"SECRET_KEY is a placeholder, shorter than {MIN_SECRET_LENGTH} characters or made of too few different "
            f"ones: type SECRET_KEY= with the output of {_MAKE_A_SECRET}."
        )


def _refuse_open_hosts(allowed_hosts: Sequence[str]) -> None:
    if not allowed_hosts:
        raise SettingError(
            "ALLOWED_HOSTS is not set and DEBUG is off: type the names this server is reached by, "
            "such as ALLOWED_HOSTS=grading.example.org."
        )
    if "*" in allowed_hosts:
        raise SettingError(
            "ALLOWED_HOSTS has '*', which lets anyone pass off this server as theirs: type the names it is "
            "reached by, such as ALLOWED_HOSTS=grading.example.org."
        )
