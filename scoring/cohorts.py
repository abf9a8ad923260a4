"""An assessment's gradings as the statistics want them: the newest of each candidate, verdicts and decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Max

from rubrics.domain.canonical import canonical_sha256
from scoring.domain.result import GradingResult
from scoring.domain.review import Action, Decision, Judged, ReviewState, Standing, standing_of
from scoring.domain.statistics.cohort import CohortFigures, GradedCandidate, ItemVerdict, cohort_figures
from scoring.domain.statistics.verdicts import item_labels, machine_verdicts
from scoring.models import Assessment, Grading, ReviewDecision
from scoring.replica import read_report
from scoring.school import school_engine

_KEEP_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class CohortReport:
    """left_out: candidates graded by another version of the rubric. names: what each grading's candidate is called."""

    figures: CohortFigures
    left_out: int


def cohort_report(assessment: Assessment) -> CohortReport:
    """From the replica where it has everything; figures are kept until a grading or a decision is added.

    What is kept holds scores, verdicts and ids of gradings: nothing that says who somebody is.
    """
    return read_report(lambda alias: _report(assessment, alias))


def cohort_of(assessment: Assessment, *, alias: str) -> tuple[list[GradedCandidate], int]:
    """The candidates, and how many were left out because another version of the rubric graded them."""
    rows = list(
        Grading.objects.using(alias)
        .newest_of_candidates(assessment)
        .values_list("pk", "rubric_version_id", "overall_score", "verdicts", "final__overall_score", "final__state")
    )
    mine = [row for row in rows if row[1] == assessment.rubric_version_id]
    standings = _standings(alias, [row[0] for row in mine])
    older = _verdicts_of_results(alias, [row[0] for row in mine if row[3] is None])
    found = [
        GradedCandidate(
            grading_id=str(pk),
            score=score if state in {None, ReviewState.UNTOUCHED} else final,
            machine_score=score,
            reviewed=state == ReviewState.COMPLETE,
            verdicts=_verdicts(verdicts if verdicts is not None else older[pk], standings.get(pk)),
        )
        for pk, _, score, verdicts, final, state in mine
    ]
    return found, len(rows) - len(mine)


def _report(assessment: Assessment, alias: str) -> CohortReport:
    key = f"cohort:{_state_of(assessment, alias)}"
    kept: CohortReport | None = cache.get(key)
    if kept is None:
        candidates, left_out = cohort_of(assessment, alias=alias)
        labels = item_labels(assessment.rubric_version.document)
        kept = CohortReport(cohort_figures(candidates, items=list(labels), cut=assessment.cut_score), left_out)
        cache.set(key, kept, _KEEP_SECONDS)
    return kept


def _state_of(assessment: Assessment, alias: str) -> str:
    """Changes with whatever the figures rest on: gradings and decisions are only ever added."""
    gradings = Grading.objects.using(alias).filter(submission__assessment=assessment)
    decisions = ReviewDecision.objects.using(alias).filter(grading__submission__assessment=assessment)
    return canonical_sha256(
        {
            "assessment": assessment.pk,
            "rubric": assessment.rubric_version_id,
            "cut": str(assessment.cut_score),
            "engine": school_engine().version,
            "gradings": [str(value) for value in gradings.aggregate(n=Count("pk"), at=Max("created_at")).values()],
            "decisions": list(decisions.aggregate(n=Count("pk"), last=Max("pk")).values()),
        }
    )


def _standings(alias: str, gradings: list[UUID]) -> Mapping[UUID, Standing]:
    """Only what verdicts need of a decision; reasons, comments and quotations stay in the database."""
    found: defaultdict[UUID, list[Decision]] = defaultdict(list)
    rows = ReviewDecision.objects.using(alias).filter(grading__in=gradings)
    for grading, sequence, item, action, verdict, withdraws in rows.values_list(
        "grading_id", "sequence", "item", "action", "verdict", "withdraws"
    ):
        found[grading].append(
            Decision(sequence, item, Action(action), Judged(verdict) if verdict else None, withdraws=withdraws)
        )
    return {grading: standing_of(decisions) for grading, decisions in found.items()}


def _verdicts_of_results(alias: str, gradings: Iterable[UUID]) -> Mapping[UUID, Mapping[str, bool | None]]:
    """For gradings of before verdicts were kept beside the result."""
    rows: Iterable[tuple[UUID, Any]] = (
        Grading.objects.using(alias).filter(pk__in=list(gradings)).values_list("pk", "result").iterator(chunk_size=50)
    )
    return {pk: machine_verdicts(GradingResult.model_validate(result)) for pk, result in rows}


def _verdicts(machine: Mapping[str, bool | None], standing: Standing | None) -> Mapping[str, ItemVerdict]:
    if standing is None:
        return {item: ItemVerdict(verdict) for item, verdict in machine.items()}
    return {item: _verdict(item, verdict, standing) for item, verdict in machine.items()}


def _verdict(item: str, machine: bool | None, standing: Standing) -> ItemVerdict:
    decision = standing.verdicts.get(item)
    if decision is None:
        return ItemVerdict(machine, person=machine if standing.rested else None)
    if decision.action is Action.NOT_APPLICABLE:
        return ItemVerdict(machine, applicable=False)
    if decision.action is Action.ACCEPT:
        return ItemVerdict(machine, person=machine)
    return ItemVerdict(machine, person=decision.verdict is Judged.MET)
