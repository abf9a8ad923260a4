"""How a file was read, so that a person can see it and put it right before anything is graded."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from rubrics.domain.errors import Refusal
from scoring.domain.segmentation import label_sections
from scoring.domain.transcript import parse_transcript
from scoring.domain.transcript.model import Speaker, Transcript, Utterance

_SAMPLE_CHARACTERS = 90


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class SpeakerReading(_Record):
    """A label of the file. first_words: the beginning of what it said first, to be recognised by."""

    label: str
    speaker: str
    basis: str
    turns: int
    first_words: str


class WarningReading(_Record):
    code: str
    message: str


class Reading(_Record):
    """problem: why it can't be graded as it stands, empty where it can. sections None: not looked for yet."""

    format: str = ""
    turns: int = 0
    student_turns: int = 0
    minutes: int | None = None
    speakers: tuple[SpeakerReading, ...] = ()
    sections: tuple[str, ...] | None = None
    warnings: tuple[WarningReading, ...] = ()
    problem_code: str = ""
    problem: str = ""


def read_text(text: str, *, speaker_map: Mapping[str, str] | None = None, with_sections: bool = True) -> Reading:
    """Never raises for what a person uploaded: a refusal becomes the reading's problem.

    Sections take as long again as the rest; a large class is read without and shows them file by file.
    """
    try:
        transcript = parse_transcript(text, speaker_map=speaker_map)
    except Refusal as refusal:
        return Reading(problem_code=refusal.code, problem=refusal.message)
    student_turns = sum(turn.speaker is Speaker.STUDENT for turn in transcript.utterances)
    return Reading(
        format=transcript.format,
        turns=len(transcript.utterances),
        student_turns=student_turns,
        minutes=_minutes(transcript),
        speakers=_speakers(transcript),
        sections=_sections(transcript) if student_turns and with_sections else None,
        warnings=tuple(WarningReading(code=w.code, message=w.message) for w in transcript.warnings),
        problem_code="" if student_turns else "no_student_speech",
        problem="" if student_turns else "No line is the student's. Say below which speaker is the student.",
    )


def _minutes(transcript: Transcript) -> int | None:
    last = max((turn.end_ms or turn.start_ms or 0 for turn in transcript.utterances), default=0)
    return round(last / 60_000) if last else None


def _speakers(transcript: Transcript) -> tuple[SpeakerReading, ...]:
    first_of: dict[str, Utterance] = {}
    for turn in transcript.utterances:
        first_of.setdefault(turn.speaker.value, turn)
    return tuple(
        SpeakerReading(
            label=label.label,
            speaker=label.speaker.value,
            basis=label.basis.value,
            turns=label.utterances,
            first_words=_first_words(transcript, label.label, first_of.get(label.speaker.value)),
        )
        for label in transcript.speakers
    )


def _first_words(transcript: Transcript, label: str, fallback: Utterance | None) -> str:
    """What follows the label where it first stands in the source; the role's first turn where it can't be found."""
    place = transcript.source.find(label)
    if place >= 0:
        said = transcript.source[place + len(label) :][: _SAMPLE_CHARACTERS * 2].lstrip(":>]) \t\n")
        line = " ".join(said.partition("\n")[0].split())
        if line:
            return line[:_SAMPLE_CHARACTERS]
    return "" if fallback is None else " ".join(fallback.text.split())[:_SAMPLE_CHARACTERS]


def _sections(transcript: Transcript) -> tuple[str, ...]:
    """In the order in which they are first heard."""
    labels = label_sections(transcript.utterances)
    return tuple(dict.fromkeys(label.value for label in labels if label is not None))
