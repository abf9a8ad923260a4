"""What people decide about gradings: every decision for ever (migration 0003 refuses changes), and the score then.

Decisions carry the role of whoever made them, so that a second marker and an adjudicator can come in beside the first
without touching what is stored; the final score stays one for each grading.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from scoring.domain.overall import COMPONENTS
from scoring.domain.review import MAX_TEXT, Action, GlobalRating, Judged, ReviewState
from scoring.models.bounds import unit_interval
from scoring.models.gradings import Grading
from scoring.querysets import DecisionQuerySet

FIRST_MARKER = "first"
ROLES = (FIRST_MARKER, "second", "adjudicator")


Words = type[Action] | type[Judged] | type[GlobalRating] | type[ReviewState]


def _values(words: Words) -> list[str]:
    """Plain strings: a migration must not import our enums."""
    return [word.value for word in words]


def _choices(words: Words) -> list[tuple[str, str]]:
    return [(word.value, word.value.replace("_", " ").capitalize()) for word in words]


class ReviewDecision(models.Model):
    """One act of one person about one item of a grading; `scoring.domain.review` says what it means.

    sequence: 1, 2, 3 … within the grading. client_token: made by the caller, so that a request sent twice is one
    decision. evidence_*: a quotation that was verified against the submission when the decision was stored.
    """

    grading = models.ForeignKey(Grading, on_delete=models.PROTECT, related_name="decisions")
    sequence = models.PositiveIntegerField()
    client_token = models.UUIDField()
    role = models.CharField(max_length=20, default=FIRST_MARKER, db_default=FIRST_MARKER)
    item = models.CharField(max_length=255, help_text="Key of the item, or “grading”.")
    action = models.CharField(max_length=20, choices=_choices(Action))
    verdict = models.CharField(max_length=10, blank=True, choices=_choices(Judged))
    rating = models.CharField(max_length=20, blank=True, choices=_choices(GlobalRating))
    reason = models.CharField(max_length=MAX_TEXT, blank=True)
    comment = models.CharField(max_length=MAX_TEXT, blank=True)
    withdraws = models.PositiveIntegerField(null=True, blank=True)
    evidence_source = models.CharField(max_length=10, blank=True)
    evidence_turn = models.PositiveIntegerField(null=True, blank=True)
    evidence_start = models.PositiveIntegerField(null=True, blank=True)
    evidence_end = models.PositiveIntegerField(null=True, blank=True)
    evidence_quote = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["grading", "sequence"]
        indexes = [models.Index(fields=["by", "-at"], name="decision_by_person")]
        constraints = [
            models.UniqueConstraint(fields=["grading", "sequence"], name="decision_has_its_own_sequence"),
            models.UniqueConstraint(fields=["grading", "client_token"], name="decision_is_stored_once"),
            models.UniqueConstraint(fields=["grading", "withdraws"], name="decision_is_withdrawn_once"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="decision_sequence_starts_at_1"),
            models.CheckConstraint(condition=~Q(item=""), name="decision_names_its_item"),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="decision_role_is_known"),
            models.CheckConstraint(condition=Q(action__in=_values(Action)), name="decision_action_is_known"),
            models.CheckConstraint(
                condition=Q(action__in=["override", "mark"], verdict__in=_values(Judged))
                | (~Q(action__in=["override", "mark"]) & Q(verdict="")),
                name="decision_verdict_fits_its_action",
            ),
            models.CheckConstraint(
                condition=Q(action="rate", rating__in=_values(GlobalRating)) | (~Q(action="rate") & Q(rating="")),
                name="decision_rating_fits_its_action",
            ),
            models.CheckConstraint(
                condition=(Q(action="comment") & ~Q(comment="")) | (~Q(action="comment") & Q(comment="")),
                name="decision_comment_fits_its_action",
            ),
            models.CheckConstraint(
                condition=Q(action="withdraw", withdraws__gte=1, withdraws__lt=F("sequence"))
                | (~Q(action="withdraw") & Q(withdraws__isnull=True)),
                name="decision_withdraws_an_earlier_one",
            ),
            models.CheckConstraint(
                condition=Q(
                    evidence_source="",
                    evidence_turn__isnull=True,
                    evidence_start__isnull=True,
                    evidence_end__isnull=True,
                    evidence_quote="",
                )
                | (
                    Q(action__in=["accept", "override", "mark"], evidence_end__gt=F("evidence_start"))
                    & (
                        Q(evidence_source="oral", evidence_turn__gte=1)
                        | Q(evidence_source="summary", evidence_turn__isnull=True)
                    )
                    & ~Q(evidence_quote="")
                ),
                name="decision_evidence_is_whole_or_absent",
            ),
        ]

    def __str__(self) -> str:
        return f"Decision {self.sequence} of {self.grading_id}"


class FinalScore(models.Model):
    """The score of a grading after everything that was decided, and how far the review is.

    One row a grading, from its first decision on; kept in the transaction of every decision. A grading without one is
    untouched, and only the machine's score is there. decided: items that a person decided one by one; to_do: those
    that only a person can settle and nobody has; changed: those that count otherwise than the machine had them.
    """

    grading = models.OneToOneField(Grading, on_delete=models.PROTECT, related_name="final")
    state = models.CharField(max_length=20, choices=_choices(ReviewState))
    overall_score = models.DecimalField(max_digits=5, decimal_places=4)
    structure_score = models.DecimalField(max_digits=5, decimal_places=4)
    key_questions_score = models.DecimalField(max_digits=5, decimal_places=4)
    reasoning_score = models.DecimalField(max_digits=5, decimal_places=4)
    summary_score = models.DecimalField(max_digits=5, decimal_places=4)
    communication_score = models.DecimalField(max_digits=5, decimal_places=4)
    global_rating = models.CharField(max_length=20, blank=True, choices=_choices(GlobalRating))
    items = models.PositiveIntegerField()
    decided = models.PositiveIntegerField()
    to_do = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    last_sequence = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "-at"], name="final_by_state")]
        constraints = [
            *(
                models.CheckConstraint(condition=unit_interval(f"{name}_score"), name=f"final_{name}_is_0_to_1")
                for name in ("overall", *COMPONENTS)
            ),
            models.CheckConstraint(condition=Q(state__in=_values(ReviewState)), name="final_state_is_known"),
            models.CheckConstraint(
                condition=Q(global_rating__in=["", *_values(GlobalRating)]), name="final_rating_is_known"
            ),
            models.CheckConstraint(
                condition=Q(decided__lte=F("items"), to_do__lte=F("items"), changed__lte=F("items")),
                name="final_counts_are_of_its_items",
            ),
        ]

    def __str__(self) -> str:
        return f"Final score of {self.grading_id}"
