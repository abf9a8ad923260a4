"""Saving a part of a draft, and what happens when somebody else saved it first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from rubrics.domain.conflicts import Side, field_conflicts, merged, stored_part, where_now
from rubrics.domain.errors import FieldProblem, Malformed, Refusal, Stale, WrongState
from rubrics.domain.json_text import strict_json
from rubrics.domain.parts import items_of, list_of, part_of, with_items, with_part
from rubrics.models import RubricVersion
from rubrics.presentation.conflict import conflict_page
from rubrics.presentation.forms import ReadForm, read_form
from rubrics.presentation.studio import JSON_PART
from rubrics.services import rubric_draft_save
from rubrics.views.access import faculty_page, person_id, version_or_404
from rubrics.views.studio import asked_part, studio_address, studio_answer

_MAX_BASE = 512 * 1024
_DIGITS = 6


@require_POST
@faculty_page
def rubric_save(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    """Save one part in place. With a stale copy nothing is stored, and both changes are shown."""
    stored = version_or_404(rubric_id, version)
    part, base = asked_part(request), _mapping(request.POST.get("base", ""))
    form = read_form(part, _with_moved_row(request.POST), base or part_of(stored.content, part))
    if _expected(request) != stored.content_sha256:
        return _conflict(request, stored, part, base, form.values)
    return _store(request, stored, part, base, form)


def _store(
    request: HttpRequest, stored: RubricVersion, part: str, base: Mapping[str, Any], form: ReadForm
) -> HttpResponse:
    if form.problems:
        return studio_answer(request, stored, part=part, status=400, posted=form.values, problems=form.problems)
    try:
        saved = save(request, stored, with_part(stored.content, part, form.values))
    except Stale:
        fresh = version_or_404(stored.rubric.rubric_id, stored.version)
        return _conflict(request, fresh, part, base, form.values)
    except (Malformed, WrongState) as refusal:
        problems = refusal.fields or (FieldProblem(part, refusal.message),)
        status = 400 if isinstance(refusal, Malformed) else 409
        return studio_answer(request, stored, part=part, status=status, posted=form.values, problems=problems)
    if getattr(request, "htmx", False):
        return studio_answer(request, saved, part=part)
    return redirect(studio_address(saved, part=part, tab=request.POST.get("tab", "")))


def save(request: HttpRequest, stored: RubricVersion, content: Mapping[str, Any]) -> RubricVersion:
    return rubric_draft_save(
        rubric_version=stored,
        content=content,
        expected_sha256=stored.content_sha256,
        author_id=person_id(request),
        at=timezone.now(),
    )


def _expected(request: HttpRequest) -> str:
    """The content the author started from: a form field, or the header that the API uses for the same."""
    return request.POST.get("etag", "") or request.headers.get("If-Match", "").strip('"')


def _conflict(
    request: HttpRequest, stored: RubricVersion, part: str, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> HttpResponse:
    where = where_now(stored.content, part, base)
    if where is not None and stored_part(stored.content, where) == dict(mine):
        # The other person wrote the very same.
        return studio_answer(request, stored, part=where)
    page = conflict_page(part, base, stored_part(stored.content, where), mine, is_gone=where is None)
    context = {"version": stored, "conflict": page, "part": part, "base": _json(base), "mine": _json(mine)}
    template = "rubrics/_conflict_state.html" if getattr(request, "htmx", False) else "rubrics/conflict.html"
    return render(request, template, context, status=412)


@require_POST
@faculty_page
def rubric_resolve(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    """Store what was chosen of two changes; if somebody saved yet again meanwhile, choose again."""
    stored = version_or_404(rubric_id, version)
    part, base, mine = (
        asked_part(request),
        _mapping(request.POST.get("base", "")),
        _mapping(request.POST.get("mine", "")),
    )
    if _expected(request) != stored.content_sha256:
        return _conflict(request, stored, part, base, mine)
    where = where_now(stored.content, part, base)
    theirs = stored_part(stored.content, where)
    choices = {
        name.removeprefix("choose-"): Side(value)
        for name, value in request.POST.items()
        if name.startswith("choose-") and value in set(Side)
    }
    try:
        if where is not None:
            chosen = merged(theirs, field_conflicts(base, theirs, mine), choices)
            saved = save(request, stored, with_part(stored.content, where, chosen))
        else:
            saved = _put_back(request, stored, part, mine)
            where = part if saved is stored else _last_of(saved, part)
    except Stale:
        return _conflict(request, version_or_404(rubric_id, version), part, base, mine)
    except (Malformed, WrongState) as refusal:
        messages.error(request, refusal.message)
        return redirect(studio_address(stored, part=where or ""))
    messages.success(request, "Saved what you chose.")
    return redirect(studio_address(saved, part=where))


def _put_back(request: HttpRequest, stored: RubricVersion, part: str, mine: Mapping[str, Any]) -> RubricVersion:
    """An item that the other person removed, if the author wants theirs all the same."""
    home = list_of(part)
    if home is None or request.POST.get("gone") != "put-back":
        return stored
    return save(request, stored, with_items(stored.content, home, [*items_of(stored.content, home), dict(mine)]))


def _last_of(version: RubricVersion, part: str) -> str:
    home = list_of(part) or ""
    return f"{home}.{len(items_of(version.content, home)) - 1}"


@require_POST
@faculty_page
def rubric_save_json(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    """The whole document at once, for those who like it better."""
    stored = version_or_404(rubric_id, version)
    text = request.POST.get("json", "")
    try:
        saved = _saved_whole(request, stored, text)
    except Refusal as refusal:
        status = 412 if isinstance(refusal, Stale) else 400 if isinstance(refusal, Malformed) else 409
        return studio_answer(
            request, stored, part=JSON_PART, status=status, more={"json_refusal": refusal, "json_written": text}
        )
    messages.success(request, "Saved.")
    return redirect(studio_address(saved, part=JSON_PART))


def _saved_whole(request: HttpRequest, stored: RubricVersion, text: str) -> RubricVersion:
    document = strict_json(text)
    if not isinstance(document, dict):
        raise Malformed("A rubric is a JSON object: { … }.")
    if _expected(request) != stored.content_sha256:
        raise Stale("Somebody else saved this draft since you opened it, so nothing was stored. Your text is below.")
    return save(request, stored, document)


def _with_moved_row(posted: QueryDict) -> QueryDict:
    """The buttons beside rows (`expected_order up 2`) work without JavaScript too."""
    name, _, rest = posted.get("row", "").partition(" ")
    direction, _, at = rest.partition(" ")
    rows = posted.getlist(name)
    if not at.isdecimal() or len(at) > _DIGITS or int(at) >= len(rows):
        return posted
    changed, position = posted.copy(), int(at)
    row = rows.pop(position)
    if direction in ("up", "down"):
        rows.insert(max(0, position + (1 if direction == "down" else -1)), row)
    changed.setlist(name, rows)
    return changed


def _mapping(text: str) -> dict[str, Any]:
    """What the form carried along; anything else than an object counts as nothing."""
    try:
        found = json.loads(text[:_MAX_BASE]) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False)
