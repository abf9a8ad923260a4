"""Plain text: one turn a line or several, with times and labels in any of the usual shapes, or with neither."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from scoring.domain.transcript.clock import NO_TIMES, ClockReading, Times
from scoring.domain.transcript.label_policy import LabelPolicy, label_policy
from scoring.domain.transcript.limits import at_most_utterances
from scoring.domain.transcript.line_scan import LabelCandidate, ScannedLine, scan_line
from scoring.domain.transcript.model import Dropped
from scoring.domain.transcript.passage import Line, Passage, Reading, dropped, lines_of
from scoring.domain.transcript.sentences import sentence_spans
from scoring.domain.transcript.source_text import joined, verbatim

_NOT_SPEECH: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[-=_*~#.·•\s]{3,}\Z"), "a separator"),
    (re.compile(r"`{3}[a-z]{0,12}\Z"), "a code fence"),
    (
        re.compile(r"(?:page|p\.)\s{1,3}[0-9]{1,4}(?:\s{0,3}(?:of|/)\s{0,3}[0-9]{1,4})?\Z", re.IGNORECASE),
        "a page number",
    ),
    (re.compile(r"[-–—]\s{0,3}[0-9]{1,4}\s{0,3}[-–—]\Z"), "a page number"),
    (
        re.compile(r"(?:transcribed|transcript generated|generated|recorded) (?:by|with|on)\b", re.IGNORECASE),
        "a credit",
    ),
    (
        re.compile(
            r"[\[(]?(?:end|start|beginning) of (?:transcript|transcription|recording|interview|station)\b"
            r"[\])]?\.?\Z",
            re.IGNORECASE,
        ),
        "a marker of the recording",
    ),
)
_LONGEST_NOT_SPEECH = 80
_FEWEST_WORDS_OF_SPEECH = 4
_SENTENCE_END = tuple(".?!…")
_CLOSING_QUOTES = "\"'”’)]"


@dataclass(frozen=True, slots=True)
class _Settled:
    """A line after the file's habits are known: its time and label, if it has them, and its speech."""

    line: Line
    label: str | None
    times: ClockReading | None
    text_start: int

    @property
    def has_text(self) -> bool:
        return self.text_start < self.line.end


@dataclass(slots=True)
class _Turn:
    label: str | None
    times: Times
    line: int
    spans: list[tuple[int, int]] = field(default_factory=list)


def read_plain_text(source: str, mapped: Collection[str] = ()) -> Reading:
    """Read turns. `mapped` holds the keys of labels that a person has named as speakers."""
    gone: list[Dropped] = []
    scanned = [scan_line(source, line) for line in _speech_lines(source, gone)]
    settled = _settle(source, scanned, label_policy(scanned, mapped))
    if not any(line.label is not None or line.times for line in settled):
        return Reading(_monologue(source, settled), tuple(gone))
    turns = _turns(source, settled, gone)
    return Reading(
        tuple(_passage(source, turn) for turn in turns),
        tuple(sorted(gone, key=lambda passage: passage.line)),
        times_of_day=any(line.times.time_of_day for line in settled if line.times),
    )


def _speech_lines(source: str, gone: list[Dropped]) -> Iterable[Line]:
    for line in lines_of(source):
        reason = _why_not_speech(source, line)
        if reason is None:
            yield line
        else:
            gone.append(dropped(source, line, reason))


def _why_not_speech(source: str, line: Line) -> str | None:
    if line.end - line.start > _LONGEST_NOT_SPEECH:
        return None
    text = source[line.start : line.end]
    return next((reason for pattern, reason in _NOT_SPEECH if pattern.match(text)), None)


def _settle(source: str, scanned: Sequence[ScannedLine], policy: LabelPolicy) -> list[_Settled]:
    after_time_line = False
    first: list[tuple[ScannedLine, LabelCandidate | None]] = []
    for line in scanned:
        first.append((line, _accepted(source, line, policy, after_time_line=after_time_line)))
        after_time_line = line.times is not None and line.text_start >= line.line.end
    bare_is_habit = _bare_times_are_habit(first)
    labelled = any(label for _, label in first)
    settled: list[_Settled] = []
    latest = 0
    for line, label in first:
        start = line.times.times.start_ms if line.times else None
        settled.append(_settled(line, label, bare_counts=bare_is_habit and not (labelled and latest > (start or 0))))
        latest = max(latest, start or 0) if settled[-1].times else latest
    return settled


