"""Captions, segments and rows to passages: the part that cue files, Whisper JSON and tables have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from scoring.domain.transcript.clock import ClockReading, Times
from scoring.domain.transcript.label_policy import LabelPolicy, label_policy
from scoring.domain.transcript.line_scan import ScannedLine, scan_label
from scoring.domain.transcript.passage import Line, Passage
from scoring.domain.transcript.source_text import SourceText, joined

_SEPARATORS = (":", "：", "\t", "|", "[", "(", "<", "- ", "– ", "— ")
_COLON_OF_STRIPPED_NAME = ":："


@dataclass(frozen=True, slots=True)
class CaptionLine:
    """A line of a caption without markup. voice: the speaker that the format itself names, None where it names none."""

    voice: str | None
    text: SourceText


@dataclass(frozen=True, slots=True)
class Caption:
    """What is shown at one time. line: 1-based line of the source where it begins."""

    times: Times
    lines: tuple[CaptionLine, ...]
    line: int


def passages_of(source: str, captions: Sequence[Caption], mapped: Collection[str]) -> tuple[Passage, ...]:
    """Passages of the captions; lines without a voice may begin with a label (“Priya Shah: …”), as Zoom writes them."""
    scanned = [[_scan(caption, index) for index in range(len(caption.lines))] for caption in captions]
    policy = label_policy([line for lines in scanned for line in lines], mapped)
    passages: list[Passage] = []
    for caption, lines in zip(captions, scanned, strict=True):
        passages.extend(_passages(source, caption, lines, policy))
    return tuple(passages)


def _scan(caption: Caption, index: int) -> ScannedLine:
    """Only a caption's first line stands in the place where a label is expected."""
    line = caption.lines[index]
    text = line.text.text
    times = ClockReading(caption.times, 0, bracketed=True) if index == 0 else None
    candidate = scan_label(text, 0, len(text)) if line.voice is None and _may_have_label(text) else None
    return ScannedLine(Line(caption.line, 0, len(text)), times, 0, candidate)


def _may_have_label(text: str) -> bool:
    """Spares the scan for the many lines without any separator."""
    return any(mark in text for mark in _SEPARATORS)


def _passages(source: str, caption: Caption, scanned: Sequence[ScannedLine], policy: LabelPolicy) -> Iterator[Passage]:
    label: str | None = None
    pending: list[SourceText] = []
    for line, scan in zip(caption.lines, scanned, strict=True):
        found, text = _labelled(line, scan, policy)
        if found is not None and found != label and pending:
            yield _passage(source, caption, label, pending)
            pending = []
        label = found if found is not None else label
        if text.text:
            pending.append(text)
    if pending:
        yield _passage(source, caption, label, pending)


def _labelled(line: CaptionLine, scan: ScannedLine, policy: LabelPolicy) -> tuple[str | None, SourceText]:
    if line.voice is not None:
        return line.voice, line.text
    candidate, text = scan.candidate, line.text.text
    if candidate is not None and policy.accepts(
        candidate,
        timed=scan.times is not None,
        after_time_line=False,
        text_starts=text[candidate.text_start : candidate.text_start + 1],
    ):
        return candidate.label, line.text.part(candidate.text_start, len(text)).stripped()
    if text[:1] in _COLON_OF_STRIPPED_NAME:
        return None, line.text.part(1, len(text)).stripped()
    return None, line.text


def _passage(source: str, caption: Caption, label: str | None, texts: Sequence[SourceText]) -> Passage:
    return Passage(label, joined(texts, "\n", source=source), caption.times, caption.line)
