"""The review screen: parse, call, answer. Every form works without JavaScript; with it, parts of the page answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from feedback.presentation.review.page import ReviewPage, review_page_of
from feedback.presentation.review.parts import changed_groups, changed_rows, changed_turns
from feedback.presentation.review.queue import Place, QueueEntry, first_waiting, place_of
from feedback.presentation.rows import release_of, station_of
from feedback.review_forms import decision_request_of
from feedback.views.reach import visible_grading
from rubrics.domain.errors import Refusal
from scoring.access import Viewer, viewer_of
from scoring.decisions import Reviewed, person_name, reviewed
from scoring.domain.result import GradingResult
from scoring.domain.review.evidence import oral_source
from scoring.identities import Identities
from scoring.models import Assessment, Grading, ReviewDecision
from scoring.services import DecisionConflict, decision_record, grading_verify

TABS = (("items", "Items"), ("feedback", "Feedback"), ("history", "History"), ("about", "About"))
SCRIPTS = tuple(f"grader/{name}.js" for name in ("grading", "review_save", "review_evidence", "review_find"))
PARTS_TYPE = "application/json"
_SCORE = Coalesce("final__overall_score", "overall_score")


class Tokens:
    """A new token for every form: it makes a form that is sent twice one decision."""

    @property
    def new(self) -> str:
        return str(uuid4())


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A decision that was not stored: what was wanted, and who had decided otherwise in the meantime, if anybody."""

    item: str
    message: str
    posted: Mapping[str, str]
    conflict: bool


