"""Amazon Transcribe and Whisper JSON."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rubrics.domain.errors import Malformed
from scoring.domain.transcript.captions import Caption, CaptionLine, passages_of
from scoring.domain.transcript.clock import Times, clock_to_ms
from scoring.domain.transcript.json_document import JsonString, JsonValue, parse_json
from scoring.domain.transcript.limits import at_most_lines
from scoring.domain.transcript.model import Dropped
from scoring.domain.transcript.passage import Passage, Reading, line_numbers
from scoring.domain.transcript.source_text import SourceText, concatenated, joined

_LONGEST_TIME_DIGITS = 9
_LONGEST_PAUSE_MS = 2_000
_SENTENCE_ENDS = (".", "?", "!")
_OBJECT = re.compile(r"\s{0,99}\{\s{0,99}[\"}]")
_ARRAY_OF_OBJECTS = re.compile(r"\s{0,99}\[\s{0,99}\{")

Members = Mapping[str, JsonValue]


def is_json(source: str) -> bool:
    """“[00:05] …” begins like an array, but no object follows."""
    return bool(_OBJECT.match(source) or _ARRAY_OF_OBJECTS.match(source))


def is_aws_transcribe(source: str) -> bool:
    return is_json(source) and '"results"' in source


def read_aws_transcribe(source: str, mapped: Collection[str] = ()) -> Reading:
    """Amazon Transcribe: words from `items`, speakers from `speaker_labels.segments`, else from channels.

    Quotations point into `transcripts`, where the words stand as one text, as long as both agree.
    """
    results = _members(_members(_document(source, "Amazon Transcribe")).get("results"))
    words = list(_words(results))
    if not words:
        raise Malformed(
            "This is not an Amazon Transcribe result: results.items has no words. Upload the finished job's JSON file."
        )
    whole = _whole(results, words)
    line_of = line_numbers(source)
    passages = []
    for first, stop in _spans(words):
        text = _quoted(source, words, whole, first, stop)
        if text.text:
            line = line_of(words[first].content.start)
            passages.append(Passage(words[first].label, text, _times(words[first:stop]), line))
    return Reading(tuple(passages), split_by_timing=True)


def read_whisper(source: str, mapped: Collection[str] = ()) -> Reading:
    """Whisper and its relatives: `segments` with start, end, text and, after diarisation, speaker."""
    document = _document(source, "Whisper")
    segments = (
        document if isinstance(document, list) else _first_list(document, ("segments", "transcription", "chunks"))
    )
    line_of = line_numbers(source)
    captions = [_segment(_members(segment), line_of) for segment in at_most_lines(segments)]
    if not any(caption is not None for caption in captions):
        raise Malformed(
            "This JSON is neither an Amazon Transcribe result nor a Whisper transcript: it has no segments with "
            "a text. Upload one of these, or paste the text."
        )
    spoken = [caption for caption in captions if caption and caption.lines]
    gone = [Dropped(caption.line, "", "an empty segment") for caption in captions if caption and not caption.lines]
    return Reading(passages_of(source, spoken, mapped), tuple(gone), split_by_timing=True)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word or a punctuation mark of Amazon Transcribe."""

    content: JsonString
    is_mark: bool
    label: str | None
    segment: int
    times: Times


@dataclass(frozen=True, slots=True)
class _Whole:
    """The text of the whole job, and where each word stands in it."""

    text: SourceText
    places: Sequence[tuple[int, int]]


def _document(source: str, what: str) -> JsonValue:
    if not is_json(source):
        raise Malformed(f"This is not {what} JSON. Leave the format out to have it recognised.")
    return parse_json(source)


def _members(value: JsonValue) -> Members:
    return value if isinstance(value, dict) else {}


def _items(value: JsonValue) -> Sequence[JsonValue]:
    return value if isinstance(value, list) else ()


def _first_list(document: JsonValue, names: Sequence[str]) -> Sequence[JsonValue]:
    return next((found for name in names if (found := _items(_members(document).get(name)))), ())


def _string(value: JsonValue) -> str | None:
    """Labels are strings, but some programs number speakers."""
    if isinstance(value, JsonString):
        return str(value).strip() or None
    return str(value) if isinstance(value, Decimal) else None


def _ms(value: JsonValue) -> int | None:
    """Seconds as a number or a string, cut to milliseconds."""
    if isinstance(value, JsonString):
        return clock_to_ms(str(value))
    if not isinstance(value, Decimal) or value < 0 or value.adjusted() >= _LONGEST_TIME_DIGITS:
        return None
    return int(value * 1000)


def _words(results: Members) -> Iterator[_Word]:
    """Items with their speaker: their own label, else that of the segment they lie in, else the running one."""
    speakers = _SpeakersByTime(results)
    label: str | None = None
    segment = 0
    for item in map(_members, _items(results.get("items"))):
        alternatives = _items(item.get("alternatives"))
        content = _members(alternatives[0]).get("content") if alternatives else None
        if not isinstance(content, JsonString) or content.start == content.end:
            continue
        is_mark = _string(item.get("type")) == "punctuation"
        times = Times(_ms(item.get("start_time")), _ms(item.get("end_time")))
        if not is_mark:
            found, segment = speakers.at(times.start_ms) or (label, segment)
            label = _own_label(item) or found
        yield _Word(content, is_mark, label, segment, times)


