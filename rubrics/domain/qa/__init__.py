"""Quality checks: is a well-shaped rubric a good one? Errors stop approval, warnings inform.

Each check yields problems; a check without problems passed.
"""

from rubrics.domain.qa.checks import CHECKS, check_rubric
from rubrics.domain.qa.findings import MAX_PROBLEMS, CheckResult, Level, Problem, QaReport
from rubrics.domain.qa.measures import MAX_SUMMARY_TOKENS, MIN_SUMMARY_TOKENS
from rubrics.domain.qa.weights import WEIGHT_TOLERANCE

__all__ = [
    "CHECKS",
    "MAX_PROBLEMS",
    "MAX_SUMMARY_TOKENS",
    "MIN_SUMMARY_TOKENS",
    "WEIGHT_TOLERANCE",
    "CheckResult",
    "Level",
    "Problem",
    "QaReport",
    "check_rubric",
]