@require_safe
@login_required
def grading_page(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    tab = request.GET.get("tab", "items")
    grading = visible_grading(request, grading_id)
    return _page(request, grading, tab=tab if tab in dict(TABS) else "items")


@require_POST
@login_required
def grading_verify_page(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    """Shows the outcome on the page itself: nothing is stored, so sending the form again does no harm."""
    grading = visible_grading(request, grading_id)
    return _page(request, grading, tab="about", verification=grading_verify(grading=grading))


@require_POST
@login_required
def grading_decide(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    """Store one decision. Answers the parts of the page that changed, or, to a plain form, the page at the item."""
    grading = visible_grading(request, grading_id)
    turns = GradingResult.model_validate(grading.result).detailed_results.transcript.turns
    try:
        wanted = decision_request_of(request.POST.dict(), turns, oral_source(grading.submission.oral_transcript))
        recorded = decision_record(grading=grading, request=wanted, viewer=viewer_of(request.user), at=timezone.now())
    except Refusal as refusal:
        return _refused(request, grading, refusal)
    if _wants_parts(request):
        return _parts(request, grading, {recorded.decision.item}, saved=recorded.decision)
    page = review_page_of(grading, reviewed(grading))
    row = next((row for row in page.rows if row.key == wanted.item), None)
    return redirect(f"{reverse('grading', args=[grading.pk])}#{row.anchor if row else 'review-finish'}")


def _refused(request: HttpRequest, grading: Grading, refusal: Refusal) -> HttpResponse:
    """Nothing was stored: shown at the item itself, with what was wanted kept in the form."""
    conflict = isinstance(refusal, DecisionConflict)
    status = 412 if conflict else 422
    unsaved = Unsaved(request.POST.get("item", ""), refusal.message, request.POST.dict(), conflict)
    if _wants_parts(request):
        return _parts(request, grading, {unsaved.item}, unsaved=unsaved, status=status)
    return _page(request, grading, tab="items", unsaved=unsaved, status=status)


@require_safe
@login_required
def grading_changes(request: HttpRequest, grading_id: UUID) -> HttpResponse:
    """What others decided since `since`, as parts of the page; asked for every few seconds, so nothing new is short."""
    grading = visible_grading(request, grading_id)
    since = request.GET.get("since", "")
    if not (since.isascii() and since.isdigit()):
        raise Http404
    newer = list(ReviewDecision.objects.of(grading).filter(sequence__gt=int(since[:9])))
    if not newer:
        return JsonResponse({"last_sequence": int(since[:9]), "parts": []})
    return _parts(request, grading, {row.item for row in newer}, others=newer)


@require_safe
@login_required
def review_next(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """To the first candidate that waits for a person; to the list when all are done."""
    viewer = viewer_of(request.user)
    assessment = Assessment.objects.visible_to(viewer).filter(pk=assessment_id).first()
    if assessment is None:
        raise Http404
    waiting = first_waiting(_queue(viewer, assessment))
    if waiting is None:
        messages.success(request, "Every candidate of this station is reviewed.")
        return redirect("assessment", assessment.pk)
    return redirect("grading", grading_id=waiting)


def _queue(viewer: Viewer, assessment: Assessment) -> list[QueueEntry]:
    """One query, however many candidates there are."""
    queue = Grading.objects.visible_to(viewer).review_queue(assessment)
    rows = queue.values_list("pk", Coalesce("final__state", Value("untouched")), _SCORE)
    return [QueueEntry(pk, state, score) for pk, state, score in rows]


def _place(request: HttpRequest, grading: Grading) -> Place | None:
    assessment = grading.submission.assessment
    if assessment is None:
        return None
    return place_of(_queue(viewer_of(request.user), assessment), grading.pk, assessment.cut_score)


def _page(request: HttpRequest, grading: Grading, *, tab: str, status: int = 200, **more: Any) -> HttpResponse:
    found = reviewed(grading)
    review = review_page_of(grading, found)
    context = {
        **_shared(grading, review, more.pop("unsaved", None)),
        "page": review.page,
        "candidate": Identities.of(viewer_of(request.user)).show_submission(grading.submission),
        "station": station_of(grading.submission),
        "release": release_of(grading),
        "place": _place(request, grading),
        "tab": tab,
        "tabs": TABS,
        "scripts": SCRIPTS,
        "items_at": reverse("grading", args=[grading.pk]) if tab in ("history", "about") else "",
        "review_at": "" if tab == "items" else reverse("grading", args=[grading.pk]),
        **more,
    }
    return render(request, "feedback/grading.html", context, status=status)


def _shared(grading: Grading, review: ReviewPage, unsaved: Unsaved | None) -> dict[str, Any]:
    """What the page and its parts both need."""
    return {
        "grading": grading,
        "review": review,
        "decide": reverse("grading-decide", args=[grading.pk]),
        "tokens": Tokens(),
        "unsaved": unsaved,
    }


def _wants_parts(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith(PARTS_TYPE)


def _parts(
    request: HttpRequest,
    grading: Grading,
    keys: Iterable[str],
    *,
    saved: ReviewDecision | None = None,
    unsaved: Unsaved | None = None,
    others: Iterable[ReviewDecision] = (),
    status: int = 200,
) -> JsonResponse:
    """The parts of the page that these items touch, rendered anew from what is stored now."""
    found = reviewed(grading)
    review = review_page_of(grading, found)
    return JsonResponse(
        {
            "last_sequence": found.last_sequence,
            "saved": None
            if saved is None
            else {"item": saved.item, "sequence": saved.sequence, "at": f"{saved.at:%H:%M}"},
            "error": None if unsaved is None else {"message": unsaved.message, "conflict": unsaved.conflict},
            "others": sorted({person_name(row) for row in others if row.by_id != request.user.pk}),
            "parts": _rendered(request, _shared(grading, review, unsaved), found, set(keys)),
        },
        status=status,
    )


def _rendered(request: HttpRequest, shared: dict[str, Any], found: Reviewed, keys: set[str]) -> list[dict[str, str]]:
    """Parts by the id that they replace on the page."""
    review: ReviewPage = shared["review"]
    rows = changed_rows(review, keys)
    parts: list[tuple[str, str, dict[str, Any]]] = [
        ("review-total", "_total.html", {}),
        ("review-finish", "_finish.html", {}),
        *((row.anchor, "_row.html", {"row": row}) for row in rows),
        *((f"head-{group.name}", "_head.html", {"group": group}) for group in changed_groups(review, rows)),
        *((f"turn-{t.number}", "_turn.html", {"turn": t}) for t in changed_turns(review, rows, found.history)),
    ]
    return [
        {"id": name, "html": render_to_string(f"feedback/review/{template}", {**shared, **context}, request)}
        for name, template, context in parts
    ]
