"""What the checks report: problems, each at a field, with the way to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from rubrics.domain.document import RubricDocument
from rubrics.domain.identity import as_json_value

MAX_PROBLEMS = 100
"""Of one check. A rubric with more is mended in rounds; a list of ten thousand helps nobody."""

_IN_MESSAGE = 3

PatchOperation: TypeAlias = dict[str, Any]


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """field: dotted path into the document. message: what is wrong and how to mend it.

    fix: RFC 6902 operations that mend it, empty where only a person can. Each fix is for the document that was checked
    and stands alone; it begins with a `test`, so that applied to a changed document it fails instead of hitting the
    wrong item.
    """

    field: str
    message: str
    fix: tuple[PatchOperation, ...] = ()

    @property
    def pointer(self) -> str:
        """The field as a JSON Pointer (RFC 6901)."""
        return pointer(self.field)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """more: how many problems were found beyond those that are listed."""

    name: str
    severity: Level
    problems: tuple[Problem, ...]
    more: int = 0

    @property
    def passed(self) -> bool:
        """Warnings pass: they are for the author to weigh."""
        return self.severity is Level.WARNING or not self.problems

    @property
    def message(self) -> str:
        told = " ".join(problem.message for problem in self.problems[:_IN_MESSAGE])
        untold = max(0, len(self.problems) - _IN_MESSAGE) + self.more
        return f"{told} And {untold} more." if untold else told or "OK"


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


Finder: TypeAlias = Callable[[RubricDocument], Iterator[Problem]]


def pointer(field: str) -> str:
    """A dotted path as a JSON Pointer.

    >>> pointer("key_questions.0.phrases.2")
    '/key_questions/0/phrases/2'
    """
    return "/" + field.replace(".", "/")


def replacement(field: str, was: Any, new: Any) -> tuple[PatchOperation, ...]:
    """The fix that puts another value into a field that holds `was`."""
    place = pointer(field)
    return (
        {"op": "test", "path": place, "value": as_json_value(was)},
        {"op": "replace", "path": place, "value": as_json_value(new)},
    )


def removal(field: str, was: Any) -> tuple[PatchOperation, ...]:
    """The fix that takes a value out of its list."""
    place = pointer(field)
    return ({"op": "test", "path": place, "value": as_json_value(was)}, {"op": "remove", "path": place})


def amount(value: Any) -> str:
    """A number as its author writes it: 0.25, 1, not 0.2500 or 1E+1."""
    return f"{value.normalize():f}"
