"""What faculty decide about a graded submission, and what the score is then (docs/algorithms/decisions.md).

The machine's result is never touched: decisions lie beside it, each for ever, and the final scores are worked out
from both by the formulas that graded the submission.
"""

from scoring.domain.review.decisions import (
    GRADING,
    MAX_TEXT,
    Action,
    Decision,
    GlobalRating,
    Judged,
    Standing,
    standing_of,
)
from scoring.domain.review.items import ItemKind, ReviewItem, review_items
from scoring.domain.review.outcomes import Outcome, outcomes_of
from scoring.domain.review.progress import Progress, Review, ReviewState, review
from scoring.domain.review.rules import decision_to_keep

__all__ = [
    "GRADING",
    "MAX_TEXT",
    "Action",
    "Decision",
    "GlobalRating",
    "ItemKind",
    "Judged",
    "Outcome",
    "Progress",
    "Review",
    "ReviewItem",
    "ReviewState",
    "Standing",
    "decision_to_keep",
    "outcomes_of",
    "review",
    "review_items",
    "standing_of",
]
