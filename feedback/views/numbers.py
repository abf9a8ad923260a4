"""What an assessment's scores say, and its grades as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from feedback.domain.grade_files import canvas_table, grade_table, moodle_table
from feedback.grade_exports import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx
from feedback.grade_rows import Grades, grades_of
from feedback.sheet_comparison import SheetComparison, candidate_names, compare_sheet
from rubrics.audit import AuditEvent, actor_of, record
from rubrics.domain.errors import Refusal
from scoring.cohorts import cohort_report
from scoring.domain.statistics.verdicts import item_labels
from scoring.identities import Identities
from scoring.models import Assessment
from scoring.presentation.numbers import Wording, numbers_page
from scoring.views.reach import faculty_viewer, visible_assessment

Write = Callable[[Grades, str], tuple[bytes, str, str]]

# What is offered, and how it is written: content, type, end of the file's name.
EXPORTS: Mapping[str, tuple[str, Write, bool]] = {
    "csv": ("CSV", lambda grades, _: (as_csv(grade_table(grades.rows, grades.labels)), CSV_TYPE, "csv"), False),
    "xlsx": (
        "Excel (XLSX)",
        lambda grades, title: (as_xlsx(grade_table(grades.rows, grades.labels), title=title), XLSX_TYPE, "xlsx"),
        False,
    ),
    "canvas": (
        "Canvas gradebook",
        lambda grades, title: (as_csv(canvas_table(grades.rows, title=title)), CSV_TYPE, "canvas.csv"),
        True,
    ),
    "moodle": (
        "Moodle grades with feedback",
        lambda grades, title: (as_csv(moodle_table(grades.rows, title=title)), CSV_TYPE, "moodle.csv"),
        True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def assessment_numbers(request: HttpRequest, assessment_id: int) -> HttpResponse:
    assessment = visible_assessment(request, assessment_id)
    sheet, problem = _sheet(request, assessment) if request.method == "POST" else (None, "")
    return render(
        request, "feedback/numbers.html", _context(request, assessment, sheet, problem), status=400 if problem else 200
    )


@require_safe
@login_required
def assessment_export(request: HttpRequest, assessment_id: int, export: str) -> HttpResponse:
    """Logged: a list of grades leaves the house. Files that name students need the names to be visible."""
    assessment = visible_assessment(request, assessment_id)
    if export not in EXPORTS:
        raise Http404
    _, write, needs_names = EXPORTS[export]
    grades = grades_of(assessment, faculty_viewer(request))
    if needs_names and not grades.named:
        raise PermissionDenied
    content, kind, end = write(grades, f"{assessment.course}: {assessment.station}")
    _note_export(request, assessment, export, len(grades.rows))
    name = f"{slugify(f'{assessment.course} {assessment.station} {assessment.date}') or 'grades'}.{end}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _context(
    request: HttpRequest, assessment: Assessment, sheet: SheetComparison | None, problem: str
) -> dict[str, Any]:
    report = cohort_report(assessment)
    rubric = assessment.rubric_version.document
    viewer = faculty_viewer(request)
    wording = Wording(
        labels=item_labels(rubric),
        critical=frozenset(f"question:{question.id}" for question in rubric.key_questions if question.critical),
        names=candidate_names(assessment, viewer, report.figures),
    )
    named = Identities.of(viewer).sees_class(assessment)
    return {
        "assessment": assessment,
        "numbers": numbers_page(report.figures, wording, cut=assessment.cut_score, left_out=report.left_out),
        "exports": [
            (name, reverse("assessment-export", args=[assessment.pk, key]))
            for key, (name, _, needs_names) in EXPORTS.items()
            if named or not needs_names
        ],
        "named": named,
        "sheet": sheet,
        "sheet_error": problem,
    }


def _sheet(request: HttpRequest, assessment: Assessment) -> tuple[SheetComparison | None, str]:
    file = request.FILES.get("mark_sheet")
    if file is None:
        return None, "Choose the file of your mark sheet first."
    try:
        return compare_sheet(assessment, faculty_viewer(request), file.read()), ""
    except Refusal as refusal:
        return None, refusal.message


def _note_export(request: HttpRequest, assessment: Assessment, export: str, rows: int) -> None:
    record(
        AuditEvent(
            actor=actor_of(request.user.pk),
            action="export grades",
            object_type="assessment",
            object_id=str(assessment.pk),
            at=timezone.now(),
            detail={"format": export, "candidates": rows},
        )
    )
