"""Rubric patterns: RE2, so that no pattern a person can write hangs a worker (linear time, bounded memory)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

import re2

MAX_PROGRAM_BYTES = 4 * 1024 * 1024
MAX_PASSAGES = 256
"""How many passages `find_shortest` weighs at most; beyond, the shortest of the first ones is taken."""

_LONGEST_QUOTED = 80
_SURROGATES = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(r"\\[^Az]", re.DOTALL)
_ANCHORED = re.compile(r"(?<!\[)\^|\$|\\[Az]")
_REASONS = {
    "missing )": "a bracket “(” is never closed",
    "unexpected )": "a bracket “)” closes nothing",
    "missing ]": "a set “[” is never closed",
    "no argument for repetition operator": "a repetition stands where there is nothing to repeat",
    "bad repetition operator": "two repetitions stand one upon the other",
    "invalid repetition size": "it repeats too often; at most 1000 times, nested repetitions multiplied",
    "invalid character class range": "a range or class of characters that RE2 does not know",
    "invalid perl operator": "look-around and other (?…) extensions do not exist in RE2",
    "invalid escape sequence": "an escape that does not exist in RE2 (there are no back-references)",
    "trailing \\": "it ends with a lone backslash",
    "pattern too large - compile failed": "it is too large; make it shorter or repeat less",
}


class PatternProblem(ValueError):
    """RE2 refuses the pattern. The text is a sentence for the author.

    reason: what is wrong. fragment: the part of the pattern that is at fault, "" where RE2 names none.
    """

    def __init__(self, pattern: str, reason: str, fragment: str = "") -> None:
        at = f", at “{_cut(fragment)}”" if fragment and fragment != pattern else ""
        super().__init__(f"The pattern “{_cut(pattern)}” can't be used: {reason}{at}.")
        self.reason = reason
        self.fragment = fragment


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}…"


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> Any:
    """Case-insensitive, `.` matches a line break, `\\b \\w \\d` are ASCII. Raises PatternProblem."""
    options = re2.Options()
    options.case_sensitive = False
    options.dot_nl = True
    # RE2 prints refused patterns to stderr otherwise.
    options.log_errors = False
    options.max_mem = MAX_PROGRAM_BYTES
    try:
        return re2.compile(pattern, options)
    except UnicodeEncodeError as error:
        raise PatternProblem(pattern.encode(errors="replace").decode(), "it holds half a character") from error
    except re2.error as error:
        raise _problem(pattern, error) from error


def _problem(pattern: str, error: Exception) -> PatternProblem:
    """RE2 says `kind: fragment`, in bytes."""
    detail = error.args[0] if error.args else b"RE2 refuses it"
    text = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
    kind, _, fragment = text.partition(": ")
    return PatternProblem(pattern, _REASONS.get(kind, kind), fragment)


def find_shortest(pattern: str, text: str) -> tuple[int, int] | None:
    """The shortest passage that matches, the earliest of several, as [start, end) in code points.

    RE2 itself finds the leftmost match, which may be far longer than what a person would quote:

    >>> text = "Chest x-ray, then chest pain, so an ECG and another ECG."
    >>> start, end = find_shortest("chest.*ECG", text)
    >>> text[start:end]
    'chest pain, so an ECG'
    """
    passages = islice(_passages(compile_pattern(pattern), _encodable(text)), MAX_PASSAGES)
    return min(passages, key=lambda span: (span[1] - span[0], span[0]), default=None)


def occurs(pattern: str, text: str) -> bool:
    """Whether the pattern matches anywhere in the text."""
    return compile_pattern(pattern).search(_encodable(text)) is not None


def find_all(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    """Every match that is not empty, in reading order, none overlapping another, as [start, end) in code points."""
    return (m.span() for m in compile_pattern(pattern).finditer(_encodable(text)) if m.start() < m.end())


def is_anchored(pattern: str) -> bool:
    r"""Whether the pattern looks at the ends of the text (`^ $ \A \z`); a doubtful one counts as anchored.

    An unanchored pattern that matches in a part of a text matches in the whole of it too.
    """
    return _ANCHORED.search(_ESCAPED.sub("", pattern)) is not None


def _encodable(text: str) -> str:
    """RE2 reads UTF-8, in which half a surrogate pair does not exist; every offset stays."""
    return text if text.isascii() else _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def _passages(compiled: Any, text: str) -> Iterator[tuple[int, int]]:
    """Matching passages that contain no other one, in reading order: the shortest is always among them.

    RE2 is asked only whether text[start:end] holds a match, seen in its surroundings. That can only turn true as the
    range widens, so the nearest end and then the last start are found by halving.
    """
    position = 0
    while (match := compiled.search(text, position)) is not None:
        first, last = match.span()
        if first == last:
            yield from _without_empty(compiled, text, position)
            return
        span = _narrowed(compiled, text, first, last)
        yield span
        position = span[0] + 1


def _narrowed(compiled: Any, text: str, first: int, last: int) -> tuple[int, int]:
    """The passage within [first, last) that ends first, from its latest start."""
    end = _least(first + 1, last, lambda end: compiled.search(text, first, end) is not None)
    start = _least(first, end - 1, lambda start: compiled.search(text, start + 1, end) is None)
    return start, end


def _without_empty(compiled: Any, text: str, position: int) -> Iterator[tuple[int, int]]:
    """A pattern that matches nothing at all matches everywhere; what remains is RE2's own leftmost matches."""
    return (m.span() for m in compiled.finditer(text, position) if m.start() < m.end())


def _least(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The least number in [low, high] for which it holds, given that it holds from there on and at `high`."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low
