"""Rubrics in the admin: to look at. They are written through the services, which check and version them."""

from __future__ import annotations

from django.contrib import admin

from rubrics.admin_support import ReadOnlyAdmin
from rubrics.models import RubricVersion


@admin.register(RubricVersion)
class RubricVersionAdmin(ReadOnlyAdmin):
    list_display = ("rubric", "version", "status", "title", "specialty", "approved_by", "approved_at")
    list_filter = ("status", "specialty")
    search_fields = ("rubric__rubric_id", "title")
    list_select_related = ("rubric",)
