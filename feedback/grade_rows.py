"""The grades of an assessment as rows of a file, for one viewer: without names where those may not be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.domain.compose import overall_summary
from feedback.domain.grade_files import GradeRow
from rubrics.domain.document import RubricDocument
from scoring.access import Viewer
from scoring.cohorts import cohort_of
from scoring.decisions import decision_of, final_of
from scoring.domain.overall import COMPONENTS
from scoring.domain.review import ReviewState, standing_of
from scoring.domain.statistics.cohort import GradedCandidate
from scoring.domain.statistics.verdicts import item_labels
from scoring.domain.terms import Style
from scoring.identities import Identities
from scoring.models import Assessment, Candidate, Grading, ReviewDecision


@dataclass(frozen=True, slots=True)
class Grades:
    """labels: of the items, by key. named: whether rows say who the candidates are."""

    rows: Sequence[GradeRow]
    labels: Mapping[str, str]
    named: bool


def grades_of(assessment: Assessment, viewer: Viewer) -> Grades:
    """One row a candidate, by code; the queries do not grow with the class."""
    rubric = assessment.rubric_version.document
    candidates, _ = cohort_of(assessment, alias="default")
    verdicts = {one.grading_id: one for one in candidates}
    gradings = (
        Grading.objects.filter(pk__in=verdicts)
        .with_candidates()
        .select_related("final__by")
        .order_by("submission__candidate__code")
    )
    comments = _comments(list(verdicts))
    identities = Identities.of(viewer)
    rows = [
        _row(grading, verdicts[str(grading.pk)], rubric, comments, shown=identities.sees(candidate, assessment))
        for grading in gradings
        if (candidate := grading.submission.candidate) is not None
    ]
    return Grades(rows, item_labels(rubric), identities.sees_class(assessment))


def _row(
    grading: Grading, verdicts: GradedCandidate, rubric: RubricDocument, comments: Mapping[str, str], *, shown: bool
) -> GradeRow:
    final = final_of(grading)
    reviewed = final is not None and final.state != ReviewState.UNTOUCHED
    judged = final if final is not None and reviewed else grading
    components = {name: getattr(judged, f"{name}_score") for name in COMPONENTS}
    words = overall_summary(judged.overall_score, components, rubric, Style(grading.style))
    comment = comments.get(str(grading.pk), "")
    who = _identity(grading.submission.candidate, shown=shown)
    return GradeRow(
        **who,
        machine=grading.overall_score,
        final=judged.overall_score if reviewed else None,
        state=final.state if final is not None else ReviewState.UNTOUCHED.value,
        rating=final.global_rating if final is not None else "",
        components=components,
        marks={item: verdict.stands for item, verdict in verdicts.verdicts.items()},
        feedback=f"{words} {comment}".strip(),
    )


def _identity(candidate: Candidate | None, *, shown: bool) -> dict[str, str]:
    if candidate is None or not shown:
        return {"code": candidate.code if candidate else "", "student_id": "", "name": "", "email": ""}
    return {
        "code": candidate.code,
        "student_id": candidate.student_id,
        "name": candidate.display_name,
        "email": candidate.email,
    }


def _comments(gradings: Sequence[str]) -> Mapping[str, str]:
    """What people wrote to each student and did not take back, in the order in which they wrote it."""
    found: dict[str, list[ReviewDecision]] = {}
    for row in ReviewDecision.objects.filter(grading_id__in=gradings, action__in=("comment", "withdraw")):
        found.setdefault(str(row.grading_id), []).append(row)
    return {
        grading: " ".join(comment.comment for comment in standing_of(map(decision_of, rows)).comments.values())
        for grading, rows in found.items()
    }