def _accepted(source: str, line: ScannedLine, policy: LabelPolicy, *, after_time_line: bool) -> LabelCandidate | None:
    candidate = line.candidate
    if candidate is None:
        return None
    accepted = policy.accepts(
        candidate,
        timed=line.times is not None or candidate.times is not None,
        after_time_line=after_time_line,
        text_starts=source[candidate.text_start : candidate.text_start + 1],
    )
    return candidate if accepted else None


def _bare_times_are_habit(lines: Sequence[tuple[ScannedLine, LabelCandidate | None]]) -> bool:
    """“12:30 was when it began” is speech, unless half of the lines begin with a time without brackets."""
    bare = sum(1 for line, _ in lines if line.times and not line.times.bracketed)
    return bare > 1 and bare * 2 >= len(lines)


def _settled(line: ScannedLine, label: LabelCandidate | None, *, bare_counts: bool) -> _Settled:
    """bare_counts: a time without brackets and label is one; among labelled turns it must not run backwards, too."""
    if label is not None:
        return _Settled(line.line, label.label, line.times or label.times, label.text_start)
    times = line.times
    alone = line.text_start >= line.line.end
    if times and (times.bracketed or times.times.end_ms is not None or alone or bare_counts):
        return _Settled(line.line, None, times, line.text_start)
    return _Settled(line.line, None, None, line.line.start)


def _turns(source: str, lines: Sequence[_Settled], gone: list[Dropped]) -> list[_Turn]:
    turns: list[_Turn] = []
    waiting: _Settled | None = None
    for line in lines:
        if line.label is None and line.times and not line.has_text:
            waiting = _time_alone(source, line, turns, waiting, gone)
        elif line.label is not None or line.times or waiting:
            turns.append(_turn(line, waiting))
            waiting = None
        elif turns:
            turns[-1].spans.append((line.text_start, line.line.end))
        elif _reads_like_speech(source[line.line.start : line.line.end]):
            turns.append(_turn(line, None))
        else:
            gone.append(dropped(source, line.line, "before the first speaker or time"))
    if waiting:
        gone.append(dropped(source, waiting.line, "a time without speech"))
    return [turn for turn in turns if _has_speech(source, turn, gone)]


def _time_alone(
    source: str, line: _Settled, turns: Sequence[_Turn], waiting: _Settled | None, gone: list[Dropped]
) -> _Settled | None:
    """A line that is only a time belongs to a label alone on the line before, else to the line that follows."""
    if waiting:
        gone.append(dropped(source, waiting.line, "a time without speech"))
    if line.times and turns and not turns[-1].spans and turns[-1].times == NO_TIMES:
        turns[-1].times = line.times.times
        return None
    return line


def _turn(line: _Settled, waiting: _Settled | None) -> _Turn:
    times = line.times or (waiting.times if waiting else None)
    turn = _Turn(line.label, times.times if times else NO_TIMES, line.line.number)
    if line.has_text:
        turn.spans.append((line.text_start, line.line.end))
    return turn


def _has_speech(source: str, turn: _Turn, gone: list[Dropped]) -> bool:
    if not turn.spans:
        gone.append(Dropped(turn.line, turn.label or "", "a label without speech"))
    return bool(turn.spans)


def _passage(source: str, turn: _Turn) -> Passage:
    """Continuation lines are quoted with the line breaks between them, unless a dropped line lies there."""
    parts: list[tuple[int, int]] = turn.spans[:1]
    for start, end in turn.spans[1:]:
        if source[parts[-1][1] : start].isspace():
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    text = joined([verbatim(source, start, end) for start, end in parts], "\n", source=source)
    return Passage(turn.label, text.stripped(), turn.times, turn.line)


def _reads_like_speech(text: str) -> bool:
    """A sentence of some words; a title or a form field is not."""
    ends = text.rstrip(_CLOSING_QUOTES).endswith(_SENTENCE_END)
    return ends and len(text.split()) >= _FEWEST_WORDS_OF_SPEECH


def _monologue(source: str, lines: Sequence[_Settled]) -> tuple[Passage, ...]:
    """Without labels and times each sentence is an utterance, so that each can have its section and its citation."""
    spans = at_most_utterances(sentence_spans(source, [line.line for line in lines]))
    return tuple(Passage(None, verbatim(source, start, end), line=number) for number, start, end in spans)