def _own_label(item: Members) -> str | None:
    return _string(item.get("speaker_label")) or _string(item.get("channel_label"))


@dataclass(frozen=True, slots=True)
class _Extent:
    """A segment's time, its label and number."""

    start_ms: int
    end_ms: int
    speaker: tuple[str, int]


class _SpeakersByTime:
    """Who speaks when: the segments' own items by their start, else the segments by their extent."""

    def __init__(self, results: Members) -> None:
        self._by_start: dict[int, tuple[str, int]] = {}
        self._extents: list[_Extent] = []
        segments = _items(_members(results.get("speaker_labels")).get("segments"))
        channels = _items(_members(results.get("channel_labels")).get("channels"))
        for number, segment in enumerate(map(_members, (*segments, *channels)), start=1):
            self._add(segment, number)
        self._extents.sort(key=lambda extent: extent.start_ms)

    def at(self, start_ms: int | None) -> tuple[str, int] | None:
        """(label, number of the segment) of a word that starts then."""
        if start_ms is None:
            return None
        found = self._by_start.get(start_ms)
        index = bisect_right(self._extents, start_ms, key=lambda extent: extent.start_ms) - 1
        if found is None and index >= 0 and start_ms <= self._extents[index].end_ms:
            return self._extents[index].speaker
        return found

    def _add(self, segment: Members, number: int) -> None:
        label = _own_label(segment)
        start, end = _ms(segment.get("start_time")), _ms(segment.get("end_time"))
        if label is not None and start is not None and end is not None:
            self._extents.append(_Extent(start, end, (label, number)))
        for item in map(_members, _items(segment.get("items"))):
            begins, speaker = _ms(item.get("start_time")), _own_label(item) or label
            if begins is not None and speaker is not None:
                self._by_start.setdefault(begins, (speaker, number))


def _whole(results: Members, words: Sequence[_Word]) -> _Whole | None:
    """The whole text and each word's place in it; None when an edited file's text and words disagree."""
    transcript = _members(next(iter(_items(results.get("transcripts"))), None)).get("transcript")
    if not isinstance(transcript, JsonString):
        return None
    text = transcript.read()
    places: list[tuple[int, int]] = []
    place = 0
    for word in words:
        content = str(word.content)
        while text.text[place : place + 1].isspace():
            place += 1
        if not text.text.startswith(content, place):
            return None
        places.append((place, place + len(content)))
        place += len(content)
    return _Whole(text, places)


def _spans(words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """Stretches of words to quote together: one speaker, one segment, one sentence, no long pause."""
    begin = 0
    for index in range(1, len(words)):
        word, before = words[index], words[index - 1]
        if not word.is_mark and _parts(before, word):
            yield begin, index
            begin = index
    yield begin, len(words)


def _parts(before: _Word, word: _Word) -> bool:
    if (before.label, before.segment) != (word.label, word.segment):
        return True
    pause = (word.times.start_ms or 0) - (before.times.end_ms or word.times.start_ms or 0)
    return pause > _LONGEST_PAUSE_MS or (before.is_mark and str(before.content).endswith(_SENTENCE_ENDS))


def _quoted(source: str, words: Sequence[_Word], whole: _Whole | None, first: int, stop: int) -> SourceText:
    if whole is None:
        return _spelled(source, words[first:stop]).stripped()
    return whole.text.part(whole.places[first][0], whole.places[stop - 1][1]).stripped()


def _times(words: Sequence[_Word]) -> Times:
    starts = (word.times.start_ms for word in words if word.times.start_ms is not None)
    ends = (word.times.end_ms for word in reversed(words) if word.times.end_ms is not None)
    return Times(next(starts, None), next(ends, None))


def _spelled(source: str, words: Sequence[_Word]) -> SourceText:
    """The words with single spaces, each quoted from its own place."""
    groups: list[list[SourceText]] = []
    for word in words:
        text = word.content.read()
        if word.is_mark and groups:
            groups[-1].append(text)
        else:
            groups.append([text])
    return joined([concatenated(group) for group in groups], " ", source=source)


def _segment(segment: Members, line_of: Callable[[int], int]) -> Caption | None:
    text = segment.get("text")
    if not isinstance(text, JsonString):
        return None
    spoken = text.read().stripped()
    voice = _string(segment.get("speaker")) or _string(segment.get("speaker_label"))
    lines = (CaptionLine(voice, spoken),) if spoken.text else ()
    return Caption(_segment_times(segment), lines, line_of(text.start))


def _segment_times(segment: Members) -> Times:
    """`start` and `end`; whisper.cpp has `offsets` in milliseconds, transformers a `timestamp` pair."""
    offsets, pair = _members(segment.get("offsets")), _items(segment.get("timestamp"))
    if offsets:
        start, end = (
            _ms(value / 1000) if isinstance(value := offsets.get(key), Decimal) else None for key in ("from", "to")
        )
        return Times(start, end)
    if len(pair) == 2:  # noqa: PLR2004 - a pair
        return Times(_ms(pair[0]), _ms(pair[1]))
    return Times(_ms(segment.get("start")), _ms(segment.get("end")))
