"""New rubrics: from a template, or as a copy of a version."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from rubrics.domain.errors import Refusal, WrongState
from rubrics.domain.new_items import slug_of
from rubrics.models import RubricVersion
from rubrics.services import rubric_copy, rubric_from_template
from rubrics.starters import templates
from rubrics.views.access import faculty_page, person_id, version_or_404
from rubrics.views.studio import studio_address


@require_http_methods(["GET", "HEAD", "POST"])
@faculty_page
def rubric_new(request: HttpRequest) -> HttpResponse:
    def make(rubric_id: str, title: str) -> RubricVersion:
        return rubric_from_template(
            template=request.POST.get("template", "blank"),
            rubric_id=rubric_id,
            title=title,
            author_id=person_id(request),
            at=timezone.now(),
        )

    chosen = request.GET.get("template", "blank")
    return _made(request, make, {"templates": templates(), "chosen": chosen}, "rubrics/new.html")


@require_http_methods(["GET", "HEAD", "POST"])
@faculty_page
def rubric_copy_page(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    source = version_or_404(rubric_id, version)

    def make(name: str, title: str) -> RubricVersion:
        return rubric_copy(
            rubric_version=source, rubric_id=name, title=title, author_id=person_id(request), at=timezone.now()
        )

    return _made(request, make, {"source": source}, "rubrics/copy.html")


def _made(
    request: HttpRequest, make: Callable[[str, str], RubricVersion], context: Mapping[str, object], template: str
) -> HttpResponse:
    if request.method != "POST":
        return render(request, template, context)
    title = request.POST.get("title", "").replace("\x00", "").strip()
    # A name made of the title serves until somebody wants another.
    rubric_id = request.POST.get("rubric_id", "").strip() or slug_of(title)
    try:
        version = make(rubric_id, title)
    except Refusal as refusal:
        status = 409 if isinstance(refusal, WrongState) else 400
        written = {"title": title, "rubric_id": rubric_id, "chosen": request.POST.get("template", "blank")}
        message = refusal.message if title or rubric_id else "Write a title first."
        return render(request, template, {**context, **written, "refusal": message}, status=status)
    return redirect(f"{studio_address(version, part='about')}#form")
