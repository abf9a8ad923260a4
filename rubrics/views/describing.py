"""Changes described in words, and the mending that a check offers: shown as a difference first, then applied."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from rubrics.domain.diff import Change
from rubrics.domain.errors import Malformed, Refusal, Stale
from rubrics.domain.identity import content_as_json
from rubrics.domain.json_text import strict_json
from rubrics.models import RubricVersion
from rubrics.services import rubric_edit_preview, rubric_edit_propose
from rubrics.views.access import faculty_page, version_or_404
from rubrics.views.saving import save
from rubrics.views.studio import studio_address, studio_answer

_IN_MESSAGE = 3
_NOT_UNDERSTOOD = 422


@require_POST
@faculty_page
def rubric_describe(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    """What the words would change. Nothing is stored, and what is not understood is quoted."""
    draft, words = version_or_404(rubric_id, version), request.POST.get("words", "")
    described: dict[str, Any] = {"words": words, "refusal": None, "proposal": None}
    status = 200
    try:
        proposal = rubric_edit_propose(document=draft.document, request=words)
        described |= {
            "proposal": proposal,
            "patch": json.dumps(list(proposal.reading.patch)),
            "offers": [(offer.text, json.dumps(list(offer.patch))) for offer in proposal.reading.offers],
        }
    except Refusal as refusal:
        described["refusal"], status = refusal, _NOT_UNDERSTOOD
    if getattr(request, "htmx", False):
        part = request.POST.get("part", "")
        return render(
            request, "rubrics/_described.html", {"described": described, "version": draft, "part": part}, status=status
        )
    return studio_answer(
        request, draft, part=request.POST.get("part", ""), status=status, more={"described": described}
    )


@require_POST
@faculty_page
def rubric_describe_apply(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    """Store a patch that was looked at, if the draft is still the one it was looked at with."""
    draft, part = version_or_404(rubric_id, version), request.POST.get("part", "")
    try:
        if request.POST.get("etag") != draft.content_sha256:
            raise Stale("This draft has changed since you looked at the change, so nothing was applied. Look again.")
        saved, changes = _applied(request, draft)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(studio_address(draft, part=part))
    messages.success(request, f"Applied. {_told(changes)}")
    return redirect(studio_address(saved, part=part))


def _applied(request: HttpRequest, draft: RubricVersion) -> tuple[RubricVersion, Sequence[Change]]:
    operations = strict_json(request.POST.get("patch", ""))
    if not isinstance(operations, list):
        raise Malformed("A change is a list of operations.")
    preview = rubric_edit_preview(document=draft.document, patch=operations)
    return save(request, draft, content_as_json(preview.modified)), preview.changes


def _told(changes: Sequence[Change]) -> str:
    told = " ".join(f"{change.text.rstrip('.')}." for change in changes[:_IN_MESSAGE])
    return f"{told} And {len(changes) - _IN_MESSAGE} more." if len(changes) > _IN_MESSAGE else told
