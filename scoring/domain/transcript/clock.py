"""Times as people and programs write them, read into whole milliseconds."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HOUR_MS, _MINUTE_MS, _SECOND_MS = 3_600_000, 60_000, 1_000
_NOON_HOUR = 12
_SIXTY = 60

# Every quantifier is bounded, so that matching costs the same wherever it is tried.
# Teams writes 0:0:5.120; video editors add a frame number after the seconds, which is read over.
_CLOCK = re.compile(
    r"(?:(?P<h>[0-9]{1,3}):(?P<hm>[0-9]{1,2}):(?P<hs>[0-9]{1,2})(?:[:;][0-9]{2})?"
    r"|(?P<m>[0-9]{1,3}):(?P<s>[0-9]{2}))"
    r"(?:[.,](?P<fraction>[0-9]{1,9}))?(?![0-9]|:[0-9])"
    # "00:05 am I going to die?" is no time of day: lower case must be dotted or follow at once.
    # So must one that a colon or bracket follows: “[10:05 am] Student: …”.
    r"(?:(?:[ \u00a0]?(?P<half>AM|PM|[aApP]\.[mM]\.|(?:am|pm)(?=[ \u00a0]?[:\])]))"
    r"|(?P<close_half>am|pm))(?![A-Za-z0-9]))?"
)
_RANGE_DASH = re.compile(r"[ \t\u00a0]{0,4}(?:-{1,2}>?|–|—|→|to\b)[ \t\u00a0]{0,4}")
_NO_TIME = re.compile(r"[-?]{2}:[-?]{2}(?::[-?]{2})?")
_CLOSING = {"[": "]", "(": ")", "{": "}", "<": ">"}
_SECONDS = re.compile(r"\s{0,4}(?P<whole>[0-9]{1,7})(?:[.,](?P<fraction>[0-9]{1,30}))?\s{0,2}s?(?:ec)?\s{0,4}\Z")
_WHOLE_MILLISECONDS = re.compile(r"\s{0,4}[0-9]{1,10}\s{0,2}(?:ms)?\s{0,4}\Z")


@dataclass(frozen=True, slots=True)
class Times:
    """Start and stated end in milliseconds; either may be unstated."""

    start_ms: int | None = None
    end_ms: int | None = None


NO_TIMES = Times()


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What stands at a place of a line: times, and the index after them.

    bracketed: in square, round, curly or angle brackets, which speech seldom is.
    time_of_day: said a.m. or p.m.
    """

    times: Times
    stop: int
    bracketed: bool
    time_of_day: bool = False


@dataclass(frozen=True, slots=True)
class _Clock:
    ms: int
    stop: int
    time_of_day: bool


def read_times(text: str, start: int) -> ClockReading | None:
    """A time or a range at text[start:], in brackets or bare.

    >>> read_times("[00:05 - 00:08] Hello", 0).times
    Times(start_ms=5000, end_ms=8000)
    >>> read_times("12/80 is high", 0) is None
    True
    """
    first = text[start : start + 1]
    if first not in _CLOSING:
        return _read_range(text, start, bracketed=False) if first.isdecimal() else None
    inner = _read_range(text, _skip_blanks(text, start + 1), bracketed=True)
    if inner is None:
        return None
    stop = _skip_blanks(text, inner.stop)
    if text[stop : stop + 1] != _CLOSING[first]:
        return None
    return _with_bracketed_end(text, ClockReading(inner.times, stop + 1, bracketed=True, time_of_day=inner.time_of_day))


def clock_to_ms(text: str) -> int | None:
    """A whole string that is one clock time or a number of seconds; None when it is neither.

    >>> clock_to_ms("01:02.5"), clock_to_ms("62.5"), clock_to_ms("1:02:03"), clock_to_ms("soon")
    (62500, 62500, 3723000, None)
    """
    stripped = text.strip().strip("[](){}").strip()
    clock = _read_clock(stripped, 0)
    if clock and clock.stop == len(stripped):
        return clock.ms
    return seconds_to_ms(stripped)


