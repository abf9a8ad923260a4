"""Rubric patterns: RE2, so that no pattern a person can write hangs a worker (linear time, bounded memory)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

MAX_PROGRAM_BYTES = 4 * 1024 * 1024
_MAX_STARTS = 64


class PatternProblem(ValueError):
    """RE2 refuses the pattern; the text says why, in a sentence for the author."""


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> Any:
    """Case-insensitive, `.` matches a line break, `\\b \\w \\d` are ASCII. Raises PatternProblem."""
    return _compile(pattern)


@lru_cache(maxsize=1024)
def _compile_lazy(pattern: str) -> Any:
    """The same with greedy and lazy repetition swapped."""
    return _compile(f"(?U:{pattern})")


def _compile(pattern: str) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.dot_nl = True
    # RE2 prints refused patterns to stderr otherwise.
    options.log_errors = False
    options.max_mem = MAX_PROGRAM_BYTES
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise PatternProblem(f"The pattern “{pattern[:80]}” can't be used: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    detail = error.args[0] if error.args else "RE2 refuses it"
    text = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
    return text.rstrip(".")


def find_shortest(pattern: str, text: str) -> tuple[int, int] | None:
    """The shortest passage that matches, the earliest of several, as [start, end) in code points.

    RE2 finds the leftmost match, which may be far longer than needed: `chest.*ECG` on “chest x-ray, chest pain so an
    ECG” begins at the first “chest”. So every start is tried (the first 64, to stay linear), greedy and lazy.
    """
    spans = [span for compiled in (compile_pattern(pattern), _compile_lazy(pattern)) for span in _spans(compiled, text)]
    return min(spans, key=lambda span: (span[1] - span[0], span[0]), default=None)


def _spans(compiled: Any, text: str) -> list[tuple[int, int]]:
    spans = []
    position = 0
    for _ in range(_MAX_STARTS):
        match = compiled.search(text, position)
        if match is None:
            break
        spans.append((match.start(), match.end()))
        position = match.start() + 1
        if position > len(text):
            break
    return [span for span in spans if span[0] < span[1]]
