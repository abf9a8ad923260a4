"""Quality checks: is a well-shaped rubric a good one? Errors stop approval, warnings inform.

Each check yields problems; a check without problems passed. The names are part of the API (docs/rubrics.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rubrics.domain.document import AnchoredItem, RubricDocument
from rubrics.domain.elements import read_element
from rubrics.domain.patterns import PatternProblem, compile_pattern
from rubrics.domain.penalties import read_penalty
from rubrics.domain.word_bounds import loose_words

WEIGHT_TOLERANCE = Decimal("0.001")
MIN_SUMMARY_TOKENS, MAX_SUMMARY_TOKENS = 40, 120


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """field: dotted path into the document. message: what is wrong and how to mend it."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    name: str
    severity: Level
    problems: tuple[Problem, ...]

    @property
    def passed(self) -> bool:
        """Warnings pass: they are for the author to weigh."""
        return self.severity is Level.WARNING or not self.problems

    @property
    def message(self) -> str:
        return " ".join(problem.message for problem in self.problems) or "OK"


@dataclass(frozen=True, slots=True)
class QaReport:
    checks: tuple[CheckResult, ...]

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return self._problems(Level.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return self._problems(Level.WARNING)

    def _problems(self, severity: Level) -> tuple[Problem, ...]:
        return tuple(problem for check in self.checks if check.severity is severity for problem in check.problems)


def check_rubric(rubric: RubricDocument) -> QaReport:
    """Every check, in a fixed order."""
    return QaReport(tuple(CheckResult(name, severity, tuple(find(rubric))) for name, severity, find in CHECKS))


def _weights_sum(rubric: RubricDocument) -> Iterator[Problem]:
    total = sum(rubric.weights.model_dump().values(), Decimal(0))
    if abs(total - 1) > WEIGHT_TOLERANCE:
        yield Problem("weights", f"The weights sum to {total.normalize():f}; change them so that they sum to 1.")


def _communication_weight(rubric: RubricDocument) -> Iterator[Problem]:
    if (
        "weight" in rubric.communication.model_fields_set
        and rubric.communication.weight != rubric.weights.communication
    ):
        yield Problem(
            "communication.weight",
            f"communication.weight is {rubric.communication.weight} but weights.communication is "
            f"{rubric.weights.communication}; make them equal or leave communication.weight out.",
        )


def _unique_anchors(rubric: RubricDocument) -> Iterator[Problem]:
    yield from _repeated(rubric.anchors(), "The anchor “{value}” is used {times} times; give each item its own.")


def _unique_ids(rubric: RubricDocument) -> Iterator[Problem]:
    lists: tuple[tuple[str, Sequence[AnchoredItem]], ...] = (
        ("structure.penalties", rubric.structure.penalties),
        ("key_questions", rubric.key_questions),
        ("reasoning.required_links", rubric.reasoning.required_links),
        ("summary.required_elements", rubric.summary.required_elements),
        ("communication.rules", rubric.communication.rules),
    )
    for path, items in lists:
        ids = [(f"{path}.{index}.id", item.id) for index, item in enumerate(items)]
        yield from _repeated(ids, "The id “{value}” is used {times} times in this list; give each item its own.")


def _repeated(places: Iterable[tuple[str, str]], message: str) -> Iterator[Problem]:
    listed = list(places)
    times = Counter(value for _, value in listed)
    seen: set[str] = set()
    for path, value in listed:
        if times[value] > 1 and value in seen:
            yield Problem(path, message.format(value=value, times=times[value]))
        seen.add(value)


def _critical_questions(rubric: RubricDocument) -> Iterator[Problem]:
    if not any(question.critical for question in rubric.key_questions):
        yield Problem("key_questions", "No question is critical; mark at least one that must not be missed.")


def _summary_token_bounds(rubric: RubricDocument) -> Iterator[Problem]:
    limit = rubric.summary.max_tokens
    if not MIN_SUMMARY_TOKENS <= limit <= MAX_SUMMARY_TOKENS:
        yield Problem(
            "summary.max_tokens",
            f"max_tokens is {limit}; choose between {MIN_SUMMARY_TOKENS} and {MAX_SUMMARY_TOKENS} words.",
        )


def _no_duplicate_phrases(rubric: RubricDocument) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for q_index, question in enumerate(rubric.key_questions):
        for p_index, phrase in enumerate(question.phrases):
            key = " ".join(phrase.casefold().split())
            if key in owner:
                yield Problem(
                    f"key_questions.{q_index}.phrases.{p_index}",
                    f"The phrase “{phrase}” stands in “{owner[key]}” already; keep it in one place.",
                )
            owner.setdefault(key, question.id)


def _patterns(rubric: RubricDocument) -> Iterator[tuple[str, str]]:
    for index, link in enumerate(rubric.reasoning.required_links):
        yield f"reasoning.required_links.{index}.pattern", link.pattern
    for index, element in enumerate(rubric.summary.required_elements):
        if element.pattern is not None:
            yield f"summary.required_elements.{index}.pattern", element.pattern
    for index, rule in enumerate(rubric.communication.rules):
        if rule.pattern is not None:
            yield f"communication.rules.{index}.pattern", rule.pattern


def _patterns_compile(rubric: RubricDocument) -> Iterator[Problem]:
    for path, pattern in _patterns(rubric):
        try:
            compile_pattern(pattern)
        except PatternProblem as problem:
            yield Problem(path, str(problem))


def _patterns_discriminate(rubric: RubricDocument) -> Iterator[Problem]:
    """A pattern that matches nothing at all is found in every text, and so credits everybody; “CT” is in “factors”."""
    for path, pattern in _patterns(rubric):
        try:
            matches_nothing = compile_pattern(pattern).search("") is not None
        except PatternProblem:
            continue
        if matches_nothing:
            yield Problem(
                path, f"The pattern “{pattern}” matches the empty text, so it is always found. Require a word."
            )
        for word in loose_words(pattern):
            yield Problem(path, f"“{word}” is also found inside longer words; write \\b{word}\\b for the word alone.")


def _penalties_readable(rubric: RubricDocument) -> Iterator[Problem]:
    for index, penalty in enumerate(rubric.structure.penalties):
        if read_penalty(penalty, rubric.structure.expected_order) is None:
            yield Problem(
                f"structure.penalties.{index}",
                f"The penalty “{penalty.id}” can't be read: give it a kind (missing or order) with its section, or "
                "an id such as missing_summary or swap_pmh_before_hpi that names sections of expected_order.",
            )


def _elements_checkable(rubric: RubricDocument) -> Iterator[Problem]:
    for index, element in enumerate(rubric.summary.required_elements):
        if read_element(element).kind is None:
            yield Problem(
                f"summary.required_elements.{index}",
                f"No machine can check “{element.description or element.id}”: it is left out of the ratio and shown "
                "to faculty as theirs to mark. Give it a pattern or phrases to have it checked.",
            )


CHECKS: tuple[tuple[str, Level, Callable[[RubricDocument], Iterator[Problem]]], ...] = (
    ("weights_sum", Level.ERROR, _weights_sum),
    ("communication_weight", Level.ERROR, _communication_weight),
    ("unique_anchors", Level.ERROR, _unique_anchors),
    ("unique_ids", Level.ERROR, _unique_ids),
    ("critical_questions", Level.ERROR, _critical_questions),
    ("summary_token_bounds", Level.ERROR, _summary_token_bounds),
    ("no_duplicate_phrases", Level.ERROR, _no_duplicate_phrases),
    ("patterns_compile", Level.ERROR, _patterns_compile),
    ("penalties_readable", Level.ERROR, _penalties_readable),
    ("patterns_discriminate", Level.WARNING, _patterns_discriminate),
    ("elements_checkable", Level.WARNING, _elements_checkable),
)
"""name, severity, finder; the order in which a report lists them."""