def seconds_to_ms(text: str) -> int | None:
    """A decimal number of seconds, cut (not rounded) to milliseconds, without passing through a binary float."""
    match = _SECONDS.match(text)
    if match is None:
        return None
    return int(match["whole"]) * _SECOND_MS + _fraction_ms(match["fraction"])


def milliseconds(text: str) -> int | None:
    """A whole number of milliseconds."""
    return int(text.strip().removesuffix("ms")) if _WHOLE_MILLISECONDS.match(text) else None


def format_clock(ms: int) -> str:
    """HH:MM:SS.mmm, hours growing as needed.

    >>> format_clock(3_723_004)
    '01:02:03.004'
    """
    seconds, millis = divmod(ms, _SECOND_MS)
    minutes, seconds = divmod(seconds, _SIXTY)
    hours, minutes = divmod(minutes, _SIXTY)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{millis:03}"


def _with_bracketed_end(text: str, reading: ClockReading) -> ClockReading:
    """`[00:05] - [00:08]`: the end in brackets of its own."""
    dash = _RANGE_DASH.match(text, reading.stop) if reading.times.end_ms is None else None
    if dash is None or text[dash.end() : dash.end() + 1] not in ("[", "("):
        return reading
    end = read_times(text, dash.end())
    if end is None or reading.times.start_ms is None:
        return reading
    return ClockReading(
        Times(reading.times.start_ms, end.times.start_ms), end.stop, bracketed=True, time_of_day=reading.time_of_day
    )


def _read_range(text: str, start: int, *, bracketed: bool) -> ClockReading | None:
    clock = _read_clock(text, start)
    if clock is None:
        unknown = _NO_TIME.match(text, start) if bracketed else None
        return ClockReading(NO_TIMES, unknown.end(), bracketed) if unknown else None
    dash = _RANGE_DASH.match(text, clock.stop)
    end = _read_clock(text, dash.end()) if dash else None
    if end is None:
        return ClockReading(Times(clock.ms), clock.stop, bracketed, clock.time_of_day)
    return ClockReading(Times(clock.ms, end.ms), end.stop, bracketed, clock.time_of_day)


def _read_clock(text: str, start: int) -> _Clock | None:
    match = _CLOCK.match(text, start)
    if match is None:
        return None
    half = match["half"] or match["close_half"]
    if half:
        return _time_of_day(match, half)
    hours, minutes, seconds = _fields(match)
    if seconds >= _SIXTY or (match["h"] and minutes >= _SIXTY):
        return None
    return _Clock(_total_ms(hours, minutes, seconds, match["fraction"]), match.end(), time_of_day=False)


def _fields(match: re.Match[str]) -> tuple[int, int, int]:
    if match["h"]:
        return int(match["h"]), int(match["hm"]), int(match["hs"])
    return 0, int(match["m"]), int(match["s"])


def _time_of_day(match: re.Match[str], half: str) -> _Clock | None:
    """With a.m. or p.m. two fields are hours and minutes."""
    hours, minutes, seconds = _fields(match)
    if not match["h"]:
        hours, minutes, seconds = minutes, seconds, 0
    if not 1 <= hours <= _NOON_HOUR or minutes >= _SIXTY or seconds >= _SIXTY:
        return None
    hours = hours % _NOON_HOUR + (_NOON_HOUR if half[0] in "Pp" else 0)
    return _Clock(_total_ms(hours, minutes, seconds, match["fraction"]), match.end(), time_of_day=True)


def _total_ms(hours: int, minutes: int, seconds: int, fraction: str | None) -> int:
    return hours * _HOUR_MS + minutes * _MINUTE_MS + seconds * _SECOND_MS + _fraction_ms(fraction)


def _fraction_ms(fraction: str | None) -> int:
    return int((fraction or "0")[:3].ljust(3, "0"))


def _skip_blanks(text: str, start: int) -> int:
    while text[start : start + 1] in (" ", "\t", "\u00a0"):
        start += 1
    return start
