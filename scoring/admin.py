"""Assessments can be set up here; submissions and gradings are records and can only be looked at."""

from __future__ import annotations

from django.contrib import admin

from rubrics.admin_support import ReadOnlyAdmin, TypedModelAdmin
from scoring.models import Assessment, Grading, Submission


@admin.register(Assessment)
class AssessmentAdmin(TypedModelAdmin):
    list_display = ("course", "station", "date", "rubric_version", "owner", "cut_score")
    list_filter = ("course", "date")
    search_fields = ("course", "station")
    filter_horizontal = ("graders",)
    list_select_related = ("rubric_version__rubric", "owner")


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ("id", "assessment", "student_id", "format", "created_at")
    list_filter = ("assessment",)
    search_fields = ("student_id", "inputs_sha256")
    list_select_related = ("assessment",)


@admin.register(Grading)
class GradingAdmin(ReadOnlyAdmin):
    list_display = ("id", "rubric_version", "overall_score", "uncertain_items", "engine_version", "created_at")
    list_filter = ("engine_version", "style")
    search_fields = ("id", "submission__student_id", "digest")
    list_select_related = ("rubric_version__rubric",)
