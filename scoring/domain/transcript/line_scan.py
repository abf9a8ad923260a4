"""What a line of plain text looks like: a time, a label, a text, in whatever order and brackets people write them.

Scanning only finds candidates; whether a label is a speaker is decided over the whole file, in `label_policy`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from scoring.domain.transcript.blanks import skip_blanks
from scoring.domain.transcript.clock import ClockReading, read_times
from scoring.domain.transcript.labels import MAX_LABEL_LENGTH, LabelKind, LabelReading, label_key, read_label
from scoring.domain.transcript.passage import Line

_RUN = re.compile(rf"[^:：\t|\r\n\[\](){{}}<>?!;\"“”]{{1,{MAX_LABEL_LENGTH}}}")
_DASH = re.compile(r"[ \u00a0]{0,3}[-–—](?=[ \u00a0])")
_TRAILING_DIGITS = re.compile(r"(?:(?<=[ ,\u00a0])|^)[0-9]{1,3}\Z")
_QUESTION_MARKS = re.compile(r"(\?{1,3})[:：]")
_DECORATION = re.compile(r"[*_>#•·\-–—+\s]{0,8}")
_NUMBERING = re.compile(r"#?[0-9]{1,5}[.)]?[ \t\u00a0]{1,8}")
_AFTER_TIME = re.compile(r"[ \t\u00a0]{0,8}(?:[-–—|:,]{1,2}(?=[ \t\u00a0]|\Z))?[ \t\u00a0]{0,8}")
_AFTER_LABEL = re.compile(r"[ \t\u00a0*_]{0,4}[:：|\-–—]?[*_]{0,3}")
_COLONS = (":", "：")
_CLOSING = {"[": "]", "(": ")", "<": ">"}
_KNOWN_KINDS = (LabelKind.ROLE, LabelKind.LETTER, LabelKind.FAMILY, LabelKind.DIARISED)


class Separator(StrEnum):
    """What parts a label from the speech after it."""

    COLON = "colon"
    TIME = "time"
    BRACKET = "bracket"
    DASH = "dash"
    TAB = "tab"
    LINE_END = "line_end"


@dataclass(frozen=True, slots=True)
class LabelCandidate:
    """Words in a label's place. text_start: where the speech after them begins, if they are a label."""

    label: str
    reading: LabelReading
    separator: Separator
    text_start: int
    times: ClockReading | None = None

    @property
    def key(self) -> str:
        return label_key(self.label)


@dataclass(frozen=True, slots=True)
class ScannedLine:
    """times: at the line's start. text_start: where speech begins when the candidate is no label."""

    line: Line
    times: ClockReading | None
    text_start: int
    candidate: LabelCandidate | None


def scan_line(source: str, line: Line) -> ScannedLine:
    """Read a line's leading time and label candidate."""
    start = _skip_decoration(source, line.start, line.end)
    times = _times_at(source, start, line.end)
    if times is None:
        times = _bracketed_times_at(source, _match_end(_NUMBERING, source, start, line.end), line.end)
    if times is None:
        return ScannedLine(line, None, line.start, _candidate(source, line.start, line.end, timed=False))
    after = _match_end(_AFTER_TIME, source, times.stop, line.end)
    return ScannedLine(line, times, after, _candidate(source, after, line.end, timed=True))


def scan_label(source: str, start: int, end: int) -> LabelCandidate | None:
    """The label candidate of a text that needs none of a line's decoration: a cue or a cell."""
    return _candidate(source, start, end, timed=True)


def _candidate(source: str, start: int, end: int, *, timed: bool) -> LabelCandidate | None:
    """The label at a place, past bullets, bold marks and numbering; those count as text when no label follows."""
    place = _skip_decoration(source, start, end)
    numbered = _match_end(_NUMBERING, source, place, end)
    for begin in (place, numbered) if numbered > place else (place,):
        found = _label_at(source, begin, end)
        if found and (begin == place or found.reading.kind in _KNOWN_KINDS):
            return found if timed else _with_times_after(source, found, end)
    return None


def _label_at(source: str, start: int, end: int) -> LabelCandidate | None:
    if start >= end:
        return None
    if source[start] in _CLOSING:
        return _bracketed_label(source, start, end)
    if not source[start].isalpha() and source[start] != "?":
        return None
    run = _RUN.match(source, start, end)
    if run is None:
        return _unspoken_label(source, start, end)
    return _dashed_label(source, run) or _label_before(source, run, end)


def _unspoken_label(source: str, start: int, end: int) -> LabelCandidate | None:
    """“?: …” and “??: …”, where the typist could not tell who spoke."""
    match = _QUESTION_MARKS.match(source, start, end)
    if match is None:
        return None
    return LabelCandidate(
        match[1], LabelReading(LabelKind.ROLE), Separator.COLON, skip_blanks(source, match.end(), end)
    )


