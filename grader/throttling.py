"""How often whom may ask: keys, people and strangers are counted apart, each by a setting of its own.

The windows slide, so `Retry-After` is the moment at which the next request will be answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle, UserRateThrottle

from grader.authentication import KeyHolder

if TYPE_CHECKING:
    # REST framework's views load this module while they are being loaded themselves.
    from rest_framework.views import APIView


class KeyRateThrottle(SimpleRateThrottle):
    """Counts the requests of one API key, wherever they come from."""

    scope = "key"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if not isinstance(request.user, KeyHolder):
            return None
        return str(self.cache_format % {"scope": self.scope, "ident": request.user.key.prefix})


class PersonRateThrottle(UserRateThrottle):
    """Counts the requests of one signed-in person."""

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        is_person = request.user.is_authenticated and not isinstance(request.user, KeyHolder)
        return super().get_cache_key(request, view) if is_person else None
