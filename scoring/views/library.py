"""The library of rubrics; it stands here and not in `rubrics` because it tells where they are used."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rubrics.domain.document import RubricStatus
from rubrics.models import Rubric, RubricVersion
from rubrics.views.access import faculty_page
from scoring.access import viewer_of
from scoring.presentation.library import LibrarySearch, library_entries
from scoring.rubric_usage import usage_of

PAGE_SIZE = 30


@require_safe
@faculty_page
def rubric_library(request: HttpRequest) -> HttpResponse:
    search = LibrarySearch.from_query(request.GET)
    fitting = RubricVersion.objects.filter(search.versions())
    rubrics = Rubric.objects.filter(pk__in=fitting.values("rubric_id")).order_by("rubric_id")
    page = Paginator(rubrics, PAGE_SIZE).get_page(request.GET.get("page"))
    versions = list(
        fitting.filter(rubric_id__in=[rubric.pk for rubric in page])
        .select_related("rubric")
        .defer("content")
        .order_by("rubric__rubric_id", "-major", "-minor", "-patch")
    )
    usage = usage_of([version.pk for version in versions], viewer_of(request.user))
    specialties = RubricVersion.objects.exclude(specialty="").order_by("specialty").values_list("specialty", flat=True)
    context = {
        "page": page,
        "entries": library_entries(versions, usage),
        "library": search,
        "specialties": list(specialties.distinct()),
        "statuses": [status.value for status in RubricStatus],
    }
    return render(request, "scoring/library.html", context)
