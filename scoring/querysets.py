"""Who sees which assessment, submission and grading: every page and every endpoint comes through `visible_to`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Q, Value, When

from scoring.access import Viewer
from scoring.domain.cut_score import NEAR_CUT

if TYPE_CHECKING:
    from scoring.models import (
        Assessment,
        Batch,
        BatchItem,
        BenchRun,
        Candidate,
        Grading,
        IdentityReveal,
        ReviewDecision,
        Submission,
    )


def _teaches(viewer: Viewer, prefix: str) -> Q:
    return Q(**{f"{prefix}owner_id": viewer.user_id}) | Q(**{f"{prefix}graders": viewer.user_id})


def _submitted(viewer: Viewer, prefix: str) -> Q:
    """Own submissions by key or user, and those of one's assessments."""
    mine = Q(pk__in=[])
    if viewer.key_prefix:
        mine |= Q(**{f"{prefix}submitted_with_key": viewer.key_prefix})
    if viewer.user_id is not None:
        mine |= Q(**{f"{prefix}submitted_by_id": viewer.user_id}) | _teaches(viewer, f"{prefix}assessment__")
    return mine


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, viewer: Viewer) -> Self:
        if viewer.sees_everything:
            return self.all()
        if viewer.user_id is None:
            return self.none()
        return self.filter(_teaches(viewer, "")).distinct()

    def managed_by(self, viewer: Viewer) -> Self:
        """Whose set-up and class list one may change: the owner's; a grader grades."""
        if viewer.sees_everything:
            return self.all()
        return self.none() if viewer.user_id is None else self.filter(owner_id=viewer.user_id)

    def current(self) -> Self:
        """Those that nobody put away."""
        return self.filter(archived_at__isnull=True)


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those of one's assessments. Their names are a matter of their own: `scoring.identities`."""
        if viewer.sees_everything:
            return self.all()
        if viewer.user_id is None:
            return self.none()
        return self.filter(_teaches(viewer, "assessment__")).distinct()


class IdentityRevealQuerySet(models.QuerySet["IdentityReveal"]):
    def to(self, user_id: int | None) -> Self:
        return self.none() if user_id is None else self.filter(revealed_to_id=user_id)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.all() if viewer.sees_everything else self.filter(_submitted(viewer, "")).distinct()


class GradingQuerySet(models.QuerySet["Grading"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.all() if viewer.sees_everything else self.filter(_submitted(viewer, "submission__")).distinct()

    def with_context(self) -> Self:
        return self.select_related(
            "submission__assessment", "submission__candidate", "rubric_version__rubric", "final__by"
        )

    def with_candidates(self) -> Self:
        """For lists of who they are: without results and texts, which are large."""
        return self.select_related("submission__candidate").defer(
            "result", "feedback", "submission__oral_transcript", "submission__summary_text"
        )

    def newest_of_candidates(self, assessment: Assessment) -> Self:
        """One row a candidate of the assessment: the grading that counts, which is the last one made."""
        return (
            self.filter(submission__assessment=assessment, submission__candidate__isnull=False)
            .order_by("submission__candidate_id", "-created_at", "-id")
            .distinct("submission__candidate_id")
        )

    def review_queue(self, assessment: Assessment) -> Self:
        """What a person should look at first: uncertain items, then near the cut score, then warnings, then the rest.

        By the machine's findings alone, so that the order stays while people decide.
        """
        low, high = assessment.cut_score - NEAR_CUT, assessment.cut_score + NEAR_CUT
        near = Q(overall_score__gte=low, overall_score__lte=high) if assessment.cut_score else Q(pk__in=[])
        return (
            self.filter(pk__in=self.model.objects.newest_of_candidates(assessment).values("pk"))
            .annotate(
                priority=Case(
                    When(uncertain_items__gt=0, then=Value(0)),
                    When(near, then=Value(1)),
                    When(warning_count__gt=0, then=Value(2)),
                    default=Value(3),
                )
            )
            .order_by("priority", "-uncertain_items", "created_at", "id")
        )

    def since(self, moment: datetime | None) -> Self:
        return self.all() if moment is None else self.filter(created_at__gte=moment)


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Own batches by key or user, and those of one's assessments."""
        if viewer.sees_everything:
            return self.all()
        mine = Q(pk__in=[])
        if viewer.key_prefix:
            mine |= Q(created_with_key=viewer.key_prefix)
        if viewer.user_id is not None:
            mine |= Q(created_by_id=viewer.user_id) | _teaches(viewer, "assessment__")
        return self.filter(mine).distinct()


class BatchItemQuerySet(models.QuerySet["BatchItem"]):
    def open(self) -> Self:
        """Those that a worker still has to finish, in their order."""
        return self.filter(state__in=("waiting", "grading")).order_by("position")

    def without_texts(self) -> Self:
        return self.defer("oral_transcript", "summary_text")


class DecisionQuerySet(models.QuerySet["ReviewDecision"]):
    """Reached through a grading that the viewer sees; never by a decision's own id."""

    def of(self, grading: Grading) -> Self:
        """The whole history of a grading, oldest first, with who decided."""
        return self.filter(grading=grading).select_related("by").order_by("sequence")


class BenchRunQuerySet(models.QuerySet["BenchRun"]):
    def of_person(self, user_id: int | None) -> Self:
        """Runs are working papers of whoever asked for them; a key has none."""
        return self.none() if user_id is None else self.filter(requested_by_id=user_id)

    def with_progress(self) -> Self:
        """`total` and `settled`: how many submissions there are, and how many are graded or refused."""
        settled = Q(entries__after__isnull=False) | ~Q(entries__refusal="")
        return (
            self.select_related("baseline__rubric")
            .defer("content")
            .annotate(total=models.Count("entries"), settled=models.Count("entries", filter=settled))
        )
