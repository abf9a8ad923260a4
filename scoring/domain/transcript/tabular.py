"""CSV and TSV with a header, read with the places of their cells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rubrics.domain.errors import Malformed
from scoring.domain.transcript.blanks import trimmed
from scoring.domain.transcript.captions import Caption, CaptionLine, passages_of
from scoring.domain.transcript.clock import NO_TIMES, Times, clock_to_ms, milliseconds, read_times
from scoring.domain.transcript.limits import at_most_lines, at_most_utterances
from scoring.domain.transcript.model import Dropped
from scoring.domain.transcript.passage import Line, Reading, dropped
from scoring.domain.transcript.source_text import SourceText, atomic, concatenated, verbatim

# In order of preference: a table with both a role and a name is read by its role.
_SPEAKER_COLUMNS = (
    "role", "speaker role", "speaker", "speaker label", "speaker name", "speaker id", "who", "participant", "name",
    "label",
)  # fmt: skip
_TEXT_COLUMNS = (
    "text", "utterance", "transcript", "transcription", "content", "sentence", "speech", "message", "dialogue", "words",
    "line",
)  # fmt: skip
_START_COLUMNS = (
    "start", "start time", "time start", "timestamp start", "start timestamp", "begin", "begin time", "from", "in",
    "timestamp", "time", "time stamp", "timecode", "offset",
)  # fmt: skip
_END_COLUMNS = ("end", "end time", "time end", "timestamp end", "end timestamp", "stop", "to", "until", "out")
_UNIT = re.compile(
    r"[ (\[]{1,3}(?P<unit>ms|msec|millis|milliseconds|s|sec|secs|seconds|hh ?: ?mm ?: ?ss|mm ?: ?ss)[)\]]?\Z"
)
_MILLISECONDS = ("ms", "msec", "millis", "milliseconds")
_EXCEL_HINT = re.compile(r"sep=.[\r\n]{1,2}", re.IGNORECASE)
_QUOTED = re.compile(r'[ ]{0,9}"((?:[^"]++|"")*+)"')
_REST_OF_LINE = re.compile(r"[^\r\n]*+")
_MOST_CELLS = 100
_LINE_BREAK = re.compile(r"\r\n|[\r\n]")
_COMMAS = (",", ";")
_TAB = "\t"
_WHISPER_COLUMNS = ("start", "end", "text")
"""Whisper's own table, which gives whole milliseconds without saying so."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """source[start:end], inside its quotes when it has them."""

    start: int
    end: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: tuple[_Cell, ...]

    @property
    def whole(self) -> Line:
        return Line(self.line, self.cells[0].start, self.cells[-1].end)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Column numbers by use; times_in_ms when the header of the start column says so."""

    text: int
    speaker: int | None
    start: int | None
    end: int | None
    times_in_ms: bool


def is_csv(source: str) -> bool:
    return any(_has_transcript_header(source, delimiter) for delimiter in _COMMAS)


def is_tsv(source: str) -> bool:
    return _has_transcript_header(source, _TAB)


def read_csv(source: str, mapped: Collection[str] = ()) -> Reading:
    """Comma- or semicolon-separated; one row is one utterance."""
    for delimiter in _COMMAS:
        if _header(source, delimiter) is not None:
            return _read_table(source, delimiter, mapped)
    raise _no_header("CSV")


def read_tsv(source: str, mapped: Collection[str] = ()) -> Reading:
    if _header(source, _TAB) is None:
        raise _no_header("TSV")
    return _read_table(source, _TAB, mapped)


def _no_header(what: str) -> Malformed:
    return Malformed(
        f"This {what} has no header row with a column named text (and speaker, start, end). Add one as its first line."
    )


def _has_transcript_header(source: str, delimiter: str) -> bool:
    """A line of speech may hold the word “text”; only with a second known column is it a header."""
    columns = _header(source, delimiter)
    return columns is not None and (columns.speaker is not None or columns.start is not None)


def _header(source: str, delimiter: str) -> _Columns | None:
    row = next(_rows(source, delimiter), None)
    if row is None:
        return None
    names = [source[cell.start : cell.end].strip().casefold() for cell in row.cells]
    units = [_UNIT.search(name) for name in names]
    plain = [_plain(name[: unit.start()] if unit else name) for name, unit in zip(names, units, strict=True)]
    text = _find(plain, _TEXT_COLUMNS)
    if text is None:
        return None
    start = _find(plain, _START_COLUMNS)
    unit = units[start] if start is not None else None
    stated_in_ms = unit is not None and unit["unit"] in _MILLISECONDS
    in_ms = stated_in_ms or (delimiter == _TAB and tuple(plain) == _WHISPER_COLUMNS)
    return _Columns(text, _find(plain, _SPEAKER_COLUMNS), start, _find(plain, _END_COLUMNS), in_ms)


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").split())


def _find(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _read_table(source: str, delimiter: str, mapped: Collection[str]) -> Reading:
    columns = _header(source, delimiter)
    if columns is None:
        raise _no_header("table")
    gone: list[Dropped] = []
    captions: list[Caption] = []
    times_of_day = False
    for row, text in at_most_utterances(_spoken_rows(source, delimiter, columns, gone)):
        times, of_day = _times(source, row, columns, gone)
        times_of_day = times_of_day or of_day
        captions.append(Caption(times, (CaptionLine(_speaker(source, row, columns), text),), row.line))
    return Reading(passages_of(source, captions, mapped), tuple(gone), times_of_day=times_of_day)


def _spoken_rows(
    source: str, delimiter: str, columns: _Columns, gone: list[Dropped]
) -> Iterator[tuple[_Row, SourceText]]:
    """The rows below the header in which something is said."""
    for row in islice(at_most_lines(_rows(source, delimiter)), 1, None):
        text = _text(source, row, columns.text)
        if text.text:
            yield row, text
        else:
            gone.append(dropped(source, row.whole, "a row without speech"))


def _speaker(source: str, row: _Row, columns: _Columns) -> str | None:
    return _string(source, row, columns.speaker).strip(" :") or None


def _string(source: str, row: _Row, column: int | None) -> str:
    if column is None or column >= len(row.cells):
        return ""
    cell = row.cells[column]
    return source[cell.start : cell.end].replace('""', '"').strip()


def _text(source: str, row: _Row, column: int) -> SourceText:
    if column >= len(row.cells):
        return verbatim(source, 0, 0)
    cell = row.cells[column]
    if not cell.quoted or source.find('""', cell.start, cell.end) < 0:
        return verbatim(source, *trimmed(source, cell.start, cell.end))
    pieces: list[SourceText] = []
    place = cell.start
    while (quote := source.find('""', place, cell.end)) >= 0:
        pieces += verbatim(source, place, quote), atomic('"', quote, quote + 2)
        place = quote + 2
    return concatenated([*pieces, verbatim(source, place, cell.end)]).stripped()


def _times(source: str, row: _Row, columns: _Columns, gone: list[Dropped]) -> tuple[Times, bool]:
    """The row's times and whether they are times of day; a range may stand in the start column."""
    start, end = _string(source, row, columns.start), _string(source, row, columns.end)
    if columns.times_in_ms and milliseconds(start) is not None:
        return Times(milliseconds(start), milliseconds(end)), False
    clock = read_times(start, 0) if start else None
    if clock is not None and clock.stop == len(start):
        stated_end = clock.times.end_ms if clock.times.end_ms is not None else _end_ms(end)
        return Times(clock.times.start_ms, stated_end), clock.time_of_day
    start_ms = clock_to_ms(start) if start else None
    if start and start_ms is None:
        gone.append(Dropped(row.line, start, "an unreadable time"))
    return (Times(start_ms, _end_ms(end)) if start_ms is not None else NO_TIMES), False


