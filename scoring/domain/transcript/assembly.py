"""From what a reader found to a transcript: speakers, turns, ends, warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from scoring.domain.transcript.labels import label_key
from scoring.domain.transcript.limits import at_most_utterances
from scoring.domain.transcript.model import (
    Speaker,
    SpeakerBasis,
    SpeakerLabel,
    Transcript,
    TranscriptWarning,
    Utterance,
)
from scoring.domain.transcript.passage import Reading
from scoring.domain.transcript.speakers import Attribution, Role, attribute
from scoring.domain.transcript.turns import Turn, merged, utterances_of, with_long_turns_cut
from scoring.domain.transcript.warnings import (
    warning_about_ends,
    warning_about_map,
    warnings_about_extent,
    warnings_about_speakers,
    warnings_about_times,
)


def assemble(source: str, format_name: str, reading: Reading, mapped: Mapping[str, Speaker]) -> Transcript:
    """A transcript of at least one utterance, or of none when nothing in the source was speech."""
    attribution = attribute(reading.passages, mapped)
    turns = _turns(reading, attribution)
    turns = merged(source, turns) if reading.split_by_timing else with_long_turns_cut(turns)
    utterances = utterances_of(list(at_most_utterances(turns)))
    return Transcript(
        source=source,
        format=format_name,
        utterances=utterances,
        warnings=_warnings(utterances, turns, attribution, mapped, times_of_day=reading.times_of_day),
        dropped=reading.dropped,
        speakers=_speaker_labels(turns, attribution.roles),
    )


def _turns(reading: Reading, attribution: Attribution) -> list[Turn]:
    assumed = frozenset(attribution.assumed)
    turns: list[Turn] = []
    label: str | None = None
    for index, passage in enumerate(reading.passages):
        label = passage.label if passage.label is not None else label
        turns.append(Turn(attribution.speakers[index], label, passage.text, passage.times, index in assumed))
    return turns


def _warnings(
    utterances: Sequence[Utterance],
    turns: Sequence[Turn],
    attribution: Attribution,
    mapped: Mapping[str, Speaker],
    *,
    times_of_day: bool,
) -> tuple[TranscriptWarning, ...]:
    if not utterances:
        return ()
    roles = attribution.roles
    return (
        *warnings_about_times(utterances, times_of_day=times_of_day),
        *warning_about_ends([number for number, turn in enumerate(turns, start=1) if _ends_early(turn)]),
        *warnings_about_speakers(
            roles,
            unknown=[n for n, turn in enumerate(turns, start=1) if _is_unknown(turn, roles)],
            assumed=[n for n, turn in enumerate(turns, start=1) if turn.assumed],
        ),
        *warning_about_map(key for key in mapped if key not in roles),
        *warnings_about_extent(utterances, roles),
    )


def _ends_early(turn: Turn) -> bool:
    start, end = turn.times.start_ms, turn.times.end_ms
    return start is not None and end is not None and end < start


def _is_unknown(turn: Turn, roles: Mapping[str, Role]) -> bool:
    """A speaker that a person has called unknown is no doubt."""
    called = turn.label is not None and roles[label_key(turn.label)].basis is SpeakerBasis.MAP
    return turn.speaker is Speaker.UNKNOWN and not called


def _speaker_labels(turns: Sequence[Turn], roles: Mapping[str, Role]) -> tuple[SpeakerLabel, ...]:
    counts = Counter(label_key(turn.label) for turn in turns if turn.label is not None)
    return tuple(SpeakerLabel(role.label, role.speaker, role.basis, counts[key]) for key, role in roles.items())
