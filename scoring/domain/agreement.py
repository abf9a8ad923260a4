"""Agreement between two raters: the engine and a person's mark sheet (docs/algorithms/agreement.md).

Accuracy flatters where three quarters of the items were asked; Cohen's kappa takes out what chance would agree on
(Cohen 1960, Educational and Psychological Measurement 20:37–46).
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

BOOTSTRAP_ROUNDS = 1000
_SEED = 20261124
_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Counts:
    """Machine against person, for a verdict that is yes or no."""

    both_yes: int = 0
    machine_only: int = 0
    person_only: int = 0
    both_no: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.both_yes + other.both_yes,
            self.machine_only + other.machine_only,
            self.person_only + other.person_only,
            self.both_no + other.both_no,
        )

    @property
    def total(self) -> int:
        return self.both_yes + self.machine_only + self.person_only + self.both_no

    @property
    def accuracy(self) -> Fraction | None:
        return _ratio(self.both_yes + self.both_no, self.total)

    @property
    def precision(self) -> Fraction | None:
        return _ratio(self.both_yes, self.both_yes + self.machine_only)

    @property
    def recall(self) -> Fraction | None:
        return _ratio(self.both_yes, self.both_yes + self.person_only)

    @property
    def f1(self) -> Fraction | None:
        return _ratio(2 * self.both_yes, 2 * self.both_yes + self.machine_only + self.person_only)

    @property
    def kappa(self) -> Fraction | None:
        """None where it says nothing: no items, or both raters gave one and the same verdict throughout."""
        if not self.total:
            return None
        machine, person = self.both_yes + self.machine_only, self.both_yes + self.person_only
        chance = Fraction(machine * person + (self.total - machine) * (self.total - person), self.total**2)
        observed = Fraction(self.both_yes + self.both_no, self.total)
        return None if chance == 1 else (observed - chance) / (1 - chance)


@dataclass(frozen=True, slots=True)
class KappaInterval:
    """95 %; low may fall below 0, and neither end lies outside −1 and 1."""

    low: float
    high: float


def kappa_interval(counts: Counts) -> KappaInterval | None:
    """The large-sample interval of Fleiss, Cohen and Everitt (1969, Psychological Bulletin 72:323–327), for one item
    whose candidates are independent; None where kappa is.

    It is too narrow below some thirty candidates and has no width where nobody disagrees: show the number with it.
    """
    kappa = counts.kappa
    if kappa is None:
        return None
    n = counts.total
    agreed = {True: Fraction(counts.both_yes, n), False: Fraction(counts.both_no, n)}
    machine = Fraction(counts.both_yes + counts.machine_only, n)
    person = Fraction(counts.both_yes + counts.person_only, n)
    by_machine, by_person = {True: machine, False: 1 - machine}, {True: person, False: 1 - person}
    chance = machine * person + (1 - machine) * (1 - person)
    apart = {(True, False): Fraction(counts.machine_only, n), (False, True): Fraction(counts.person_only, n)}
    on_diagonal = sum(
        (agreed[at] * (1 - (by_machine[at] + by_person[at]) * (1 - kappa)) ** 2 for at in (True, False)), Fraction(0)
    )
    off_diagonal = (1 - kappa) ** 2 * sum(
        (share * (by_person[said] + by_machine[meant]) ** 2 for (said, meant), share in apart.items()), Fraction(0)
    )
    variance = (on_diagonal + off_diagonal - (kappa - chance * (1 - kappa)) ** 2) / (n * (1 - chance) ** 2)
    reach = _Z95 * math.sqrt(max(variance, Fraction(0)))
    return KappaInterval(max(-1.0, float(kappa) - reach), min(1.0, float(kappa) + reach))


def _ratio(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def count(pairs: Sequence[tuple[bool, bool]]) -> Counts:
    """Pairs of (machine, person)."""
    seen = Counter(pairs)
    return Counts(seen[True, True], seen[True, False], seen[False, True], seen[False, False])


@dataclass(frozen=True, slots=True)
class Interval:
    low: Fraction
    high: Fraction


def bootstrap_interval(
    clusters: Sequence[Counts], statistic: Callable[[Counts], Fraction | None], rounds: int = BOOTSTRAP_ROUNDS
) -> Interval | None:
    """95 % percentile interval over whole interviews, which are drawn with replacement.

    Items of one interview stand or fall together, so drawing single items would make the interval too narrow.
    The generator is seeded: the same counts always give the same interval.
    """
    draw = random.Random(_SEED)  # noqa: S311 - resampling, no secret
    values = []
    for _ in range(rounds):
        sample = sum((draw.choice(clusters) for _ in clusters), Counts())
        value = statistic(sample)
        if value is not None:
            values.append(value)
    if not values:
        return None
    values.sort()
    last = len(values) - 1
    return Interval(values[last * 25 // 1000], values[last * 975 // 1000])


@dataclass(frozen=True, slots=True)
class ClassAgreement:
    """accuracy over all items; macro_f1 over the classes that either rater used."""

    accuracy: Fraction
    macro_f1: Fraction
    f1: Mapping[Hashable, Fraction]
    total: int


def agreement_of_classes(pairs: Sequence[tuple[Hashable, Hashable]], classes: Sequence[Hashable]) -> ClassAgreement:
    """Pairs of (machine, person), for verdicts with several classes. `classes` are those that the person may use."""
    used = [name for name in classes if any(name in pair for pair in pairs)]
    f1 = {name: count([(machine == name, person == name) for machine, person in pairs]).f1 for name in used}
    known = {name: value for name, value in f1.items() if value is not None}
    right = sum(machine == person for machine, person in pairs)
    return ClassAgreement(
        accuracy=Fraction(right, len(pairs)) if pairs else Fraction(0),
        macro_f1=sum(known.values(), Fraction(0)) / len(known) if known else Fraction(0),
        f1=known,
        total=len(pairs),
    )
