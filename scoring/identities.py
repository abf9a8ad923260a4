"""Who a candidate is, for one viewer: the one way in which pages show names and student IDs."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.access import Viewer
from scoring.models import Assessment, Candidate, IdentityReveal, Submission


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands for a candidate. detail: a second line, empty where there is nothing to add."""

    title: str
    detail: str = ""
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Identities:
    """Whom this viewer was shown: whole classes by assessment, single candidates by their key."""

    classes: frozenset[int] = frozenset()
    candidates: frozenset[int] = frozenset()

    @classmethod
    def of(cls, viewer: Viewer) -> Identities:
        """One query, however many candidates are shown."""
        reveals = list(IdentityReveal.objects.to(viewer.user_id))
        return cls(
            frozenset(reveal.assessment_id for reveal in reveals if reveal.candidate_id is None),
            frozenset(reveal.candidate_id for reveal in reveals if reveal.candidate_id is not None),
        )

    def sees_class(self, assessment: Assessment) -> bool:
        return not assessment.anonymous_grading or assessment.pk in self.classes

    def sees(self, candidate: Candidate, assessment: Assessment) -> bool:
        return self.sees_class(assessment) or candidate.pk in self.candidates

    def show(self, candidate: Candidate, assessment: Assessment) -> Shown:
        if not self.sees(candidate, assessment):
            return Shown(candidate.code, is_code=True)
        if candidate.display_name:
            return Shown(candidate.display_name, candidate.student_id)
        return Shown(candidate.student_id)

    def show_submission(self, submission: Submission) -> Shown:
        """Needs `assessment` and `candidate` selected with it. Without an assessment there is nobody to keep secret."""
        if submission.assessment is None or submission.candidate is None:
            return Shown(submission.student_id)
        return self.show(submission.candidate, submission.assessment)
