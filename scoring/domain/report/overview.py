"""The parts of the result that are about the whole: scores, breakdown, turns, warnings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.domain.overall import OverallScore, four_places
from scoring.domain.result import ScoreEntry, TranscriptDetail, TurnEntry, WarningEntry
from scoring.domain.segmentation.section import Section
from scoring.domain.transcript.model import Transcript, Utterance


def rounded_scores(scores: Mapping[str, Fraction]) -> dict[str, Decimal]:
    return {name: four_places(score) for name, score in scores.items()}


def breakdown(overall: OverallScore) -> dict[str, ScoreEntry]:
    """Each number is rounded from its exact value, so contributions may differ from their total in the last place."""
    return {
        name: ScoreEntry(
            score=four_places(part.score), weight=four_places(part.weight), contribution=four_places(part.contribution)
        )
        for name, part in overall.contributions.items()
    }


def transcript_detail(transcript: Transcript, sections: Sequence[Section | None]) -> TranscriptDetail:
    return TranscriptDetail(
        format=transcript.format,
        turns=tuple(_turn(u, section) for u, section in zip(transcript.utterances, sections, strict=True)),
        dropped=len(transcript.dropped),
    )


def _turn(utterance: Utterance, section: Section | None) -> TurnEntry:
    spans = utterance.source_spans(0, len(utterance.text))
    return TurnEntry(
        turn=utterance.turn,
        speaker=utterance.speaker.value,
        section=None if section is None else section.value,
        start=spans[0].start if spans else 0,
        end=spans[-1].end if spans else 0,
        start_ms=utterance.start_ms,
        end_ms=utterance.end_ms,
        end_estimated=utterance.end_estimated,
    )


def warning_entries(transcript: Transcript) -> tuple[WarningEntry, ...]:
    return tuple(WarningEntry(code=w.code, message=w.message, turns=w.turns) for w in transcript.warnings)
