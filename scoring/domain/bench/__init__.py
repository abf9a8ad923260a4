"""What a rubric would change: the same interviews by two rubrics, item by item."""

from scoring.domain.bench.comparison import Flip, ItemTally, StudentChange, change_of, tallies
from scoring.domain.bench.outcome import ItemOutcome, Outcome, Span, outcome_of

__all__ = [
    "Flip",
    "ItemOutcome",
    "ItemTally",
    "Outcome",
    "Span",
    "StudentChange",
    "change_of",
    "outcome_of",
    "tallies",
]
