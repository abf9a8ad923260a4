"""From features to a verdict: one weighted sum, one table of confidence, one threshold, two bounds around it."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from operator import mul

from scoring.domain.matching.candidates import FEATURES, Candidate
from scoring.domain.matching.resources import MatcherDataError, read_bytes

THRESHOLD = Decimal("0.5")
UNCERTAIN_WITHIN = Decimal("0.45")  # of the threshold in force; docs/algorithms/matching.md shows what that holds
PLACES = Decimal("0.0001")
_OTHER_TOPIC = FEATURES.index("other_topic")


@dataclass(frozen=True, slots=True)
class Decision:
    """Fitted integer weights, in hundredths of a logit per feature at full strength, and the calibration table."""

    weights: tuple[int, ...]
    bias: int
    scores: tuple[int, ...]
    confidences: tuple[Decimal, ...]

    def score(self, candidate: Candidate) -> int:
        """The evidence in hundredths of a logit, floored; higher is surer."""
        total: int = sum(map(mul, self.weights, candidate.features))
        return self.bias + total // 1000

    def confidence(self, score: int | None) -> Decimal:
        """Calibrated probability, 4 decimals, by straight lines between the table's points; None is no candidate."""
        if score is None or score <= self.scores[0]:
            return self.confidences[0]
        if score >= self.scores[-1]:
            return self.confidences[-1]
        right = bisect_right(self.scores, score)
        left = right - 1
        share = Decimal(score - self.scores[left]) / Decimal(self.scores[right] - self.scores[left])
        between = self.confidences[left] + share * (self.confidences[right] - self.confidences[left])
        return between.quantize(PLACES, rounding=ROUND_HALF_EVEN)


@lru_cache(maxsize=1)
def decision() -> Decision:
    """The committed weights; deploy/model/fit_decision.py writes them."""
    stored = json.loads(read_bytes("decision.json"))
    if set(stored["weights"]) != set(FEATURES):
        raise MatcherDataError("decision.json was fitted for other features. Run deploy/model/fit_decision.py again.")
    table = stored["confidence"]
    return Decision(
        tuple(stored["weights"][name] for name in FEATURES),
        stored["bias"],
        tuple(int(score) for score, _ in table),
        tuple(Decimal(confidence) for _, confidence in table),
    )


def best_of(candidates: Sequence[Candidate], rule: Decision) -> tuple[int, Candidate] | None:
    """The surest candidate with its score; ties go to the earliest clause."""
    scored = [(rule.score(candidate), candidate) for candidate in candidates]
    return min(scored, key=lambda pair: (-pair[0], pair[1].clause), default=None)


def is_uncertain(confidence: Decimal, threshold: Decimal, candidate: Candidate | None = None) -> bool:
    """Too close to call, or credited though what “it” means may be another symptom (docs/algorithms/matching.md).

    The bounds are wide because most verdicts are nearly certain, so they take in a tenth.
    """
    if abs(confidence - threshold) < UNCERTAIN_WITHIN:
        return True
    return candidate is not None and confidence >= threshold and bool(candidate.features[_OTHER_TOPIC])
