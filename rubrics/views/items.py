"""Items of a rubric's lists: added, moved, removed, put back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from rubrics.domain.errors import Malformed, NotFound, Refusal, Stale, WrongState
from rubrics.domain.new_items import with_new_item
from rubrics.domain.parts import LISTS, items_of, list_of, moved, position_in, position_of, with_items, without
from rubrics.models import RubricVersion
from rubrics.presentation.outline import label_of
from rubrics.views.access import faculty_page, version_or_404
from rubrics.views.saving import save
from rubrics.views.studio import studio_address, studio_context

_REMOVED = "rubric_item_removed"
_DIGITS = 6


@require_POST
@faculty_page
def rubric_item_add(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    """A new item at the end of a list, made from the author's words; it opens at once."""
    stored, home = version_or_404(rubric_id, version), _home(request)
    try:
        content, at = with_new_item(stored.content, home, request.POST.get("words", ""))
        saved = save(request, stored, content)
    except Refusal as refusal:
        return _refused(request, stored, refusal, request.POST.get("part", ""))
    return redirect(f"{studio_address(saved, part=f'{home}.{at}')}#form")


@require_POST
@faculty_page
def rubric_item_move(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    """An item, named by its id, one place up or down, or to a position. Others may have moved meanwhile."""
    stored, home = version_or_404(rubric_id, version), _home(request)
    position = position_of(stored.content, home, request.POST.get("id", ""))
    try:
        if position is None:
            raise NotFound("This item was removed meanwhile.")
        to = _wanted_position(request, position)
        saved = save(request, stored, moved(stored.content, home, position, to))
    except Refusal as refusal:
        return _refused(request, stored, refusal, request.POST.get("part", ""))
    now = position_of(saved.content, home, request.POST["id"])
    part = f"{home}.{now}"
    if getattr(request, "htmx", False):
        # The form in the middle stays as it is; what it is about may have another place now.
        open_part = _open_after_move(request, stored, saved)
        return render(request, "rubrics/_moved.html", studio_context(request, saved, part=open_part))
    return redirect(f"{studio_address(saved, part=part)}#form")


def _open_after_move(request: HttpRequest, before: RubricVersion, after: RubricVersion) -> str:
    part = request.POST.get("part", "")
    home = list_of(part)
    if home is None:
        return part
    items = items_of(before.content, home)
    at = position_in(part)
    now = position_of(after.content, home, str(items[at].get("id"))) if at < len(items) else None
    return part if now is None else f"{home}.{now}"


def _wanted_position(request: HttpRequest, position: int) -> int:
    to = request.POST.get("to", "")
    if to in ("up", "down"):
        return position + (1 if to == "down" else -1)
    if not to.isdecimal() or len(to) > _DIGITS:
        raise Malformed("Say where to: up, down or a position.")
    return int(to)


@require_POST
@faculty_page
def rubric_item_remove(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    """Remove an item. It is kept for an undo until the next one is removed."""
    stored, part = version_or_404(rubric_id, version), request.POST.get("part", "")
    try:
        if request.POST.get("etag") != stored.content_sha256:
            raise Stale("Somebody else saved this draft since you opened it, so nothing was removed. Look at it again.")
        content, item = without(stored.content, part)
        saved = save(request, stored, content)
    except Refusal as refusal:
        return _refused(request, stored, refusal, part)
    home = list_of(part) or ""
    request.session[_REMOVED] = {"version": saved.pk, "home": home, "at": position_in(part), "item": item}
    messages.success(request, f"Removed “{label_of(item)[:80]}”.", extra_tags="undo")
    return redirect(studio_address(saved, part=_neighbour(saved, part)))


def _neighbour(version: RubricVersion, part: str) -> str:
    home = part.rpartition(".")[0]
    left = len(items_of(version.content, home))
    if left:
        return f"{home}.{min(position_in(part), left - 1)}"
    return "key_questions_policy" if home == "key_questions" else home.partition(".")[0]


@require_POST
@faculty_page
def rubric_item_undo(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    stored = version_or_404(rubric_id, version)
    removed: dict[str, Any] | None = request.session.get(_REMOVED)
    if removed is None or removed["version"] != stored.pk:
        messages.error(request, "There is nothing to put back.")
        return redirect(studio_address(stored))
    items = items_of(stored.content, removed["home"])
    at = min(removed["at"], len(items))
    items.insert(at, removed["item"])
    try:
        saved = save(request, stored, with_items(stored.content, removed["home"], items))
    except Refusal as refusal:
        return _refused(request, stored, refusal, "")
    del request.session[_REMOVED]
    return redirect(f"{studio_address(saved, part=removed['home'] + f'.{at}')}#form")


def _home(request: HttpRequest) -> str:
    home = request.POST.get("home", "")
    return home if home in LISTS else "key_questions"


def _refused(request: HttpRequest, version: RubricVersion, refusal: Refusal, part: str) -> HttpResponse:
    """Said on the page that the author comes back to; nothing was stored."""
    if isinstance(refusal, WrongState) and refusal.fields:
        messages.error(request, f"{refusal.message} {refusal.fields[0].message}")
    else:
        messages.error(request, refusal.message)
    return redirect(studio_address(version, part=part))