def _bracketed_label(source: str, start: int, end: int) -> LabelCandidate | None:
    stop = source.find(_CLOSING[source[start]], start, min(end, start + MAX_LABEL_LENGTH + 2))
    if stop < 0:
        return None
    label = source[start + 1 : stop].strip(" :")
    times = _times_at(source, stop + 1, end)
    if times:
        return _found(source, label, Separator.TIME, times.stop, end, times)
    return _found(source, label, Separator.BRACKET, stop + 1, end)


def _dashed_label(source: str, run: re.Match[str]) -> LabelCandidate | None:
    dash = _DASH.search(source, run.start(), run.end())
    if dash is None or dash.start() == run.start():
        return None
    reading = read_label(source[run.start() : dash.start()].strip())
    if reading.kind not in _KNOWN_KINDS:
        return None
    return LabelCandidate(source[run.start() : dash.start()].strip(), reading, Separator.DASH, dash.end() + 1)


def _label_before(source: str, run: re.Match[str], end: int) -> LabelCandidate | None:
    """The label that the run is, by what follows it."""
    stop = run.end()
    following = source[stop] if stop < end else ""
    if following in _COLONS:
        return _clock_labelled(source, run, end) or _colon_labelled(source, run, end)
    if following in ("\t", "|"):
        return _tabbed(source, run, end)
    if following in ("(", "[", "{", "<"):
        return _label_before_bracket(source, run, end)
    if not following:
        return _found(source, run[0], Separator.LINE_END, end, end)
    return None


def _clock_labelled(source: str, run: re.Match[str], end: int) -> LabelCandidate | None:
    """“Student 00:05 …”: the colon belongs to a time."""
    digits = _TRAILING_DIGITS.search(run[0])
    times = _times_at(source, run.start() + digits.start(), end) if digits else None
    if digits is None or times is None:
        return None
    return _found(source, run[0][: digits.start()], Separator.TIME, times.stop, end, times)


def _colon_labelled(source: str, run: re.Match[str], end: int) -> LabelCandidate | None:
    stop = run.end() + 1
    if source.startswith("//", stop):
        return None
    return _found(source, run[0], Separator.COLON, stop, end)


def _tabbed(source: str, run: re.Match[str], end: int) -> LabelCandidate | None:
    times = _times_at(source, run.end() + 1, end)
    if times and (times.stop == end or source[times.stop] in "\t| "):
        return _found(source, run[0], Separator.TIME, times.stop, end, times)
    return _found(source, run[0], Separator.TAB, run.end() + 1, end)


def _label_before_bracket(source: str, run: re.Match[str], end: int) -> LabelCandidate | None:
    """“Student (00:05): …” or “Student (Priya): …”."""
    times = _times_at(source, run.end(), end)
    if times:
        return _found(source, run[0], Separator.TIME, times.stop, end, times)
    closing = _CLOSING.get(source[run.end()])
    stop = source.find(closing, run.end(), min(end, run.end() + MAX_LABEL_LENGTH)) if closing else -1
    if stop < 0:
        return None
    label = source[run.start() : stop + 1]
    times = _times_at(source, stop + 1, end)
    if times:
        return _found(source, label, Separator.TIME, times.stop, end, times)
    colon = skip_blanks(source, stop + 1, end)
    if source[colon : colon + 1] not in _COLONS or colon >= end:
        return None
    return _found(source, label, Separator.COLON, colon + 1, end)


def _found(  # noqa: PLR0917 - a place in the source and what stands there
    source: str, label: str, separator: Separator, stop: int, end: int, times: ClockReading | None = None
) -> LabelCandidate | None:
    name = label.strip(" \t\u00a0*_,-–—:")
    reading = read_label(name)
    if reading.kind is LabelKind.NONE and not name:
        return None
    if separator in (Separator.TIME, Separator.BRACKET):
        stop = _match_end(_AFTER_LABEL, source, stop, end)
    elif source[stop : min(end, stop + 2)] in ("**", "__"):
        stop += 2
    return LabelCandidate(name, reading, separator, skip_blanks(source, stop, end), times)


def _with_times_after(source: str, found: LabelCandidate, end: int) -> LabelCandidate:
    """“Student: [00:05] …”: a time after the label counts when it is in brackets and none came before."""
    times = read_times(source, found.text_start) if found.times is None and found.text_start < end else None
    if times is None or not times.bracketed or times.stop > end:
        return found
    return replace(found, times=times, text_start=_match_end(_AFTER_TIME, source, times.stop, end))


def _bracketed_times_at(source: str, start: int, end: int) -> ClockReading | None:
    times = _times_at(source, start, end)
    return times if times and times.bracketed else None


def _times_at(source: str, start: int, end: int) -> ClockReading | None:
    start = skip_blanks(source, start, end)
    times = read_times(source, start) if start < end else None
    return times if times and times.stop <= end else None


def _skip_decoration(source: str, start: int, end: int) -> int:
    return _match_end(_DECORATION, source, start, end)


def _match_end(pattern: re.Pattern[str], source: str, start: int, end: int) -> int:
    match = pattern.match(source, start, end)
    return match.end() if match else start
