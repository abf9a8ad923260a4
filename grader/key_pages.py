"""Pages on which coordinators make, look over and revoke API keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from grader.models import ApiKey, Scope, User
from grader.services import MAX_NAME, api_key_create, api_key_revoke
from rubrics.audit import actor_of

_LIFETIMES = (("90", "90 days"), ("365", "One year"), ("730", "Two years"), ("", "Until it is revoked"))
_USUAL = {"scopes": [Scope.GRADE, Scope.READ], "days": "365"}
_SOON = timedelta(days=14)
_IDLE = timedelta(days=90)


class KeyForm(forms.Form):
    """What a new key is called, may do, and for how long."""

    name = forms.CharField(max_length=MAX_NAME, strip=True)
    scopes = forms.MultipleChoiceField(choices=Scope.choices)
    days = forms.ChoiceField(choices=_LIFETIMES, required=False)

    def expires_at(self, now: datetime) -> datetime | None:
        days = self.cleaned_data["days"]
        return now + timedelta(days=int(days)) if days else None


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key in the table. state: usable, expires soon, expired or revoked. idle: unused for three months."""

    key: ApiKey
    state: str
    idle: bool
    scopes: tuple[str, ...]

    @property
    def is_usable(self) -> bool:
        return self.state in {"usable", "soon"}


def key_row(key: ApiKey, now: datetime) -> KeyRow:
    if key.revoked:
        state = "revoked"
    elif key.expiry_date is not None and key.expiry_date <= now:
        state = "expired"
    elif key.expiry_date is not None and key.expiry_date - now < _SOON:
        state = "soon"
    else:
        state = "usable"
    last = key.last_used_at or key.created
    words = tuple(scope.value for scope in Scope if scope in key.scopes)
    return KeyRow(key, state, idle=state in {"usable", "soon"} and now - last > _IDLE, scopes=words)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def api_keys(request: HttpRequest) -> HttpResponse:
    """The list, with a form for another key. The answer to the form is the only place that ever shows the key."""
    person = _coordinator(request)
    now = timezone.now()
    if request.method != "POST":
        return _page(request, KeyForm(initial=_USUAL), now)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, now, status=400)
    made, secret = api_key_create(
        name=form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        expires_at=form.expires_at(now),
        created_by=person,
        actor=actor_of(person.pk),
        at=now,
    )
    return _page(request, KeyForm(initial=_USUAL), now, made=made, secret=secret)


@require_POST
@login_required
def api_key_revoke_page(request: HttpRequest, prefix: str) -> HttpResponse:
    person = _coordinator(request)
    api_key_revoke(key=get_object_or_404(ApiKey, prefix=prefix), actor=actor_of(person.pk), at=timezone.now())
    return redirect("api-keys")


def _page(
    request: HttpRequest,
    form: KeyForm,
    now: datetime,
    *,
    made: ApiKey | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    keys = ApiKey.objects.select_related("created_by").order_by("revoked", "-created")
    chosen: list[Any] = form["scopes"].value() or []
    context = {
        "rows": [key_row(key, now) for key in keys],
        "form": form,
        "scopes": [(scope.value, scope.label, scope.value in chosen) for scope in Scope],
        "lifetimes": _LIFETIMES,
        "made": made,
        "secret": secret,
    }
    return render(request, "grader/api_keys.html", context, status=status)


def _coordinator(request: HttpRequest) -> User:
    """Whoever may not know of the keys is told that there is nothing."""
    person = cast("User", request.user)
    if not person.is_coordinator:
        raise Http404
    return person
