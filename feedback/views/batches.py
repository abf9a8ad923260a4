"""A batch: before it starts what was uploaded, then how far it is, in the end what became of each file."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, Q, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from feedback.batch_progress import batch_progress
from feedback.presentation.uploads import file_rows
from feedback.services.batches import batch_cancel, batch_pause, batch_resume, batch_retry_failures
from feedback.views.reach import visible_batch
from rubrics.domain.errors import Refusal
from scoring.identities import Identities
from scoring.models import Batch, BatchState, ItemState
from scoring.views.reach import faculty_viewer, managed_assessment, manages

PAGE_SIZE = 100
_DOUBTFUL_FIRST = Case(
    When(Q(state=ItemState.WAITING, student_id="") | ~Q(reading__problem_code=""), then=Value(0)), default=Value(1)
)
ACTS: dict[str, tuple[Callable[..., Batch], str]] = {
    "pause": (batch_pause, "Paused. What is graded stays."),
    "resume": (batch_resume, "Grading goes on."),
    "retry": (batch_retry_failures, "The failed ones are tried again."),
    "cancel": (batch_cancel, "Cancelled. What is graded stays."),
}


@require_safe
@login_required
def batch_page(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    if batch.state == BatchState.DRAFT:
        return _preview(request, batch)
    return _report(request, batch)


def _preview(request: HttpRequest, batch: Batch) -> HttpResponse:
    assessment = batch.assessment
    if assessment is None:
        raise Http404
    if assessment.anonymous_grading:
        managed_assessment(request, assessment.pk)
    items = batch.items.without_texts().select_related("candidate").order_by("position")
    gradable = items.exclude(state=ItemState.DROPPED) | items.filter(error_code="left_out")
    page = Paginator(gradable.order_by(_DOUBTFUL_FIRST, "position"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "assessment": assessment,
        "progress": batch_progress(batch, at=timezone.now()),
        "page": page,
        "rows": file_rows(page),
        "nameless": batch.items.filter(state=ItemState.WAITING, student_id="").count(),
        "left_out": items.filter(state=ItemState.DROPPED).exclude(error_code="left_out"),
        "candidates": assessment.candidates.order_by("student_id"),
    }
    return render(request, "feedback/upload_preview.html", context)


def _report(request: HttpRequest, batch: Batch) -> HttpResponse:
    items = batch.items.without_texts().select_related("candidate").order_by("position")
    identities = Identities.of(faculty_viewer(request))
    assessment = batch.assessment
    sees_files = assessment is None or identities.sees_class(assessment) or manages(request, assessment)
    context = {
        "batch": batch,
        "assessment": assessment,
        "progress": batch_progress(batch, at=timezone.now()),
        "sees_files": sees_files,
        "failed": items.filter(state=ItemState.FAILED),
        "left_out": items.filter(state__in=[ItemState.DROPPED, ItemState.DUPLICATE]),
    }
    return render(request, "feedback/batch.html", context)


@require_safe
@login_required
def batch_progress_line(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The line alone, for a page that asks again and again; when all is done it reloads to show what became of it."""
    batch = visible_batch(request, batch_id)
    context = {"batch": batch, "progress": batch_progress(batch, at=timezone.now())}
    response = render(request, "feedback/_progress.html", context)
    if batch.state != BatchState.RUNNING:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@login_required
def batch_act(request: HttpRequest, batch_id: UUID, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404
    batch = visible_batch(request, batch_id)
    service, done = ACTS[act]
    try:
        service(batch=batch, viewer=faculty_viewer(request), at=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect("batch", batch_id=batch.pk)
