"""A cohort's gradings reduced to what reports count: scores, and each item's verdicts by machine and person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.domain.agreement import Counts, KappaInterval, count, kappa_interval
from scoring.domain.statistics.distribution import Distribution, distribution_of
from scoring.domain.statistics.items import FEWEST_TO_TRUST, ItemStatistics, item_statistics


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """machine: None where only a person can judge. person: None while nobody looked at the item.

    applicable False: a person took the item out for this candidate.
    """

    machine: bool | None
    person: bool | None = None
    applicable: bool = True

    @property
    def stands(self) -> bool | None:
        """The person's verdict where there is one, else the machine's; None where the item counts nowhere."""
        if not self.applicable:
            return None
        return self.machine if self.person is None else self.person


@dataclass(frozen=True, slots=True)
class GradedCandidate:
    """score: the faculty's where a person reviewed, else the machine's."""

    grading_id: str
    score: Decimal
    machine_score: Decimal
    reviewed: bool
    verdicts: Mapping[str, ItemVerdict]


@dataclass(frozen=True, slots=True)
class ItemAgreement:
    """Over candidates whose item a person confirmed or changed. disagreements: their gradings, machine-only first."""

    item: str
    counts: Counts
    interval: KappaInterval | None
    disagreements: tuple[tuple[str, bool], ...]

    @property
    def is_uncertain(self) -> bool:
        return self.counts.total < FEWEST_TO_TRUST


@dataclass(frozen=True, slots=True)
class CohortFigures:
    """distribution: None for nobody. agreement: items that a person judged for at least one candidate."""

    distribution: Distribution | None
    reviewed: int
    items: tuple[ItemStatistics, ...]
    agreement: tuple[ItemAgreement, ...]

    @property
    def overall_agreement(self) -> Counts:
        return sum((item.counts for item in self.agreement), Counts())


def cohort_figures(candidates: Sequence[GradedCandidate], *, items: Sequence[str], cut: Decimal) -> CohortFigures:
    """`items` in the rubric's order."""
    responses = [{item: verdict.stands for item, verdict in one.verdicts.items()} for one in candidates]
    agreement = (_agreement(item, candidates) for item in items)
    return CohortFigures(
        distribution=distribution_of([one.score for one in candidates], cut=cut),
        reviewed=sum(one.reviewed for one in candidates),
        items=tuple(item_statistics(responses, items)),
        agreement=tuple(found for found in agreement if found.counts.total),
    )


def _agreement(item: str, candidates: Sequence[GradedCandidate]) -> ItemAgreement:
    judged: list[tuple[str, bool, bool]] = []
    for one in candidates:
        verdict = one.verdicts.get(item)
        if verdict and verdict.applicable and verdict.machine is not None and verdict.person is not None:
            judged.append((one.grading_id, verdict.machine, verdict.person))
    counts = count([(machine, person) for _, machine, person in judged])
    apart = sorted(
        ((grading, machine) for grading, machine, person in judged if machine != person), key=lambda pair: not pair[1]
    )
    return ItemAgreement(item, counts, kappa_interval(counts), tuple(apart))
