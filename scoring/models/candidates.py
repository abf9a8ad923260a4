"""Who is assessed: the class list of an assessment, and who was shown the names behind the codes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from scoring.models.assessments import Assessment
from scoring.querysets import CandidateQuerySet, IdentityRevealQuerySet


class Candidate(models.Model):
    """One row of a class list.

    student_id: the school's own identifier, which ties a student's account to their feedback.
    code: what graders see where grading is anonymous; drawn at random, so that its order tells nothing.
    Name, e-mail and student ID are private: pages show them through `scoring.identities` alone.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="candidates")
    student_id = models.CharField(max_length=100)
    display_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    code = models.CharField(max_length=20)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "code"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "student_id"], name="student_is_on_a_class_list_once"),
            models.UniqueConstraint(fields=["assessment", "code"], name="candidate_code_is_unique_per_assessment"),
            models.CheckConstraint(condition=~Q(student_id="") & ~Q(code=""), name="candidate_has_an_id_and_a_code"),
        ]

    def __str__(self) -> str:
        return f"Candidate {self.code}"


class IdentityReveal(models.Model):
    """A person asked to see who stands behind the codes, and sees it alone. candidate None: the whole class."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="reveals")
    candidate = models.ForeignKey(Candidate, null=True, blank=True, on_delete=models.CASCADE, related_name="reveals")
    revealed_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    revealed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = IdentityRevealQuerySet.as_manager()

    class Meta:
        ordering = ["-revealed_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="identity_reveal_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"Reveal in {self.assessment_id} to {self.revealed_to_id}"
