"""What every format reader hands on: stretches of speech with the label and times that the source states."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scoring.domain.transcript.blanks import BLANKS
from scoring.domain.transcript.clock import NO_TIMES, Times
from scoring.domain.transcript.limits import at_most_lines
from scoring.domain.transcript.model import Dropped
from scoring.domain.transcript.source_text import SourceText

_VISIBLE_LINE = re.compile(rf"[^{re.escape(BLANKS)}][^\r\n]*+")
_LONGEST_REPORT = 120


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source without its line break: source[start:end]; number is 1-based."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Speech as one place of the source states it.

    label: the speaker's label as written; None where there is none.
    line: 1-based line of the source where it begins.
    """

    label: str | None
    text: SourceText
    times: Times = NO_TIMES
    line: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a reader found.

    split_by_timing: passages are cut by a captioning program rather than by turns, so neighbours may be one utterance.
    times_of_day: the times are of the wall clock.
    """

    passages: tuple[Passage, ...]
    dropped: tuple[Dropped, ...] = ()
    split_by_timing: bool = False
    times_of_day: bool = False


def lines_of(source: str) -> Iterator[Line]:
    """The lines that are not empty; LF, CRLF and CR end a line, and nothing else does. TooLarge over `MAX_LINES`."""
    return at_most_lines(_lines(source))


def _lines(source: str) -> Iterator[Line]:
    number, place = 1, 0
    for match in _VISIBLE_LINE.finditer(source):
        start, end = match.span()
        number += _line_breaks(source, place, start)
        place = end
        yield Line(number, start, start + len(match[0].rstrip(BLANKS)))


def _line_breaks(source: str, start: int, end: int) -> int:
    """LF, CRLF and CR, each one break."""
    returns = source.count("\r", start, end)
    alone = returns - source.count("\r\n", start, end) if returns else 0
    return source.count("\n", start, end) + alone


def line_numbers(source: str) -> Callable[[int], int]:
    """A function from a place in the source to its 1-based line."""
    breaks = [match.start() for match in re.finditer("\n", source)]
    return lambda place: bisect_left(breaks, place) + 1


def dropped(source: str, line: Line, reason: str) -> Dropped:
    text = source[line.start : line.end]
    return Dropped(line.number, text if len(text) <= _LONGEST_REPORT else text[: _LONGEST_REPORT - 1] + "…", reason)
