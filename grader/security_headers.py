"""Response headers that tell browsers what our pages may do."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# Swagger UI and the admin write style attributes, and Swagger UI starts from an inline script.
_LOOSE_STYLE = {**_STRICT, "style-src": "'self' 'unsafe-inline'"}
_LOOSE = {**_LOOSE_STYLE, "script-src": "'self' 'unsafe-inline'", "worker-src": "'self' blob:"}

POLICIES: tuple[tuple[str, dict[str, str]], ...] = (("/docs", _LOOSE), ("/admin", _LOOSE_STYLE))
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def content_security_policy(path: str, *, upgrade: bool) -> str:
    """The policy of a page: strict, but for `/docs` and `/admin` and what is below them (not `/docs-of-mine`)."""
    rules = next((rules for prefix, rules in POLICIES if path == prefix or path.startswith(f"{prefix}/")), _STRICT)
    directives = [f"{name} {sources}" for name, sources in rules.items()]
    return "; ".join([*directives, "upgrade-insecure-requests"] if upgrade else directives)


class SecurityHeadersMiddleware:
    """Sets what Django's own SecurityMiddleware does not. A view that set a policy of its own keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = content_security_policy(request.path_info, upgrade=settings.SECURE_SSL_REDIRECT)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
