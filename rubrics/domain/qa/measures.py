"""Checks of what is measured: the summary's limits and elements, the rules of communication."""

from __future__ import annotations

from collections.abc import Iterator

from rubrics.domain.document import CommunicationRule, RubricDocument, RuleKind
from rubrics.domain.elements import read_element
from rubrics.domain.qa.findings import Problem, replacement

MIN_SUMMARY_TOKENS, MAX_SUMMARY_TOKENS = 40, 120
_RATIOS = frozenset({RuleKind.OPEN_QUESTION_RATIO, RuleKind.TALK_SHARE, RuleKind.EMPATHY_AFTER_DISTRESS})


def summary_token_bounds(rubric: RubricDocument) -> Iterator[Problem]:
    limit = rubric.summary.max_tokens
    if not MIN_SUMMARY_TOKENS <= limit <= MAX_SUMMARY_TOKENS:
        nearest = min(max(limit, MIN_SUMMARY_TOKENS), MAX_SUMMARY_TOKENS)
        yield Problem(
            "summary.max_tokens",
            f"max_tokens is {limit}; choose between {MIN_SUMMARY_TOKENS} and {MAX_SUMMARY_TOKENS} words.",
            replacement("summary.max_tokens", limit, nearest),
        )


def elements_checkable(rubric: RubricDocument) -> Iterator[Problem]:
    for index, element in enumerate(rubric.summary.required_elements):
        if read_element(element).kind is None:
            yield Problem(
                f"summary.required_elements.{index}",
                f"No machine can check “{element.description or element.id}”: it is left out of the ratio and shown "
                "to faculty as theirs to mark. Give it a pattern or phrases to have it checked.",
            )


def rules_decide(rubric: RubricDocument) -> Iterator[Problem]:
    """A rule that everybody meets, nobody can meet, or that counts nothing."""
    for index, rule in enumerate(rubric.communication.rules):
        path = f"communication.rules.{index}"
        if not rule.weight:
            yield Problem(f"{path}.weight", f"The rule “{rule.id}” has weight 0 and counts nothing. Raise it.")
        bounds = (rule.min, rule.max, rule.min_count, rule.max_count)
        if rule.kind in _RATIOS and all(bound is None for bound in bounds):
            yield Problem(path, f"The rule “{rule.id}” has no bound, so everybody meets it. Give it a min or a max.")
        yield from _impossible(path, rule)


def _impossible(path: str, rule: CommunicationRule) -> Iterator[Problem]:
    pairs = (("min", rule.min, rule.max), ("min_count", rule.min_count, rule.max_count))
    for field, low, high in pairs:
        if low is not None and high is not None and low > high:
            yield Problem(
                f"{path}.{field}",
                f"Nobody can meet the rule “{rule.id}”: it asks for at least {low} and at most {high}. Swap them.",
            )
