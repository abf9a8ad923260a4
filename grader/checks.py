"""Rules between settings, and between settings and the code, as Django system checks.

Errors stop the web server and every command; warnings are printed by `manage.py check --deploy`. What no process may
even start with is refused earlier, in `grader.safety`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.management.base import SystemCheckError

from grader.env import IPNetwork

_FIRST_MIDDLEWARE = ("grader.request_id.RequestIdMiddleware", "grader.health.HealthMiddleware")
_PROXIES = "grader.client_address.TrustedProxyMiddleware"
_TLS = "django.middleware.security.SecurityMiddleware"
_WEAK_HSTS = 86_400


def run_boot_checks() -> None:
    """Raise SystemCheckError with every error's sentence and hint; commands do the same before they run."""
    errors = [found for found in checks.run_checks() if found.is_serious()]
    if errors:
        raise SystemCheckError("\n".join(str(error) for error in errors))


@checks.register(checks.Tags.security)
def health_answers_first(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> Iterable[checks.CheckMessage]:
    if tuple(settings.MIDDLEWARE[: len(_FIRST_MIDDLEWARE)]) != _FIRST_MIDDLEWARE:
        yield checks.Error(
            "/health does not answer before host checks and TLS redirects.",
            hint=f"Begin MIDDLEWARE with {' and '.join(_FIRST_MIDDLEWARE)}.",
            id="grader.E001",
        )


@checks.register(checks.Tags.security)
def forwarded_headers_are_vetted(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> Iterable[checks.CheckMessage]:
    order = list(settings.MIDDLEWARE)
    if _PROXIES not in order or _TLS not in order or order.index(_PROXIES) > order.index(_TLS):
        yield checks.Error(
            "Forwarding headers are believed before it is known who sent them.",
            hint=f"Put {_PROXIES} in front of {_TLS} in MIDDLEWARE.",
            id="grader.E002",
        )


@checks.register(checks.Tags.security)
def networks_are_not_the_whole_internet(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> Iterable[checks.CheckMessage]:
    lists: tuple[tuple[str, Sequence[IPNetwork]], ...] = (
        ("TRUSTED_PROXIES", settings.TRUSTED_PROXIES),
        ("INTERNAL_NETWORKS", settings.INTERNAL_NETWORKS),
    )
    for name, networks in lists:
        if not settings.DEBUG and any(network.prefixlen == 0 for network in networks):
            yield checks.Error(
                f"{name} holds every address there is.",
                hint=f"Type the networks you run yourself, such as {name}=10.0.0.0/8.",
                id="grader.E003",
            )


@checks.register(checks.Tags.security, deploy=True)
def origins_fit_the_hosts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> Iterable[checks.CheckMessage]:
    plain = [origin for origin in settings.CSRF_TRUSTED_ORIGINS if origin.startswith("http://")]
    if plain and settings.SECURE_SSL_REDIRECT:
        yield checks.Warning(
            f"CSRF_TRUSTED_ORIGINS trusts {', '.join(plain)}, which any network on the way can speak for.",
            hint="Type https:// origins only.",
            id="grader.W001",
        )


@checks.register(checks.Tags.security, deploy=True)
def hsts_lasts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> Iterable[checks.CheckMessage]:
    if 0 < settings.SECURE_HSTS_SECONDS < _WEAK_HSTS:
        yield checks.Warning(
            f"Browsers forget within {settings.SECURE_HSTS_SECONDS} s that this server speaks HTTPS only.",
            hint="Once HTTPS works, type SECURE_HSTS_SECONDS=31536000.",
            id="grader.W002",
        )


@checks.register(checks.Tags.database, deploy=True)
def pool_serves_every_thread(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> Iterable[checks.CheckMessage]:
    pool = settings.DATABASES["default"].get("OPTIONS", {}).get("pool")
    if pool and pool["max_size"] < settings.THREADS:
        yield checks.Warning(
            f"{settings.THREADS} threads share {pool['max_size']} database connections and will wait for one another.",
            hint=f"Type DB_POOL_MAX_SIZE={settings.THREADS + 1}, or fewer THREADS.",
            id="grader.W003",
        )
