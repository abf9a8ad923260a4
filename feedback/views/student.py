"""What students read, once it is released."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from feedback.models import Release
from feedback.presentation.rows import grading_row, station_of
from feedback.presentation.student_page import student_page_of
from feedback.print.pdf import student_pdf
from feedback.querysets import ReleaseQuerySet
from scoring.presentation.charts import progress

# One assessment is a score; from two on there is a way from one to the next.
_FEWEST_FOR_PROGRESS = 2


@require_safe
@login_required
def my_feedback(request: HttpRequest) -> HttpResponse:
    releases = list(_my_releases(request).defer("grading__result", "grading__feedback"))
    rows = [(release, grading_row(release.grading)) for release in releases]
    oldest_first = [(row.station or row.rubric, row.counts) for _, row in reversed(rows)]
    return render(
        request,
        "feedback/my_feedback.html",
        {"entries": rows, "progress": progress(oldest_first) if len(rows) >= _FEWEST_FOR_PROGRESS else None},
    )


@require_safe
@login_required
def my_feedback_page(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    release = _my_release(request, grading_id)
    return render(
        request,
        "feedback/my_feedback_page.html",
        {
            "grading": release.grading,
            "release": release,
            "student": student_page_of(release.grading),
            "station": station_of(release.grading.submission),
        },
    )


@require_safe
@login_required
def my_feedback_pdf(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    release = _my_release(request, grading_id)
    grading = release.grading
    version = grading.rubric_version
    assessment = grading.submission.assessment
    lead = [f"candidate {grading.submission.student_id}", f"released {release.released_at:%d %B %Y}"]
    if assessment is not None:
        lead.insert(0, f"{assessment.course}, {assessment.station}")
    pdf = student_pdf(student_page_of(grading), title=version.title or version.rubric.rubric_id, lead=" · ".join(lead))
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="feedback.pdf"'}
    )


def _my_releases(request: HttpRequest) -> ReleaseQuerySet:
    return Release.objects.readable_by_student(getattr(request.user, "student_id", ""))


def _my_release(request: HttpRequest, grading_id: UUID) -> Release:
    release = _my_releases(request).filter(grading_id=grading_id).first()
    if release is None:
        raise Http404
    return release
