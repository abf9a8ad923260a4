"""What every format reader hands on: stretches of speech with the label and times that the source states."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scoring.domain.transcript.blanks import trimmed
from scoring.domain.transcript.clock import NO_TIMES, Times
from scoring.domain.transcript.model import Dropped
from scoring.domain.transcript.source_text import SourceText

_LINE = re.compile(r"[^\r\n]+|\r\n|[\r\n]")
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
    """The lines that are not empty; LF, CRLF and CR all end a line, and nothing else does."""
    number = 1
    for match in _LINE.finditer(source):
        if source[match.start()] in "\r\n":
            number += 1
            continue
        start, end = trimmed(source, match.start(), match.end())
        if start < end:
            yield Line(number, start, end)


def line_numbers(source: str) -> Callable[[int], int]:
    """A function from a place in the source to its 1-based line."""
    breaks = [match.start() for match in re.finditer("\n", source)]
    return lambda place: bisect_left(breaks, place) + 1


def dropped(source: str, line: Line, reason: str) -> Dropped:
    text = source[line.start : line.end]
    return Dropped(line.number, text if len(text) <= _LONGEST_REPORT else text[: _LONGEST_REPORT - 1] + "…", reason)
