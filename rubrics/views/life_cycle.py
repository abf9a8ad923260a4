"""What becomes of a version: revised, approved, archived, rolled back to, deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from rubrics.audit import actor_of
from rubrics.domain.document import RubricStatus
from rubrics.domain.errors import Refusal
from rubrics.domain.qa import check_rubric
from rubrics.models import RubricVersion
from rubrics.presentation.findings import findings_of
from rubrics.presentation.history import changes_between, latest_approved_before
from rubrics.services import (
    newest_version,
    rubric_roll_back,
    rubric_version_approve,
    rubric_version_archive,
    rubric_version_delete,
    rubric_version_revise,
)
from rubrics.views.access import faculty_page, may_approve, name_of, person_id, version_or_404
from rubrics.views.saving import save
from rubrics.views.studio import studio_address

_LONGEST_NOTE = 5_000


@require_http_methods(["GET", "HEAD", "POST"])
@faculty_page
def rubric_approve_page(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    """What is about to become final: the checks, the changes, the version's number; a coordinator signs it."""
    draft = version_or_404(rubric_id, version)
    if request.method != "POST":
        return _approval(request, draft)
    if not may_approve(request):
        raise Http404
    try:
        draft = _renumbered(request, draft)
        approved = rubric_version_approve(
            rubric_version=draft,
            by=name_of(request),
            at=timezone.now(),
            note=request.POST.get("note", "").replace("\x00", "").strip()[:_LONGEST_NOTE],
            actor=actor_of(person_id(request)),
        )
    except Refusal as refusal:
        return _approval(request, version_or_404(rubric_id, draft.version), status=409, refusal=refusal.message)
    messages.success(request, f"Approved. {approved.version} grades from now on and can't be changed any more.")
    return redirect(studio_address(approved, tab="history"))


def _renumbered(request: HttpRequest, draft: RubricVersion) -> RubricVersion:
    """The approver may raise the version; the rest of the draft stays what was looked at."""
    number = request.POST.get("number", "").strip()
    if not number or number == draft.version:
        return draft
    return save(request, draft, {**draft.content, "version": number})


def _approval(request: HttpRequest, draft: RubricVersion, *, status: int = 200, refusal: str = "") -> HttpResponse:
    findings = findings_of(check_rubric(draft.document))
    before = latest_approved_before(draft)
    context: dict[str, Any] = {
        "version": draft,
        "document": draft.document,
        "errors": [finding for finding in findings if finding.is_error],
        "warnings": [finding for finding in findings if not finding.is_error],
        "before": before,
        "changes": changes_between(before, draft) if before else (),
        "refusal": refusal,
        "note": request.POST.get("note", ""),
        "number": request.POST.get("number", draft.version),
        "approver": name_of(request),
        "may_approve": may_approve(request),
        "is_draft": draft.status == RubricStatus.DRAFT,
    }
    return render(request, "rubrics/approve.html", context, status=status)


@require_POST
@faculty_page
def rubric_revise(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    """The next draft, with the content of this version; an open draft is taken up instead of making a second one."""
    base = version_or_404(rubric_id, version)
    newest = newest_version(rubric_id=base.rubric.rubric_id)
    if newest.status == RubricStatus.DRAFT:
        messages.info(request, f"There is a draft already, {newest.version}. This is it.")
        return redirect(studio_address(newest))
    draft = rubric_version_revise(
        base=base, content=dict(base.content), author_id=person_id(request), at=timezone.now()
    )
    return redirect(studio_address(draft))


@require_POST
@faculty_page
def rubric_roll_back_page(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    earlier = version_or_404(rubric_id, version)
    try:
        draft = rubric_roll_back(rubric_version=earlier, author_id=person_id(request), at=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(studio_address(earlier, tab="history"))
    messages.success(request, f"Draft {draft.version} says what {earlier.version} said. Approve it to make it grade.")
    return redirect(studio_address(draft, tab="history"))


@require_http_methods(["GET", "HEAD", "POST"])
@faculty_page
def rubric_archive_page(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    """Taking a version out of use concerns everybody who grades with it, so it is asked first."""
    if not may_approve(request):
        raise Http404
    approved = version_or_404(rubric_id, version)
    if request.method != "POST":
        return render(request, "rubrics/archive.html", {"version": approved})
    try:
        rubric_version_archive(rubric_version=approved, at=timezone.now(), actor=actor_of(person_id(request)))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Archived {approved.version}. It grades nothing new; its gradings stay.")
    return redirect(studio_address(approved, tab="history"))


@require_http_methods(["GET", "HEAD", "POST"])
@faculty_page
def rubric_delete_page(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    draft = version_or_404(rubric_id, version)
    if request.method != "POST":
        return render(request, "rubrics/delete.html", {"version": draft})
    try:
        rubric_version_delete(rubric_version=draft, at=timezone.now(), actor=actor_of(person_id(request)))
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(studio_address(draft, tab="history"))
    messages.success(request, f"Deleted the draft {draft.version} of {draft.rubric.rubric_id}.")
    return redirect("rubrics")
