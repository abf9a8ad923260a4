"""People, keys and the audit trail in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from rest_framework_api_key.admin import APIKeyModelAdmin
from rest_framework_api_key.models import AbstractAPIKey

from grader.models import ApiKey, AuditEntry, Scope, User
from grader.services import api_key_assign, api_key_revoke
from rubrics.admin_support import ReadOnlyAdmin
from rubrics.audit import actor_of

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

    fields = ("name", "scopes", "expiry_date", "prefix", "created", "last_used_at", "created_by", "revoked")
    readonly_fields = ("prefix", "created", "last_used_at", "created_by")
    actions = ("revoke",)
    list_display = ("prefix", "name", "scopes", "created", "last_used_at", "expiry_date", "revoked")  # type: ignore[assignment] # the library types its own six columns
    list_filter = ("revoked",)
    search_fields = ("name", "prefix")

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "scopes":
            return forms.MultipleChoiceField(
                choices=Scope.choices, widget=forms.CheckboxSelectMultiple, initial=[Scope.GRADE, Scope.READ]
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """What a key may do is settled when it is made: whoever holds it must not find it doing more one day."""
        if not isinstance(obj, ApiKey):
            return self.readonly_fields
        return self.fields if obj.revoked else (*self.readonly_fields, "scopes", "revoked")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A revoked key stays in the list, since gradings and the audit trail name it."""
        return False

    def save_model(self, request: HttpRequest, obj: AbstractAPIKey, form: Any = None, change: bool = False) -> None:
        if change or not isinstance(obj, ApiKey):
            obj.save()
            return
        obj.created_by = cast("User", request.user)
        key = api_key_assign(row=obj, actor=actor_of(request.user.pk), at=timezone.now())
        messages.warning(request, f"The key is {key}. Copy it now: it is not kept and can't be shown again.")

    @admin.action(description="Revoke the selected keys")
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        for key in keys:
            api_key_revoke(key=key, actor=actor_of(request.user.pk), at=timezone.now())


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "action", "object_type", "object_id")
    list_filter = ("action", "object_type")
    search_fields = ("actor", "object_id")
