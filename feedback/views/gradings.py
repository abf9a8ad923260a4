"""Pages of gradings for faculty: parse, call, answer."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from feedback.grading_search import GradingSearch
from feedback.presentation.rows import grading_row
from scoring.access import Viewer, viewer_of
from scoring.identities import Identities
from scoring.models import Grading

PAGE_SIZE = 50


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
    identities = Identities.of(viewer)
    return render(
        request,
        "feedback/grading_list.html",
        {
            "page": page,
            "rows": [grading_row(grading, identities) for grading in page],
            "search": search,
            "filters": search.filters(found),
            "query": search.query(search.state),
        },
    )
