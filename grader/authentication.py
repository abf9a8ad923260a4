"""Who is calling the API: a person with a session, or an integrator with an `X-API-Key`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from grader.models import ApiKey, Scope
from grader.services import api_key_note_use
from scoring.access import Viewer

HEADER = "X-API-Key"


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Stands where a user would. It is nobody's account: it has no permissions beyond the key's scopes."""

    key: ApiKey

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def pk(self) -> str:
        """Throttling counts by this."""
        return f"key-{self.key.prefix}"

    @property
    def viewer(self) -> Viewer:
        return Viewer(sees_everything=Scope.ADMIN in self.key.scopes, key_prefix=self.key.prefix)

    def __str__(self) -> str:
        return f"API key {self.key.prefix}"


class ApiKeyAuthentication(BaseAuthentication):
    """A missing key is somebody else's business (401 in the end); a wrong, revoked or expired one is refused: 403."""

    def authenticate(self, request: Request) -> tuple[KeyHolder, ApiKey] | None:
        given = request.headers.get(HEADER)
        if given is None:
            return None
        key = self._usable_key(given)
        if key is None:
            raise PermissionDenied("Invalid API key")
        api_key_note_use(key=key, at=timezone.now())
        return KeyHolder(key), key

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing key a 401 rather than a 403."""
        return f'ApiKey realm="api", header="{HEADER}"'

    def _usable_key(self, given: str) -> ApiKey | None:
        if "\x00" in given:
            return None
        key: ApiKey | None = ApiKey.objects.filter(prefix=ApiKey.prefix_of(given), revoked=False).first()
        if key is None or key.has_expired or not key.is_valid(given):
            return None
        return key


def scopes_of_role(*, is_faculty: bool, is_coordinator: bool) -> frozenset[str]:
    """What a signed-in person may do through the API. Students have pages, not an API."""
    if is_coordinator:
        return frozenset(Scope.values)
    return frozenset({Scope.GRADE, Scope.READ, Scope.RUBRICS}) if is_faculty else frozenset()
