"""Who comes in: faculty read and edit rubrics, coordinators approve and archive them, students have no rubric pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from rubrics.domain.errors import Malformed, NotFound
from rubrics.models import RubricVersion
from rubrics.services import rubric_version_read

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def faculty_page(view: View[P]) -> View[P]:
    """For faculty and coordinators; to students the page does not exist. What is not found answers 404."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not getattr(request.user, "is_faculty", False):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404 from error

    return cast("View[P]", login_required(guarded))


def may_approve(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_coordinator", False))


def person_id(request: HttpRequest) -> int:
    return cast("int", request.user.pk)


def name_of(request: HttpRequest) -> str:
    """How approvals name a person: in full where the account has it."""
    full = getattr(request.user, "get_full_name", str)()
    return str(full or request.user)


def version_or_404(rubric_id: str, version: str) -> RubricVersion:
    try:
        return rubric_version_read(rubric_id=rubric_id, version=version)
    except (NotFound, Malformed) as error:
        raise Http404 from error
