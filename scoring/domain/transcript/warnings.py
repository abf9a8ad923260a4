"""Named doubts about a transcript: it is graded all the same, and whoever reads the grade is told.

Every code has a line in docs/transcripts.md. Messages say what was seen and what a person can do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from scoring.domain.transcript.labels import label_key
from scoring.domain.transcript.model import Speaker, SpeakerBasis, TranscriptWarning, Utterance
from scoring.domain.transcript.speakers import Role
from scoring.domain.transcript.turns import spoken_ms

GAP_MS = 60_000
FEWEST_WORDS = 50
_FEWEST_QUESTIONS_OF_DIALOGUE = 3
_DOCTOR_WORDS = frozenset({"doctor", "dr", "d", "doc", "physician"})
_STUDENT_WORDS = frozenset({"student", "s", "stu"})

WARNING_CODES = (
    "times_out_of_order",
    "ends_before_start",
    "mixed_times",
    "times_of_day",
    "gap",
    "unknown_speaker",
    "speakers_guessed",
    "speaker_assumed",
    "several_student_labels",
    "speaker_map_unused",
    "single_speaker",
    "unlabelled_dialogue",
    "very_short",
    "encoding_guessed",
)


def warnings_about_times(utterances: Sequence[Utterance], *, times_of_day: bool) -> Iterator[TranscriptWarning]:
    """Times that run backwards are told, never sorted away: the order of the file is the order of the talk."""
    backwards = tuple(_backwards(utterances))
    if backwards:
        yield TranscriptWarning(
            "times_out_of_order",
            "Times run backwards here. The order of the lines was kept; check the times.",
            backwards,
        )
    untimed = tuple(u.turn for u in utterances if u.start_ms is None)
    if untimed and len(untimed) < len(utterances):
        yield TranscriptWarning("mixed_times", "Some turns have times and these have none.", untimed)
    if times_of_day:
        yield TranscriptWarning("times_of_day", "The times are times of day; they are cited as they stand.")
    gaps = tuple(_before_gaps(utterances))
    if gaps:
        yield TranscriptWarning(
            "gap", f"More than {GAP_MS // 1000} seconds of silence follow these turns. Is a part missing?", gaps
        )


def warning_about_ends(turns: Sequence[int]) -> Iterator[TranscriptWarning]:
    if turns:
        yield TranscriptWarning(
            "ends_before_start", "These turns are said to end before they begin; that end was not used.", tuple(turns)
        )


def warnings_about_speakers(
    roles: Mapping[str, Role], *, unknown: Sequence[int], assumed: Sequence[int]
) -> Iterator[TranscriptWarning]:
    """Turns of nobody known, guesses, and turns without a label that were taken for the speaker's before."""
    yield from _unknown(unknown, roles)
    guessed = [role for role in roles.values() if role.basis is SpeakerBasis.GUESS]
    if guessed:
        who = ", ".join(f"“{role.label}” as {role.speaker.value}" for role in guessed)
        yield TranscriptWarning("speakers_guessed", f"Read {who}: a guess. Correct it if it is wrong.")
    if assumed:
        yield TranscriptWarning(
            "speaker_assumed",
            "These turns have no speaker; they were read as going on from the turn before.",
            tuple(assumed),
        )
    yield from _several_students(roles)


def warning_about_map(unused: Iterable[str]) -> Iterator[TranscriptWarning]:
    names = ", ".join(f"“{label}”" for label in unused)
    if names:
        yield TranscriptWarning("speaker_map_unused", f"The speaker map names {names}, who is not in the transcript.")


def warnings_about_extent(utterances: Sequence[Utterance], roles: Mapping[str, Role]) -> Iterator[TranscriptWarning]:
    """One voice only, a dialogue without labels, and too little text to judge."""
    if len({u.speaker for u in utterances}) == 1:
        yield TranscriptWarning("single_speaker", _one_voice(utterances[0].speaker))
    questions = sum(1 for u in utterances if "?" in u.text)
    if not roles and questions >= _FEWEST_QUESTIONS_OF_DIALOGUE:
        yield TranscriptWarning(
            "unlabelled_dialogue",
            "This reads like an interview without speaker labels, and all of it counts as the student's. "
            "Put “Student:” and “Patient:” before the turns.",
        )
    words = sum(len(u.text.split()) for u in utterances)
    if words < FEWEST_WORDS:
        yield TranscriptWarning("very_short", f"The transcript has only {words} words. Is a part missing?")


def _backwards(utterances: Sequence[Utterance]) -> Iterator[int]:
    latest = 0
    for utterance in utterances:
        if utterance.start_ms is None:
            continue
        if utterance.start_ms < latest:
            yield utterance.turn
        latest = max(latest, utterance.start_ms)


def _before_gaps(utterances: Sequence[Utterance]) -> Iterator[int]:
    """An end taken from the next start hides the silence: there, speech gets the time that its words need."""
    timed = [u for u in utterances if u.start_ms is not None]
    for utterance, after in pairwise(timed):
        start, end, following = utterance.start_ms or 0, utterance.end_ms or 0, after.start_ms or 0
        spoken = start + spoken_ms(len(utterance.text.split())) if end == following else end
        if following - spoken > GAP_MS:
            yield utterance.turn


def _unknown(turns: Sequence[int], roles: Mapping[str, Role]) -> Iterator[TranscriptWarning]:
    if not turns:
        return
    labels = [role.label for role in roles.values() if _is_unknown(role)]
    who = ", ".join(f"“{label}”" for label in labels) or "a speaker without a label"
    yield TranscriptWarning(
        "unknown_speaker",
        f"It is not known who {who} is; these turns count for nobody. "
        "Say which speaker is the student and which the patient.",
        tuple(turns),
    )


def _is_unknown(role: Role) -> bool:
    """A speaker that a person has called unknown is no doubt."""
    return role.speaker is Speaker.UNKNOWN and role.basis is not SpeakerBasis.MAP


def _several_students(roles: Mapping[str, Role]) -> Iterator[TranscriptWarning]:
    labels = [r.label for r in roles.values() if r.speaker is Speaker.STUDENT and r.basis is not SpeakerBasis.MAP]
    if len({_who(label) for label in labels}) > 1:
        names = ", ".join(f"“{label}”" for label in labels)
        yield TranscriptWarning(
            "several_student_labels", f"{names} were all read as the student. If one is not, say so in the speaker map."
        )


def _who(label: str) -> str:
    """“Dr”, “D” and “Doctor” are one person, “Dr Lee” and “Student” may be two."""
    first, _, rest = label_key(label).partition(" ")
    if first in _DOCTOR_WORDS:
        return f"doctor {rest}"
    return f"student {rest}" if first in _STUDENT_WORDS else label_key(label)


def _one_voice(speaker: Speaker) -> str:
    if speaker is Speaker.STUDENT:
        return "Only the student speaks, so this was read as a case presentation."
    return f"Only one speaker was found ({speaker.value}). Check the speaker labels."
