"""Short views of a transcript for tables of cases, and the checks that hold for every transcript."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.domain.transcript import parse_transcript
from scoring.domain.transcript.model import Fragment, Transcript, Utterance

Spoken = list[tuple[str, str]]


def spoken(content: str, *, format_name: str | None = None, speaker_map: Mapping[str, str] | None = None) -> Spoken:
    """(first letter of the role, words) of each utterance."""
    transcript = parse_transcript(content, format=format_name, speaker_map=speaker_map)
    assert_sound(transcript)
    return [(utterance.speaker.value[0], utterance.text) for utterance in transcript.utterances]


def times(content: str) -> list[tuple[int | None, int | None]]:
    return [(u.start_ms, u.end_ms) for u in parse_transcript(content).utterances]


def codes(content: str, *, speaker_map: Mapping[str, str] | None = None) -> list[str]:
    """Codes of the warnings, without `very_short`, which every short example earns."""
    transcript = parse_transcript(content, speaker_map=speaker_map)
    return [warning.code for warning in transcript.warnings if warning.code != "very_short"]


def quoted(transcript: Transcript, utterance: Utterance) -> list[str]:
    """The pieces of the source that an utterance was read from."""
    return [transcript.source[span.start : span.end] for span in utterance.source_spans(0, len(utterance.text))]


def assert_sound(transcript: Transcript) -> None:
    """What holds for whatever was read: turns, order of the source, verbatim fragments, ends after starts."""
    assert [u.turn for u in transcript.utterances] == list(range(1, len(transcript.utterances) + 1))
    for utterance in transcript.utterances:
        assert utterance.text == utterance.text.strip() != ""
        _assert_fragments(transcript.source, utterance)
        if utterance.end_ms is not None:
            assert utterance.start_ms is not None
            assert utterance.end_ms >= utterance.start_ms
            assert utterance.end_ms > utterance.start_ms or not utterance.end_estimated


def _assert_fragments(source: str, utterance: Utterance) -> None:
    assert _gapless(utterance.fragments, len(utterance.text))
    for fragment in utterance.fragments:
        assert 0 <= fragment.source.start <= fragment.source.end <= len(source)
        if fragment.verbatim:
            assert source[fragment.source.start : fragment.source.end] == utterance.text[fragment.start : fragment.end]
    spans = utterance.source_spans(0, len(utterance.text))
    assert all(span.start < span.end for span in spans)


def _gapless(fragments: tuple[Fragment, ...], length: int) -> bool:
    edges = [0, *(fragment.end for fragment in fragments)]
    return [fragment.start for fragment in fragments] == edges[:-1] and edges[-1] == length
