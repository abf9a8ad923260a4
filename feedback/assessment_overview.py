"""Assessments with what waits in each, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Max, OuterRef, Q, Subquery

from feedback.models import Release
from scoring.domain.review import ReviewState
from scoring.models import Assessment, Batch, BatchItem, BatchState, FinalScore, Grading, ItemState
from scoring.querysets import AssessmentQuerySet


@dataclass(frozen=True, slots=True)
class Overview:
    """candidates: on the class list. graded, to_review, uncertain, released: of the newest grading of each."""

    assessment: Assessment
    candidates: int
    graded: int
    to_review: int
    uncertain: int
    released: int
    running: int
    drafts: int
    failed: int
    changed: datetime | None

    @property
    def ungraded(self) -> int:
        return max(0, self.candidates - self.graded)

    @property
    def waits(self) -> bool:
        return bool(self.to_review or self.drafts or self.failed)

    @property
    def is_released(self) -> bool:
        return bool(self.released) and self.released == self.graded


def overviews(assessments: AssessmentQuerySet, *, at: datetime) -> list[Overview]:
    """Newest first. at: for whoever asks what changed since."""
    rows = list(assessments.select_related("owner", "rubric_version__rubric").annotate(size=_candidates()))
    keys = [row.pk for row in rows]
    graded = {row["submission__assessment"]: row for row in _gradings(keys)}
    batches = {row["batch__assessment"]: row for row in _batches(keys)}
    return [_overview(row, graded.get(row.pk, {}), batches.get(row.pk, {})) for row in rows]


def _candidates() -> Subquery:
    """Counted beside: a join with graders (who may see it) would count each candidate once a grader."""
    counted = Assessment.objects.filter(pk=OuterRef("pk")).order_by().annotate(size=Count("candidates")).values("size")
    return Subquery(counted)


def _gradings(keys: list[int]) -> Iterable[Mapping[str, Any]]:
    newest = (
        Grading.objects.filter(submission__assessment__in=keys, submission__candidate__isnull=False)
        .order_by("submission__candidate_id", "-created_at", "pk")
        .distinct("submission__candidate_id")
        .values("pk")
    )
    waits = Q(release__isnull=True) & (Q(final__isnull=True) | ~Q(final__state=ReviewState.COMPLETE.value))
    return (
        Grading.objects.filter(pk__in=newest)
        .order_by()
        .values("submission__assessment")
        .annotate(
            graded=Count("pk"),
            to_review=Count("pk", filter=waits),
            uncertain=Count("pk", filter=waits & Q(uncertain_items__gt=0)),
            released=Count("release"),
            last=Max("created_at"),
            last_final=Max("final__at"),
            last_release=Max("release__released_at"),
        )
    )


def _batches(keys: list[int]) -> Iterable[Mapping[str, Any]]:
    return (
        BatchItem.objects.filter(batch__assessment__in=keys)
        .order_by()
        .values("batch__assessment")
        .annotate(
            running=Count("batch", filter=Q(batch__state__in=["running", "paused"]), distinct=True),
            drafts=Count("batch", filter=Q(batch__state=BatchState.DRAFT), distinct=True),
            failed=Count("pk", filter=Q(state=ItemState.FAILED) & ~Q(batch__state=BatchState.CANCELLED)),
        )
    )


def _overview(assessment: Assessment, graded: Mapping[str, Any], batches: Mapping[str, Any]) -> Overview:
    moments = [graded.get(name) for name in ("last", "last_final", "last_release")]
    counts = {**graded, **batches}

    def number(name: str) -> int:
        return int(counts.get(name) or 0)

    return Overview(
        assessment=assessment,
        candidates=int(getattr(assessment, "size", 0) or 0),
        graded=number("graded"),
        to_review=number("to_review"),
        uncertain=number("uncertain"),
        released=number("released"),
        running=number("running"),
        drafts=number("drafts"),
        failed=number("failed"),
        changed=max((moment for moment in moments if isinstance(moment, datetime)), default=None),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """Something that others or the machine did lately, for the dashboard."""

    at: datetime
    words: str
    assessment: Assessment
    batch: Batch | None = None


def recent_changes(assessments: AssessmentQuerySet, *, limit: int = 8) -> list[Change]:
    """Newest first: uploads that were graded, reviews, releases. Four queries."""
    known = assessments.in_bulk()
    changes = [*_graded(known, limit), *_reviewed(known, limit), *_released(known, limit)]
    return sorted(changes, key=lambda change: change.at, reverse=True)[:limit]


def _graded(known: Mapping[Any, Assessment], limit: int) -> Iterable[Change]:
    finished = Batch.objects.filter(assessment__in=list(known), state=BatchState.DONE, finished_at__isnull=False)
    for batch in finished.annotate(size=Count("items", filter=Q(items__state=ItemState.DONE)))[:limit]:
        yield Change(
            batch.finished_at or batch.created_at,
            f"{getattr(batch, 'size', 0)} graded",
            known[batch.assessment_id],
            batch,
        )


def _reviewed(known: Mapping[Any, Assessment], limit: int) -> Iterable[Change]:
    finals = FinalScore.objects.filter(grading__submission__assessment__in=list(known))
    rows = finals.values("grading__submission__assessment", "by").annotate(count=Count("pk"), last=Max("at"))
    yield from _by_people(known, [tuple(row.values()) for row in rows.order_by("-last")[:limit]], "reviewed")


def _released(known: Mapping[Any, Assessment], limit: int) -> Iterable[Change]:
    releases = Release.objects.filter(grading__submission__assessment__in=list(known))
    rows = releases.values("grading__submission__assessment", "released_by").annotate(
        count=Count("pk"), last=Max("released_at")
    )
    yield from _by_people(known, [tuple(row.values()) for row in rows.order_by("-last")[:limit]], "released")


def _by_people(known: Mapping[Any, Assessment], rows: list[tuple[Any, ...]], verb: str) -> Iterable[Change]:
    people = get_user_model().objects.in_bulk([person for _, person, _, _ in rows])
    for assessment, person, count, last in rows:
        name = people[person].get_full_name() or people[person].get_username()
        yield Change(last, f"{name} {verb} {count}", known[assessment])
