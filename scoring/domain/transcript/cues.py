"""WebVTT and SRT cues, read with their places in the source.

webvtt-py reads both formats, but keeps no offsets, leaves entities as they are and takes “< 120 and >” for a tag; tests
hold this reader to its times and words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rubrics.domain.errors import Malformed
from scoring.domain.transcript.captions import Caption, CaptionLine, passages_of
from scoring.domain.transcript.clock import NO_TIMES, Times, read_times
from scoring.domain.transcript.limits import check_markup
from scoring.domain.transcript.model import Dropped
from scoring.domain.transcript.passage import Line, Reading, dropped, lines_of
from scoring.domain.transcript.source_text import NOTHING, SourceText, atomic, concatenated, verbatim

_ARROW = "-->"
_ONLY_DIGITS = re.compile(r"[0-9]{1,9}\Z")
_VTT_BLOCKS = {"NOTE": "a note", "STYLE": "a style sheet", "REGION": "a region definition"}
# A tag's name follows its bracket at once: “BP < 120 and > 80” has none.
_MARKUP = re.compile(
    r"<(?P<voice>v)(?:\.[^\s<>]{0,60})?(?:\s(?P<name>[^<>\n]{0,120}))?>"
    r"|</?(?:[A-Za-z][^<>\n]{0,200})?>|<[0-9:.]{5,14}>|\{\\[^{}\n]{1,60}\}"
    r"|(?P<entity>&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)"
)
_HAS_MARKUP = re.compile(r"[<&{]")
_TINY_CUE_MS = 50


@dataclass(slots=True)
class _Cue:
    times: Times
    number: int
    lines: list[Line] = field(default_factory=list)


def is_vtt(source: str) -> bool:
    return re.match(r"\s{0,9}WEBVTT(?![A-Za-z0-9_])", source) is not None


def is_srt(source: str) -> bool:
    """A counter and a line that holds a time range and nothing else, one after the other."""
    lines = lines_of(source)
    first, second = next(lines, None), next(lines, None)
    if first is None or second is None or not _ONLY_DIGITS.match(source, first.start, first.end):
        return False
    return _timing(source, second) is not None


def read_vtt(source: str, mapped: Collection[str] = ()) -> Reading:
    """WebVTT, as Zoom (`Name: text`) and Teams (`<v Name>`) write it."""
    if not is_vtt(source):
        raise Malformed(
            "This is not WebVTT: its first line must be WEBVTT. Leave the format out to have it recognised."
        )
    return _read_cues(source, mapped)


def read_srt(source: str, mapped: Collection[str] = ()) -> Reading:
    """SubRip."""
    if not any(_timing(source, line) for line in lines_of(source)):
        raise Malformed(
            "This is not SRT: it has no line such as “00:00:01,000 --> 00:00:04,000”. "
            "Leave the format out to have it recognised."
        )
    return _read_cues(source, mapped)


def _read_cues(source: str, mapped: Collection[str]) -> Reading:
    check_markup(source.count("<"))
    gone: list[Dropped] = []
    captions = list(_captions(source, _cues(source, gone), gone))
    gone.sort(key=lambda passage: passage.line)
    return Reading(passages_of(source, captions, mapped), tuple(gone), split_by_timing=True)


def _cues(source: str, gone: list[Dropped]) -> list[_Cue]:
    cues: list[_Cue] = []
    for index, block in enumerate(_blocks(source)):
        reason = _why_no_cue(source, block, is_first=index == 0)
        if reason is None:
            _add_block(source, block, cues, gone)
        else:
            gone.extend(dropped(source, line, reason) for line in block)
    return cues


def _blocks(source: str) -> Iterator[list[Line]]:
    """Runs of lines without a blank line between."""
    block: list[Line] = []
    for line in lines_of(source):
        if block and line.number - block[-1].number > 1:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _why_no_cue(source: str, block: Sequence[Line], *, is_first: bool) -> str | None:
    if any(_timing(source, line) for line in block):
        return None
    first = source[block[0].start : block[0].end]
    if is_first and is_vtt(source):
        return "the file's header"
    keyword = first.split(None, 1)[0].rstrip(":")
    if keyword in _VTT_BLOCKS and is_vtt(source):
        return _VTT_BLOCKS[keyword]
    return None


def _add_block(source: str, block: Sequence[Line], cues: list[_Cue], gone: list[Dropped]) -> None:
    """Cues of a block. What is neither time nor identifier goes on with the cue before, for some programs leave a
    blank line inside a caption."""
    timings = [_timing(source, line) for line in block]
    for index, (line, times) in enumerate(zip(block, timings, strict=True)):
        if times is not None:
            cues.append(_Cue(times, line.number))
        elif _is_identifier(source, block, timings, index):
            continue
        elif not cues:
            gone.append(dropped(source, line, "outside any cue"))
        elif _ARROW in source[line.start : line.end] and source[line.start].isdecimal():
            gone.append(dropped(source, line, "an unreadable time"))
            cues.append(_Cue(NO_TIMES, line.number))
        else:
            cues[-1].lines.append(line)


def _is_identifier(source: str, block: Sequence[Line], timings: Sequence[Times | None], index: int) -> bool:
    """The line before a time, when it opens the block or is a bare counter."""
    if index + 1 >= len(block) or timings[index + 1] is None:
        return False
    line = block[index]
    return index == 0 or _ONLY_DIGITS.match(source, line.start, line.end) is not None


def _timing(source: str, line: Line) -> Times | None:
    if source.find(_ARROW, line.start, line.end) < 0:
        return None
    reading = read_times(source, line.start)
    if reading is None or reading.times.end_ms is None or reading.stop > line.end:
        return None
    return reading.times if _is_settings(source[reading.stop : line.end]) else None


def _is_settings(rest: str) -> bool:
    """`align:start position:10%`, or nothing; speech after a range makes it a line of plain text."""
    return all(":" in word and not word.endswith(":") for word in rest.split())


def _captions(source: str, cues: Sequence[_Cue], gone: list[Dropped]) -> Iterator[Caption]:
    before: Caption | None = None
    for cue in cues:
        lines = tuple(_caption_lines(source, cue.lines))
        caption = Caption(cue.times, lines, cue.number)
        fresh = _without_repeats(caption, before)
        repeated = lines[: len(lines) - len(fresh)]
        gone.extend(Dropped(cue.number, line.text.text, "a repeated caption line") for line in repeated)
        if not lines:
            gone.append(Dropped(cue.number, "", "an empty cue"))
        if fresh:
            yield Caption(cue.times, fresh, cue.number)
        before = caption if lines else before


def _without_repeats(caption: Caption, before: Caption | None) -> tuple[CaptionLine, ...]:
    """Rolling captions show the line before once more, above the new one or for an instant."""
    start, end = caption.times.start_ms, caption.times.end_ms
    if before is None or not caption.lines or start is None or end is None:
        return caption.lines
    repeats = caption.lines[0].text.text == before.lines[-1].text.text
    follows = before.times.end_ms is not None and start - before.times.end_ms <= _TINY_CUE_MS
    rolling = len(caption.lines) > 1 or end - start <= _TINY_CUE_MS
    return caption.lines[1:] if repeats and follows and rolling else caption.lines


def _caption_lines(source: str, lines: Sequence[Line]) -> Iterator[CaptionLine]:
    voice: str | None = None
    for line in lines:
        for voice, text in _voices(source, line, voice):  # noqa: B020 - a voice lasts until the next one
            if text.text:
                yield CaptionLine(voice, text)


def _voices(source: str, line: Line, voice: str | None) -> Iterator[tuple[str | None, SourceText]]:
    """The line without markup, cut where the voice changes."""
    if not _HAS_MARKUP.search(source, line.start, line.end):
        yield voice, verbatim(source, line.start, line.end)
        return
    pieces: list[SourceText] = []
    place = line.start
    for match in _MARKUP.finditer(source, line.start, line.end):
        pieces.append(verbatim(source, place, match.start()))
        place = match.end()
        if match["entity"]:
            pieces.append(atomic(_character(match[0]), match.start(), match.end()))
        elif match["voice"]:
            yield voice, concatenated(pieces).stripped()
            pieces = []
            voice = html.unescape(match["name"] or "").strip() or None
    pieces.append(verbatim(source, place, line.end))
    yield voice, concatenated(pieces).stripped() if pieces else NOTHING


@lru_cache(maxsize=1024)
def _character(entity: str) -> str:
    return html.unescape(entity)
