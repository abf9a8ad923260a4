"""A transcript as canonical plain text that parses to the same speakers, words and times."""

from __future__ import annotations

from scoring.domain.transcript.clock import format_clock
from scoring.domain.transcript.model import Transcript, Utterance

_NO_TIME = "[--:--]"
_BRACKETS = ("[", "(", "{", "<")


def serialise_text(transcript: Transcript) -> str:
    """One line an utterance, `[HH:MM:SS.mmm - HH:MM:SS.mmm] Student: …`; white space inside a turn becomes one space.

    An estimated end is left out, so that it is estimated again. An untimed turn whose words begin with a bracket gets
    `[--:--]`, lest “[00:05]” in them be read as its time.
    """
    return "".join(f"{_line(utterance)}\n" for utterance in transcript.utterances)


def _line(utterance: Utterance) -> str:
    text = " ".join(utterance.text.split())
    return f"{_times(utterance, text)}{utterance.speaker.value.capitalize()}: {text}"


def _times(utterance: Utterance, text: str) -> str:
    if utterance.start_ms is None:
        return f"{_NO_TIME} " if text.startswith(_BRACKETS) else ""
    start = format_clock(utterance.start_ms)
    if utterance.end_ms is None or utterance.end_estimated:
        return f"[{start}] "
    return f"[{start} - {format_clock(utterance.end_ms)}] "
