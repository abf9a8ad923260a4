"""The class list of an assessment: look, add by hand, import a file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rubrics.domain.errors import Refusal
from scoring.domain.class_list.rows import RowState
from scoring.forms import CandidateForm, ClassListFileForm, ColumnsForm
from scoring.identities import Identities
from scoring.models import Assessment, ClassListImport
from scoring.refusals import add_refusal
from scoring.services.class_lists import (
    candidate_add,
    candidate_remove,
    class_list_apply,
    class_list_map,
    class_list_stage,
    staged_students,
)
from scoring.views.reach import faculty_viewer, managed_assessment, manages, visible_assessment

PAGE_SIZE = 250
PREVIEW_ROWS = 200


@require_safe
@login_required
def class_list(request: HttpRequest, assessment_id: int) -> HttpResponse:
    return _class_list_page(request, visible_assessment(request, assessment_id), CandidateForm(), ClassListFileForm())


def _class_list_page(
    request: HttpRequest, assessment: Assessment, by_hand: CandidateForm, file: ClassListFileForm
) -> HttpResponse:
    """Where grading is anonymous the names stand here for who manages the list, and the codes elsewhere: never both,
    unless they were revealed."""
    may_manage = manages(request, assessment)
    sees_names = may_manage or Identities.of(faculty_viewer(request)).sees_class(assessment)
    sees_codes = not may_manage or Identities.of(faculty_viewer(request)).sees_class(assessment)
    order = ("display_name", "student_id") if sees_names else ("code",)
    candidates = assessment.candidates.annotate(handed_in=Count("submissions")).order_by(*order)
    page = Paginator(candidates, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "assessment": assessment,
        "page": page,
        "may_manage": may_manage,
        "sees_names": sees_names,
        "sees_codes": sees_codes,
        "by_hand": by_hand,
        "file": file,
    }
    return render(request, "scoring/class_list.html", context, status=422 if by_hand.errors or file.errors else 200)


@require_POST
@login_required
def candidate_new(request: HttpRequest, assessment_id: int) -> HttpResponse:
    assessment = managed_assessment(request, assessment_id)
    form = CandidateForm(request.POST)
    if form.is_valid():
        try:
            candidate_add(
                assessment=assessment,
                student_id=form.cleaned_data["student_id"],
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                viewer=faculty_viewer(request),
                at=timezone.now(),
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "The candidate is on the class list.")
            return redirect("class-list", assessment_id=assessment.pk)
    return _class_list_page(request, assessment, form, ClassListFileForm())


@require_POST
@login_required
def candidate_delete(request: HttpRequest, assessment_id: int, candidate_id: int) -> HttpResponse:
    assessment = managed_assessment(request, assessment_id)
    candidate = get_object_or_404(assessment.candidates, pk=candidate_id)
    try:
        candidate_remove(candidate=candidate, viewer=faculty_viewer(request), at=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Removed from the class list.")
    return redirect("class-list", assessment_id=assessment.pk)


@require_POST
@login_required
def import_new(request: HttpRequest, assessment_id: int) -> HttpResponse:
    assessment = managed_assessment(request, assessment_id)
    form = ClassListFileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            staged = class_list_stage(
                assessment=assessment,
                content=file.read(),
                filename=file.name,
                user_id=request.user.pk or 0,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect("class-list-import", assessment_id=assessment.pk, import_id=staged.pk)
    return _class_list_page(request, assessment, CandidateForm(), form)


def _staged(request: HttpRequest, assessment_id: int, import_id: UUID) -> ClassListImport:
    assessment = managed_assessment(request, assessment_id)
    mine = ClassListImport.objects.filter(assessment=assessment, created_by_id=request.user.pk)
    return get_object_or_404(mine.select_related("assessment"), pk=import_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def import_preview(request: HttpRequest, assessment_id: int, import_id: UUID) -> HttpResponse:
    """GET shows what the file says by the present columns; POST changes the columns."""
    staged = _staged(request, assessment_id, import_id)
    shown = {**{name: str(place) for name, place in staged.columns.items()}, "has_header": staged.has_header}
    form = ColumnsForm(request.POST or None, first_row=staged.table[0], initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            class_list_map(staged=staged, columns=form.columns, has_header=form.cleaned_data["has_header"])
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("class-list-import", assessment_id=assessment_id, import_id=staged.pk)
    students = staged_students(staged)
    wrong = [student for student in students if student.state is RowState.WRONG]
    context = {
        "staged": staged,
        "assessment": staged.assessment,
        "form": form,
        "wrong": wrong[:PREVIEW_ROWS],
        "wrong_count": len(wrong),
        "good": [student for student in students if student.state is not RowState.WRONG][:PREVIEW_ROWS],
        "new_count": sum(student.state is RowState.NEW for student in students),
        "known_count": sum(student.state is RowState.KNOWN for student in students),
        "total": len(students),
        "preview_rows": PREVIEW_ROWS,
    }
    return render(request, "scoring/class_list_import.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def import_apply(request: HttpRequest, assessment_id: int, import_id: UUID) -> HttpResponse:
    staged = _staged(request, assessment_id, import_id)
    try:
        outcome = class_list_apply(staged=staged, viewer=faculty_viewer(request), at=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("class-list-import", assessment_id=assessment_id, import_id=import_id)
    messages.success(
        request, f"{outcome.added} added, {outcome.updated} brought up to date, {outcome.skipped} left out."
    )
    return redirect("class-list", assessment_id=assessment_id)
