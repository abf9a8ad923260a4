"""People, keys and the audit trail in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from rest_framework_api_key.admin import APIKeyModelAdmin

from grader.models import ApiKey, AuditEntry, User
from rubrics.admin_support import ReadOnlyAdmin

admin.site.site_header = "Medical Education Grading System"
admin.site.site_title = "Grading administration"
admin.site.index_title = "Administration"


if TYPE_CHECKING:
    TypedUserAdmin = DjangoUserAdmin[User]
else:
    TypedUserAdmin = DjangoUserAdmin  # not generic at run time


@admin.register(User)
class UserAdmin(TypedUserAdmin):
    list_display = ("username", "first_name", "last_name", "role", "student_id", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("username", "first_name", "last_name", "student_id")
    fieldsets = (*(DjangoUserAdmin.fieldsets or ()), ("Role", {"fields": ("role", "student_id")}))
    add_fieldsets = (*DjangoUserAdmin.add_fieldsets, ("Role", {"fields": ("role", "student_id")}))


@admin.register(ApiKey)
class ApiKeyAdmin(APIKeyModelAdmin):
    """The key itself is shown once, in the message after it is made."""

    list_display = ("prefix", "name", "scopes", "created", "last_used_at", "expiry_date", "revoked")  # type: ignore[assignment] # the library types its own six columns
    list_filter = ("revoked",)
    search_fields = ("name", "prefix")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "action", "object_type", "object_id")
    list_filter = ("action", "object_type")
    search_fields = ("actor", "object_id")
