"""Pages of gradings: parse, call, answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from feedback.models import Release
from feedback.presentation import grading_context
from feedback.querysets import ReleaseQuerySet
from feedback.services import grading_release
from scoring.access import viewer_of
from scoring.models import Grading

PAGE_SIZE = 50


@require_safe
@login_required
def grading_list(request: HttpRequest) -> HttpResponse:
    gradings = Grading.objects.visible_to(viewer_of(request.user)).with_context().defer("result", "feedback")
    page = Paginator(gradings, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "feedback/grading_list.html", {"page": page})


@require_safe
@login_required
def grading_page(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    grading = _visible_grading(request, grading_id)
    return render(request, "feedback/grading.html", grading_context(grading))


@require_POST
@login_required
def grading_release_page(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    grading = _visible_grading(request, grading_id)
    grading_release(grading=grading, by=request.user, at=timezone.now())
    messages.success(request, "Released. The student can read it now.")
    return redirect("grading", grading_id=grading.pk)


@require_safe
@login_required
def my_feedback(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/my_feedback.html", {"releases": _my_releases(request)})


@require_safe
@login_required
def my_feedback_page(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    release = _my_releases(request).filter(grading_id=grading_id).first()
    if release is None:
        raise Http404
    return render(request, "feedback/my_feedback_page.html", grading_context(release.grading))


def _my_releases(request: HttpRequest) -> ReleaseQuerySet:
    return Release.objects.readable_by_student(getattr(request.user, "student_id", ""))


def _visible_grading(request: HttpRequest, grading_id: UUID) -> Grading:
    grading = (
        Grading.objects.visible_to(viewer_of(request.user)).with_context().select_related("release")
        .filter(pk=grading_id).first()
    )
    if grading is None:
        raise Http404
    return grading
