"""What a caller may do, by the scopes of its key or the role of its user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from grader.authentication import KeyHolder, scopes_of_role
from grader.models import User

if TYPE_CHECKING:
    # REST framework's views load this module while they are being loaded themselves.
    from rest_framework.views import APIView


class HasScope(BasePermission):
    """A view names its `required_scope`; one that names none is closed to everybody.

    `required_scope` may be a mapping from method to scope where reading and writing differ.
    """

    message = "This needs a scope that your key or role does not have."

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        required = getattr(view, "required_scope", None)
        if isinstance(required, dict):
            required = required.get(request.method or "", required.get("*"))
        return required in _scopes(request)


def _scopes(request: Request) -> frozenset[str]:
    if isinstance(request.user, KeyHolder):
        return frozenset(request.user.key.scopes)
    if isinstance(request.user, User):
        return scopes_of_role(is_faculty=request.user.is_faculty, is_coordinator=request.user.is_coordinator)
    return frozenset()
