"""Pages of gradings: parse, call, answer."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.grading_search import GradingSearch
from feedback.models import Release
from feedback.presentation.page import grading_page_of
from feedback.presentation.rows import grading_row, release_of, station_of
from feedback.presentation.student import band, next_steps, strengths
from feedback.querysets import ReleaseQuerySet
from feedback.services import grading_release
from scoring.access import Viewer, viewer_of
from scoring.models import Grading
from scoring.services import grading_verify

PAGE_SIZE = 50
TABS = (("items", "Items"), ("feedback", "Feedback"), ("about", "About this grading"))


@require_safe
@login_required
def grading_list(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request.user)
    if viewer == Viewer():
        return redirect("my-feedback")
    search = GradingSearch.from_query(request.GET)
    found = search.matching_words(Grading.objects.visible_to(viewer))
    gradings = search.in_state(found).with_context().select_related("release").defer("result", "feedback")
    page = Paginator(gradings, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "feedback/grading_list.html",
        {
            "page": page,
            "rows": [grading_row(grading) for grading in page],
            "search": search,
            "filters": search.filters(found),
            "query": search.query(search.state),
        },
    )


@require_safe
@login_required
def grading_page(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    tab = request.GET.get("tab", "items")
    return _grading_page(request, _visible_grading(request, grading_id), tab=tab if tab in dict(TABS) else "items")


def _grading_page(request: HttpRequest, grading: Grading, *, tab: str, **more: Any) -> HttpResponse:
    context = {
        "grading": grading,
        "page": grading_page_of(grading),
        "station": station_of(grading.submission),
        "release": release_of(grading),
        "tab": tab,
        "tabs": TABS,
        "items_at": reverse("grading", args=[grading.pk]) if tab == "about" else "",
    }
    return render(request, "feedback/grading.html", {**context, **more})


@require_POST
@login_required
def grading_verify_page(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    """Shows the outcome on the page itself: nothing is stored, so sending the form again does no harm."""
    grading = _visible_grading(request, grading_id)
    return _grading_page(request, grading, tab="about", verification=grading_verify(grading=grading))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def grading_release_page(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    grading = _visible_grading(request, grading_id)
    if request.method != "POST":
        return render(request, "feedback/release.html", {"grading": grading, "release": release_of(grading)})
    grading_release(grading=grading, by_id=cast("int", request.user.pk), at=timezone.now())
    messages.success(request, "Released. The student can read it now.")
    return redirect("grading", grading_id=grading.pk)


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


def _visible_grading(request: HttpRequest, grading_id: UUID) -> Grading:
    grading = (
        Grading.objects.visible_to(viewer_of(request.user))
        .with_context()
        .select_related("release__released_by")
        .filter(pk=grading_id)
        .first()
    )
    if grading is None:
        raise Http404
    return grading
