"""The studio: one version of a rubric, by parts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from rubrics.domain.errors import FieldProblem, NotFound
from rubrics.domain.parts import is_part
from rubrics.models import RubricVersion
from rubrics.presentation.history import history_of
from rubrics.presentation.studio import JSON_PART, TABS, first_part, known_part, studio_page
from rubrics.preview import student_preview
from rubrics.services import newest_version
from rubrics.views.access import faculty_page, may_approve, version_or_404


@require_safe
@faculty_page
def rubric_page(request: HttpRequest, rubric_id: str) -> HttpResponse:
    """A rubric by its name alone: its newest version."""
    try:
        return redirect(studio_address(newest_version(rubric_id=rubric_id)))
    except NotFound as error:
        raise Http404 from error


@require_safe
@faculty_page
def studio(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    return studio_answer(request, version_or_404(rubric_id, version), part=request.GET.get("part", ""))


def studio_address(version: RubricVersion, *, part: str = "", tab: str = "") -> str:
    address = reverse("rubric-studio", args=[version.rubric.rubric_id, version.version])
    query = {name: value for name, value in (("part", part), ("tab", tab)) if value}
    return f"{address}?{urlencode(query)}" if query else address


def studio_context(
    request: HttpRequest,
    version: RubricVersion,
    *,
    part: str,
    posted: Mapping[str, Any] | None = None,
    problems: Sequence[FieldProblem] = (),
) -> dict[str, Any]:
    document = version.document
    part = known_part(version.content, part, first_part(document))
    tab = (request.POST if request.method == "POST" else request.GET).get("tab", "")
    tab = tab if tab in dict(TABS) else "checks"
    page = studio_page(document=document, content=version.content, part=part, posted=posted, problems=problems)
    return {
        "version": version,
        "document": document,
        "page": page,
        "part": part,
        "tab": tab,
        "tabs": TABS,
        "base": json.dumps(dict(page.edited.base) if page.edited else {}, ensure_ascii=False),
        "preview": student_preview(document) if tab == "preview" else (),
        "history": history_of(version, since=request.GET.get("since", "")) if tab == "history" else None,
        "json_text": json.dumps(version.content, ensure_ascii=False, indent=2) if part == JSON_PART else "",
        "may_approve": may_approve(request),
    }


def studio_answer(
    request: HttpRequest,
    version: RubricVersion,
    *,
    part: str,
    status: int = 200,
    posted: Mapping[str, Any] | None = None,
    problems: Sequence[FieldProblem] = (),
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The whole page, or for the page's own script the pieces of it that may have changed."""
    context = studio_context(request, version, part=part, posted=posted, problems=problems)
    template = "rubrics/_saved.html" if getattr(request, "htmx", False) else "rubrics/studio.html"
    return render(request, template, {**context, **(more or {})}, status=status)


def asked_part(request: HttpRequest) -> str:
    part = request.POST.get("part", "")
    return part if is_part(part) else "about"
