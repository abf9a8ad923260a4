"""Utterances given as a list: never merged, numbered as given."""

from __future__ import annotations

import pytest

from rubrics.domain.errors import Malformed
from scoring.domain.transcript.model import SourceSpan, Speaker
from scoring.domain.transcript.parts import UtterancePart, utterances_from_parts


def test_utterances_of_one_speaker_are_not_merged_and_empty_ones_keep_their_turn() -> None:
    parts = [UtterancePart("student", "Any"), UtterancePart("student", ""), UtterancePart("student", "fever?")]
    assert [(u.turn, u.text) for u in utterances_from_parts(parts)] == [(1, "Any"), (2, ""), (3, "fever?")]


@pytest.mark.parametrize(
    ("given", "speaker"),
    [
        ("STUDENT", Speaker.STUDENT),
        ("Patient", Speaker.PATIENT),
        ("examiner", Speaker.EXAMINER),
        ("unknown", Speaker.UNKNOWN),
        ("Doctor", Speaker.STUDENT),
        ("somebody", Speaker.UNKNOWN),
        ("", Speaker.UNKNOWN),
    ],
)
def test_a_speaker_is_read_in_any_case(given: str, speaker: Speaker) -> None:
    assert utterances_from_parts([UtterancePart(given, "Hi.")])[0].speaker is speaker


TIMES: dict[str, tuple[str | float | None, str | float | None, tuple[int | None, int | None, bool]]] = {
    "seconds": (5, 7.25, (5000, 7250, False)),
    "a float as it is written": (62.3, 1e2, (62_300, 100_000, False)),
    "a clock time": ("01:05", "00:01:06.5", (65_000, 66_500, False)),
    "seconds in a string": ("5", "7", (5000, 7000, False)),
    "no end": (5, None, (5000, 6000, True)),
    "an empty string": ("", "", (None, None, False)),
    "no times": (None, None, (None, None, False)),
    "zero": (0, 0, (0, 0, False)),
}


@pytest.mark.parametrize(("start", "end", "expected"), TIMES.values(), ids=TIMES.keys())
def test_times_are_seconds_or_clock_times(
    start: str | float | None, end: str | float | None, expected: tuple[int | None, int | None, bool]
) -> None:
    utterance = utterances_from_parts([UtterancePart("student", "Hi.", start, end)])[0]
    assert (utterance.start_ms, utterance.end_ms, utterance.end_estimated) == expected


@pytest.mark.parametrize("start", [-1, 1_000_001, float("nan"), float("inf"), "soon", "1:99", True])
def test_a_time_that_is_none_is_refused_by_name(start: str | float) -> None:
    with pytest.raises(Malformed) as refused:
        utterances_from_parts([UtterancePart("student", "a"), UtterancePart("student", "b", start)])
    assert [problem.field for problem in refused.value.fields] == ["utterances.1.timestamp_start"]


def test_an_end_before_its_start_is_refused_by_name() -> None:
    with pytest.raises(Malformed) as refused:
        utterances_from_parts([UtterancePart("student", "a", 5, 4)])
    assert [problem.field for problem in refused.value.fields] == ["utterances.0.timestamp_end"]


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800"])
def test_text_that_can_not_be_stored_is_refused_by_name(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        utterances_from_parts([UtterancePart("student", text)])
    assert [problem.field for problem in refused.value.fields] == ["utterances.0.text"]


def test_a_quotation_is_checked_against_the_utterances_own_text() -> None:
    utterance = utterances_from_parts([UtterancePart("student", "Any fever?")])[0]
    assert utterance.source_spans(4, 9) == (SourceSpan(4, 9),)
