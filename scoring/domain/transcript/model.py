"""The transcript as the engine sees it: utterances that remember where in the source they stand.

Two coordinate systems are used, and mixing them up is the classic bug here:

* an offset into `Utterance.text` (what was said, entities decoded), used by matchers and patterns;
* an offset into the *source*, the decoded text of the file without its BOM, newlines kept, in code points.
  Citations use only this one, so that `source[start:end] == quote` can be checked by anybody.

`Utterance.source_spans` turns the first into the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Speaker(StrEnum):
    STUDENT = "student"
    PATIENT = "patient"
    EXAMINER = "examiner"
    UNKNOWN = "unknown"


class SpeakerBasis(StrEnum):
    """Why a label was taken for a speaker."""

    LABEL = "label"
    MAP = "speaker_map"
    GUESS = "guess"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """A half-open range [start, end) of code points of the source."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of `Utterance.text` [start, end) and the source range it was read from.

    Where both ranges are equally long the piece is verbatim; otherwise (an entity such as `&amp;`) it is atomic:
    a quotation that touches it quotes all of its source. A space put between two cues has an empty source.
    """

    start: int
    end: int
    source: SourceSpan

    @property
    def verbatim(self) -> bool:
        return self.end - self.start == self.source.end - self.source.start


@dataclass(frozen=True, slots=True)
class Utterance:
    """One turn of speech.

    turn: 1-based over all utterances of the transcript, every speaker counted.
    text: what was said, without label, time or markup; verbatim for plain text (line breaks kept).
    start_ms, end_ms: milliseconds from the start of the recording, None without times.
    end_estimated: the source gave no end and no later turn bounds it.
    fragments: ascending, gapless over `text`; empty when the utterance has no source (a stateless API call).
    """

    turn: int
    speaker: Speaker
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    end_estimated: bool = False
    fragments: tuple[Fragment, ...] = ()

    def source_spans(self, start: int, end: int) -> tuple[SourceSpan, ...]:
        """Source ranges that text[start:end] was read from, neighbours merged, in reading order; none is empty."""
        return tuple(SourceSpan(*bounds) for bounds in self._source_bounds(start, end))

    def _source_bounds(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Plain pairs, for a turn of a hostile file has hundreds of thousands of fragments."""
        begun = ended = -1
        for fragment in self.fragments:
            if fragment.end <= start or fragment.start >= end:
                continue
            low, high = _source_of(fragment, start, end)
            if low == high:
                continue
            if low == ended:
                ended = high
                continue
            if begun >= 0:
                yield begun, ended
            begun, ended = low, high
        if begun >= 0:
            yield begun, ended


def _source_of(fragment: Fragment, start: int, end: int) -> tuple[int, int]:
    """Where text[start:end] of the utterance lies in the fragment's source."""
    source = fragment.source
    shift = source.start - fragment.start
    if source.end - fragment.end != shift:
        return source.start, source.end
    return max(start, fragment.start) + shift, min(end, fragment.end) + shift


@dataclass(frozen=True, slots=True)
class Dropped:
    """A passage of the source that became no speech, and why (`line` is 1-based)."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class TranscriptWarning:
    """A named doubt about the input, stored with the grading: `code` is stable, `message` is for people."""

    code: str
    message: str
    turns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeakerLabel:
    """A label of the source and who it was taken for, so that a person can see and correct it (`speaker_map`).

    label: as first written in the source.
    utterances: how many utterances carry it.
    """

    label: str
    speaker: Speaker
    basis: SpeakerBasis
    utterances: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was read: `source` is the decoded text without BOM, and every offset refers to it.

    format: one of `TRANSCRIPT_FORMATS`.
    speakers: labels in order of appearance; empty when the source has none (a monologue).
    """

    source: str
    format: str
    utterances: tuple[Utterance, ...]
    warnings: tuple[TranscriptWarning, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    speakers: tuple[SpeakerLabel, ...] = ()


def is_case_presentation(utterances: Sequence[Utterance]) -> bool:
    """True when a student speaks and no patient does: then reporting a finding counts as covering it."""
    speakers = {u.speaker for u in utterances}
    return Speaker.STUDENT in speakers and Speaker.PATIENT not in speakers
