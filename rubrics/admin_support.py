"""What the admin of every app needs: rows that can be looked at and not changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

if TYPE_CHECKING:
    TypedModelAdmin = admin.ModelAdmin[Any]
else:
    TypedModelAdmin = admin.ModelAdmin  # not generic at run time


class ReadOnlyAdmin(TypedModelAdmin):
    """For records. The database refuses to change them; offering the form would only lead to an error."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
