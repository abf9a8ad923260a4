"""Letting students read, one or all, after a look at what they will read; and taking it back with a reason."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from feedback.models import Release, ReleaseEvent
from feedback.presentation.rows import release_of, station_of
from feedback.presentation.student_page import student_page_of
from feedback.services.releases import grading_release, grading_withdraw, gradings_release
from feedback.views.reach import visible_grading
from rubrics.domain.errors import Refusal
from scoring.domain.review import ReviewState
from scoring.identities import Identities
from scoring.models import Assessment, Grading
from scoring.views.reach import faculty_viewer, visible_assessment


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def grading_release_page(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    grading = visible_grading(request, grading_id)
    if request.method != "POST":
        return _release_page(request, grading)
    grading_release(grading=grading, by_id=cast("int", request.user.pk), at=timezone.now())
    messages.success(request, "Released. The student can read it now.")
    return redirect("grading", grading_id=grading.pk)


@require_POST
@login_required
def grading_withdraw_page(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    grading = visible_grading(request, grading_id)
    reason = request.POST.get("reason", "")
    try:
        grading_withdraw(grading=grading, by_id=cast("int", request.user.pk), reason=reason, at=timezone.now())
    except Refusal as refusal:
        return _release_page(request, grading, problem=refusal.message, reason=reason)
    messages.success(request, "Taken back. The student can't read it any more; the reason is kept in the history.")
    return redirect("grading", grading_id=grading.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def assessment_release_page(request: HttpRequest, assessment_id: int) -> HttpResponse:
    assessment = visible_assessment(request, assessment_id)
    if request.method == "POST":
        count = gradings_release(assessment=assessment, by_id=cast("int", request.user.pk), at=timezone.now())
        messages.success(request, f"Released {count} grade{'' if count == 1 else 's'}. The students can read them now.")
        return redirect("assessment", assessment_id=assessment.pk)
    return render(request, "feedback/release_all.html", _of_all(request, assessment))


def _of_all(request: HttpRequest, assessment: Assessment) -> dict[str, object]:
    """Who would be released, those that nobody reviewed first; needs as many queries for one as for five hundred."""
    gradings = list(
        Grading.objects.filter(pk__in=Grading.objects.newest_of_candidates(assessment).values("pk"))
        .with_candidates()
        .select_related("final__by", "release")
    )
    waiting = [grading for grading in gradings if release_of(grading) is None]
    identities = Identities.of(faculty_viewer(request))
    rows = [
        (identities.show(candidate, assessment), grading, _is_reviewed(grading))
        for grading in waiting
        if (candidate := grading.submission.candidate) is not None
    ]
    return {
        "assessment": assessment,
        "rows": sorted(rows, key=lambda row: (row[2], row[0].title)),
        "reviewed": sum(reviewed for _, _, reviewed in rows),
        "already": len(gradings) - len(waiting),
    }


def _is_reviewed(grading: Grading) -> bool:
    final = getattr(grading, "final", None)
    return final is not None and final.state == ReviewState.COMPLETE


def _release_page(request: HttpRequest, grading: Grading, *, problem: str = "", reason: str = "") -> HttpResponse:
    release: Release | None = release_of(grading)
    context = {
        "grading": grading,
        "release": release,
        "student": student_page_of(grading),
        "station": station_of(grading.submission),
        "who": Identities.of(faculty_viewer(request)).show_submission(grading.submission),
        "history": ReleaseEvent.objects.filter(grading=grading).select_related("by"),
        "problem": problem,
        "reason": reason,
    }
    return render(request, "feedback/release.html", context, status=400 if problem else 200)