def _end_ms(text: str) -> int | None:
    return clock_to_ms(text) if text else None


def _rows(source: str, delimiter: str) -> Iterator[_Row]:
    """Rows that are not empty, after RFC 4180."""
    hint = _EXCEL_HINT.match(source)
    place = hint.end() if hint else 0
    line = 2 if hint else 1
    unquoted = re.compile(rf"[^{delimiter}\r\n]*+")
    while place < len(source):
        cells, stop = _cells(source, place, delimiter, unquoted)
        if any(source[cell.start : cell.end].strip() for cell in cells):
            yield _Row(line, tuple(cells))
        line += len(_LINE_BREAK.findall(source, place, stop)) + 1
        line_break = _LINE_BREAK.match(source, stop)
        place = line_break.end() if line_break else len(source)


def _cells(source: str, place: int, delimiter: str, unquoted: re.Pattern[str]) -> tuple[list[_Cell], int]:
    """The cells of the row at a place and where it ends; what lies beyond the hundredth cell belongs to that."""
    cells: list[_Cell] = []
    while len(cells) < _MOST_CELLS:
        cell, stop = _cell(source, place, unquoted)
        cells.append(cell)
        if not source.startswith(delimiter, stop):
            return cells, stop
        place = stop + 1
    end_of_line = _REST_OF_LINE.match(source, place)
    stop = end_of_line.end() if end_of_line else place
    return [*cells[:-1], _Cell(cells[-1].start, stop, quoted=False)], stop


def _cell(source: str, place: int, unquoted: re.Pattern[str]) -> tuple[_Cell, int]:
    """A quote that is not closed before the end of its cell is a character like any other."""
    quoted = _QUOTED.match(source, place)
    if quoted:
        rest = unquoted.match(source, quoted.end())
        if rest and not rest[0].strip():
            return _Cell(quoted.start(1), quoted.end(1), quoted=True), rest.end()
    whole = unquoted.match(source, place)
    stop = whole.end() if whole else place
    return _Cell(place, stop, quoted=False), stop
