"""Recording what people decide. A decision is never changed or deleted; undoing is a decision too."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from rubrics.audit import AuditEvent, actor_of, record
from rubrics.domain.errors import Forbidden, Refusal, Stale, Ungradable
from scoring import metrics
from scoring.access import Viewer
from scoring.decisions import decision_of
from scoring.domain.citations import Quote
from scoring.domain.overall import COMPONENTS
from scoring.domain.result import GradingResult
from scoring.domain.review import (
    Action,
    Decision,
    GlobalRating,
    Judged,
    Review,
    decision_to_keep,
    review,
)
from scoring.domain.review.decisions import last_of_item
from scoring.domain.review.evidence import Passage, oral_source, verified_quote
from scoring.models import FinalScore, Grading, ReviewDecision

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """What a person wants to decide. seen: the newest sequence of the item that they saw, 0 for none.

    client_token: the same token again is the same decision. withdraws None: the newest that can be undone.
    """

    item: str
    action: Action
    client_token: UUID
    seen: int
    verdict: Judged | None = None
    reason: str = ""
    comment: str = ""
    rating: GlobalRating | None = None
    withdraws: int | None = None
    evidence: Passage | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """again: the decision had been stored before, under the same client token."""

    decision: ReviewDecision
    review: Review
    again: bool


class DecisionConflict(Stale):
    """Somebody decided about the item since the caller looked. `theirs` is what they decided, newest last."""

    code = "decision_conflict"

    def __init__(self, theirs: Sequence[ReviewDecision]) -> None:
        last = theirs[-1]
        who = last.by.get_full_name() or last.by.get_username()
        super().__init__(
            f"{who} decided about this item at {last.at:%H:%M} UTC, after you had looked at it. "
            "Nothing of yours was saved. See what they decided, then decide again."
        )
        self.theirs = tuple(theirs)


def decision_record(*, grading: Grading, request: DecisionRequest, viewer: Viewer, at: datetime) -> Recorded:
    """Store a decision, and the score that follows from it, both or neither.

    Raises Forbidden for a key (a grade is decided by a person), DecisionConflict when the item changed since `seen`,
    Ungradable for evidence that is not there or a token that was used for another decision, and the refusals of
    `decision_to_keep`. Decisions about one grading take turns, so two people never overwrite each other.
    """
    user_id = viewer.user_id
    if user_id is None:
        raise Forbidden("A grade is decided by a person. Sign in to review; a key can read decisions.")
    try:
        with transaction.atomic():
            return _record(grading=grading, request=request, user_id=user_id, at=at)
    except Ungradable as refusal:
        _count_rejected(refusal, grading)
        raise


def _count_rejected(refusal: Refusal, grading: Grading) -> None:
    if refusal.code == "citation_rejected":
        metrics.count_error(service="scoring", error_type="citation_rejected")
        logger.error("citation rejected in a decision about grading %s", grading.pk)


def _record(*, grading: Grading, request: DecisionRequest, user_id: int, at: datetime) -> Recorded:
    Grading.objects.select_for_update(no_key=True).only("pk").get(pk=grading.pk)
    rows = list(ReviewDecision.objects.of(grading))
    before = [decision_of(row) for row in rows]
    result, rubric = GradingResult.model_validate(grading.result), grading.rubric_version.document
    twin = next((row for row in rows if row.client_token == request.client_token), None)
    if twin is not None:
        return Recorded(_same_decision(twin, request, user_id), review(rubric, result, before), again=True)
    _refuse_conflict(rows, before, request)
    wanted = _wanted(grading, result, request, sequence=len(rows) + 1)
    kept = decision_to_keep(wanted, review(rubric, result, before), before)
    row = _store(grading, kept, request.client_token, user_id=user_id, at=at)
    after = review(rubric, result, [*before, kept])
    _keep_final(grading, after, row)
    record(_audit_event(row))
    return Recorded(row, after, again=False)


def _same_decision(twin: ReviewDecision, request: DecisionRequest, user_id: int) -> ReviewDecision:
    if twin.item != request.item or twin.by_id != user_id:
        raise Ungradable(
            "This client_token was used for another decision. Send a new token with a new decision.",
            code="client_token_reused",
        )
    return twin


def _refuse_conflict(rows: Sequence[ReviewDecision], before: Sequence[Decision], request: DecisionRequest) -> None:
    if last_of_item(before, request.item) > request.seen:
        raise DecisionConflict([row for row in rows if row.item == request.item and row.sequence > request.seen])


def _wanted(grading: Grading, result: GradingResult, request: DecisionRequest, *, sequence: int) -> Decision:
    return Decision(
        sequence=sequence,
        item=request.item,
        action=request.action,
        verdict=request.verdict,
        reason=request.reason.strip(),
        comment=request.comment.strip(),
        rating=request.rating,
        withdraws=request.withdraws,
        evidence=None if request.evidence is None else _verified(request.evidence, grading, result),
    )


def _verified(passage: Passage, grading: Grading, result: GradingResult) -> Quote:
    return verified_quote(
        passage,
        oral=oral_source(grading.submission.oral_transcript),
        summary=grading.submission.summary_text or "",
        turns=result.detailed_results.transcript.turns,
    )


def _store(grading: Grading, kept: Decision, token: UUID, *, user_id: int, at: datetime) -> ReviewDecision:
    quote = kept.evidence
    return ReviewDecision.objects.create(
        grading=grading,
        sequence=kept.sequence,
        client_token=token,
        item=kept.item,
        action=kept.action.value,
        verdict=kept.verdict.value if kept.verdict else "",
        rating=kept.rating.value if kept.rating else "",
        reason=kept.reason,
        comment=kept.comment,
        withdraws=kept.withdraws,
        evidence_source=quote.source if quote else "",
        evidence_turn=quote.turn if quote else None,
        evidence_start=quote.start if quote else None,
        evidence_end=quote.end if quote else None,
        evidence_quote=quote.quote if quote else "",
        by_id=user_id,
        at=at,
    )


def _keep_final(grading: Grading, after: Review, row: ReviewDecision) -> None:
    FinalScore.objects.update_or_create(
        grading=grading,
        defaults={
            "state": after.progress.state.value,
            "overall_score": after.overall_score,
            **{f"{name}_score": after.component_scores[name] for name in COMPONENTS},
            "global_rating": after.rating.value if after.rating else "",
            "items": after.progress.items,
            "decided": after.progress.decided,
            "to_do": len(after.progress.to_do),
            "changed": len(after.changes),
            "last_sequence": row.sequence,
            "by_id": row.by_id,
            "at": row.at,
        },
    )


def _audit_event(row: ReviewDecision) -> AuditEvent:
    return AuditEvent(
        actor=actor_of(row.by_id),
        action=f"decide {row.action.replace('_', ' ')}",
        object_type="grading",
        object_id=str(row.grading_id),
        at=row.at,
        detail={"sequence": row.sequence, "item": row.item, "verdict": row.verdict or None},
    )
