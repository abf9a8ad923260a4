"""CloudWatch Logs' filter patterns for space-delimited events, as far as AWS documents them.

An event is split at spaces; what stands in square brackets or double quotes is one field. A pattern names each field
in turn, `...` stands for any number of them, and a field may be compared with a value in which `*` stands for
anything; `||` and `&&` join comparisons of one field.
"""

from __future__ import annotations

import fnmatch
import re

_FIELD = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\S+")


def fields_of(event: str) -> list[str]:
    return [field.strip('[]"') for field in _FIELD.findall(event)]


def matches(pattern: str, event: str) -> bool:
    """Whether the metric filter counts the event.

    >>> matches("[time, request_id, level=ERROR*, ...]", "10:00 - ERROR grader lost")
    True
    >>> matches("[time, request_id, level=ERROR*, ...]", "10:00 - INFO grader saw an ERROR")
    False
    """
    columns = [column.strip() for column in pattern.strip("[] ").split(",")]
    fields = fields_of(event)
    if "..." in columns:
        gap = columns.index("...")
        missing = len(fields) - (len(columns) - 1)
        if missing < 0:
            return False
        columns[gap : gap + 1] = ["any"] * missing
    return len(columns) == len(fields) and all(_holds(*pair) for pair in zip(columns, fields, strict=True))


def _holds(column: str, field: str) -> bool:
    """A column is a name, or comparisons of it."""
    if "=" not in column:
        return True
    return any(all(_compares(part, field) for part in either.split("&&")) for either in column.split("||"))


def _compares(comparison: str, field: str) -> bool:
    operator = "!=" if "!=" in comparison else "="
    wanted = comparison.split(operator, 1)[1].strip().strip('"')
    return fnmatch.fnmatchcase(field, wanted.replace("[", "[[]")) == (operator == "=")
