"""What students read, once it is released."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from feedback.models import Release
from feedback.presentation.page import grading_page_of
from feedback.presentation.rows import grading_row, station_of
from feedback.presentation.student import band, next_steps, strengths
from feedback.querysets import ReleaseQuerySet


@require_safe
@login_required
def my_feedback(request: HttpRequest) -> HttpResponse:
    releases = _my_releases(request).defer("grading__result", "grading__feedback")
    return render(
        request,
        "feedback/my_feedback.html",
        {"entries": [(release, grading_row(release.grading)) for release in releases]},
    )


@require_safe
@login_required
def my_feedback_page(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    release = _my_releases(request).filter(grading_id=grading_id).first()
    if release is None:
        raise Http404
    grading = release.grading
    page = grading_page_of(grading)
    assessment = grading.submission.assessment
    context = {
        "grading": grading,
        "release": release,
        "page": page,
        "station": station_of(grading.submission),
        "band": band(page.result.overall_score, assessment.cut_score if assessment else None),
        "strengths": strengths(page.result, page.feedback, page.line),
        "next_steps": next_steps(page.result, page.feedback, page.line),
    }
    return render(request, "feedback/my_feedback_page.html", context)


def _my_releases(request: HttpRequest) -> ReleaseQuerySet:
    return Release.objects.readable_by_student(getattr(request.user, "student_id", ""))
