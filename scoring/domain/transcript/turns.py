"""Passages to turns: who speaks, what a captioning program cut apart, and when each turn ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scoring.domain.transcript.clock import Times
from scoring.domain.transcript.limits import at_most_utterances
from scoring.domain.transcript.model import Speaker, Utterance
from scoring.domain.transcript.sentences import sentence_parts
from scoring.domain.transcript.source_text import SourceText, joined

# 2.5 words a second, a calm speaking rate; whole milliseconds a word keep the estimate exact.
_MS_PER_WORD = 400
_SHORTEST_ESTIMATE_MS = 1_000

_LONGEST_PAUSE_MS = 2_000
_LONG_ENOUGH_MS = 15_000
_LONGEST_MERGED_MS = 45_000
_LONG_UNTIMED_TURN_WORDS = 80
_SENTENCE_END = tuple(".?!…")
_CLOSING = "\"'”’)]"


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn before it is numbered. label: as written, of the passage or of the one it goes on from."""

    speaker: Speaker
    label: str | None
    text: SourceText
    times: Times
    assumed: bool = False


def merged(source: str, turns: Sequence[Turn]) -> list[Turn]:
    """Join captions of one speaker that follow within two seconds or overlap.

    A long speech is not one utterance: from 15 seconds on it is cut after a sentence, at 45 seconds anywhere, so that
    a citation still points at a moment.
    """
    groups: list[list[Turn]] = []
    for turn in turns:
        if groups and _goes_on(groups[-1], turn):
            groups[-1].append(turn)
        else:
            groups.append([turn])
    return [_joined(source, group) for group in groups]


def with_long_turns_cut(turns: Sequence[Turn]) -> list[Turn]:
    """Cut long untimed turns of a student who presents alone into sentences, as a monologue without labels is."""
    if any(turn.speaker is not Speaker.STUDENT or turn.times.start_ms is not None for turn in turns):
        return list(turns)
    return list(at_most_utterances(piece for turn in turns for piece in _cut(turn)))


def utterances_of(turns: Sequence[Turn]) -> tuple[Utterance, ...]:
    """Number the turns and give each timed one an end: the stated, else the next turn's start, else an estimate."""
    next_starts = _later_starts(turns)
    return tuple(
        _utterance(number, turn, after=turns[number] if number < len(turns) else None, bound=next_starts[number - 1])
        for number, turn in enumerate(turns, start=1)
    )


def spoken_ms(words: int) -> int:
    """How long so many words take to say, at least a second."""
    return max(_SHORTEST_ESTIMATE_MS, words * _MS_PER_WORD)


def _goes_on(group: Sequence[Turn], turn: Turn) -> bool:
    first, last = group[0], group[-1]
    if turn.speaker is not last.speaker or turn.label != last.label:
        return False
    start, end = turn.times.start_ms, last.times.end_ms
    if start is None or first.times.start_ms is None or end is None:
        return False
    if not first.times.start_ms <= start <= end + _LONGEST_PAUSE_MS:
        return False
    spoken = end - first.times.start_ms
    complete = last.text.text.rstrip(_CLOSING).endswith(_SENTENCE_END)
    return spoken < _LONG_ENOUGH_MS or (spoken < _LONGEST_MERGED_MS and not complete)


def _joined(source: str, group: Sequence[Turn]) -> Turn:
    if len(group) == 1:
        return group[0]
    ends = [turn.times.end_ms for turn in group if turn.times.end_ms is not None]
    return replace(
        group[0],
        text=joined([turn.text for turn in group], " ", source=source),
        times=Times(group[0].times.start_ms, max(ends, default=None)),
    )


def _cut(turn: Turn) -> Iterator[Turn]:
    text = turn.text.text
    if len(text.split()) < _LONG_UNTIMED_TURN_WORDS:
        yield turn
        return
    for start, end in sentence_parts(text, 0, len(text)):
        yield replace(turn, text=turn.text.part(start, end))


def _later_starts(turns: Sequence[Turn]) -> list[int | None]:
    """For each turn the first stated start after it in the file."""
    starts: list[int | None] = [None] * len(turns)
    later: int | None = None
    for index in range(len(turns) - 1, -1, -1):
        starts[index] = later
        start = turns[index].times.start_ms
        later = start if start is not None else later
    return starts


def _utterance(number: int, turn: Turn, *, after: Turn | None, bound: int | None) -> Utterance:
    end, estimated = _end(turn, after, bound)
    return Utterance(number, turn.speaker, turn.text.text, turn.times.start_ms, end, estimated, turn.text.fragments)


def _end(turn: Turn, after: Turn | None, bound: int | None) -> tuple[int | None, bool]:
    """(end, estimated). A next start that is the same or earlier bounds nothing: the end would be the start."""
    start, end = turn.times.start_ms, turn.times.end_ms
    if start is None:
        return None, False
    if end is not None and end >= start:
        return end, False
    if after and after.times.start_ms is not None and after.times.start_ms > start:
        return after.times.start_ms, False
    estimate = start + spoken_ms(len(turn.text.text.split()))
    if bound is not None and start < bound < estimate:
        return bound, True
    return estimate, True
