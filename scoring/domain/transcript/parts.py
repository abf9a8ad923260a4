"""Utterances that a caller gives as a list: never merged, never cut, never dropped, numbered as given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rubrics.domain.errors import FieldProblem, Malformed
from scoring.domain.transcript.clock import Times, clock_to_ms
from scoring.domain.transcript.labels import role_named
from scoring.domain.transcript.model import Speaker, Utterance
from scoring.domain.transcript.source_text import SourceText, verbatim
from scoring.domain.transcript.turns import Turn, utterances_of

MAX_SECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class UtterancePart:
    """One utterance of a request.

    speaker: student, patient, examiner or unknown in any case; other words of the label tables are understood too,
        and an unreadable one is unknown.
    timestamp_start, timestamp_end: seconds (0 to a million) or a clock string (“01:05”, “00:01:05.250”).
    """

    speaker: str
    text: str
    timestamp_start: str | int | float | None = None
    timestamp_end: str | int | float | None = None


def utterances_from_parts(parts: Sequence[UtterancePart]) -> tuple[Utterance, ...]:
    """Utterances with 1-based turns; their one fragment lies over their own text, so a quote is checked against that.

    Raises Malformed that names each field it could not read.
    """
    problems: list[FieldProblem] = []
    turns = [_turn(index, part, problems) for index, part in enumerate(parts)]
    if problems:
        raise Malformed("Some utterances could not be read. Correct the named fields.", fields=tuple(problems))
    return utterances_of(turns)


def _turn(index: int, part: UtterancePart, problems: list[FieldProblem]) -> Turn:
    where = f"utterances.{index}"
    start = _time(part.timestamp_start, f"{where}.timestamp_start", problems)
    end = _time(part.timestamp_end, f"{where}.timestamp_end", problems)
    if start is not None and end is not None and end < start:
        problems.append(FieldProblem(f"{where}.timestamp_end", "It is before timestamp_start."))
    speaker = role_named(part.speaker) or Speaker.UNKNOWN
    return Turn(speaker, part.speaker, _text(part.text, where, problems), Times(start, end))


def _text(text: str, where: str, problems: list[FieldProblem]) -> SourceText:
    """NUL and half a surrogate pair can be neither stored nor hashed."""
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        problems.append(FieldProblem(f"{where}.text", "It contains characters that are not text."))
    return verbatim(text, 0, len(text))


def _time(value: str | int | float | None, where: str, problems: list[FieldProblem]) -> int | None:
    """The shortest decimal that names a float is what the caller wrote: 62.3 is 62300 ms and never 62299."""
    if value is None or value == "":
        return None
    in_range = isinstance(value, str) or 0 <= value <= MAX_SECONDS
    ms = clock_to_ms(_decimal(value)) if in_range and not isinstance(value, bool) else None
    if ms is None:
        problems.append(FieldProblem(where, "Give seconds (65.5) or a clock time (“01:05.5”)."))
    return ms


def _decimal(value: str | int | float) -> str:
    return format(value, ".6f") if isinstance(value, float) else str(value)
