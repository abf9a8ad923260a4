"""The assessments of a faculty member, and the class of one of them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from feedback.assessment_overview import overviews
from feedback.assessment_table import ORDERS, class_filters, class_rows, filtered, known_filter, next_in_line
from feedback.batch_progress import batch_progress
from feedback.presentation.histogram import histogram
from feedback.presentation.numbers import score_text
from scoring.identities import Identities
from scoring.models import Assessment, BatchState
from scoring.views.reach import faculty_viewer, manages, visible_assessment

PAGE_SIZE = 250


@require_safe
@login_required
def assessment_list(request: HttpRequest) -> HttpResponse:
    viewer = faculty_viewer(request)
    put_away = request.GET.get("state") == "archived"
    visible = Assessment.objects.visible_to(viewer)
    chosen = visible.filter(archived_at__isnull=not put_away)
    context = {
        "overviews": overviews(chosen, at=timezone.now()),
        "put_away": put_away,
        "put_away_count": visible.filter(archived_at__isnull=False).count(),
    }
    return render(request, "feedback/assessment_list.html", context)


@require_safe
@login_required
def assessment_page(request: HttpRequest, assessment_id: int) -> HttpResponse:
    assessment = visible_assessment(request, assessment_id)
    viewer = faculty_viewer(request)
    rows = class_rows(assessment, viewer)
    chosen = known_filter(request.GET.get("show", ""))
    order = request.GET.get("order", "")
    order = order if order in ORDERS else ""
    page = Paginator(sorted(filtered(rows, chosen), key=ORDERS[order]), PAGE_SIZE).get_page(request.GET.get("page"))
    now = timezone.now()
    unfinished = assessment.batches.filter(state__in=[BatchState.DRAFT, BatchState.RUNNING, BatchState.PAUSED])
    may_manage = manages(request, assessment)
    context = {
        "assessment": assessment,
        "page": page,
        "filters": class_filters(rows, chosen),
        "chosen": chosen,
        "order": order,
        "total": len(rows),
        "graded": sum(row.grading_id is not None for row in rows),
        "next": next_in_line(rows),
        "batches": [(batch, batch_progress(batch, at=now)) for batch in unfinished[:3]],
        "histogram": histogram([row.score for row in rows if row.score is not None], assessment.cut_score),
        "may_manage": may_manage,
        "may_upload": may_manage or not assessment.anonymous_grading,
        "cut": score_text(assessment.cut_score) if assessment.cut_score else "",
        "query": urlencode({"show": chosen, "order": order}),
        "sees_names": Identities.of(viewer).sees_class(assessment),
    }
    return render(request, "feedback/assessment.html", context)
