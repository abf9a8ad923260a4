"""Exports as programs write them, each with the habit that was once misread."""

from __future__ import annotations

import pytest

from scoring.domain.transcript import parse_transcript

READ = {
    "Whisper's own table is in milliseconds": (
        "start\tend\ttext\n0\t2500\tWhat brings you in?\n2500\t4000\tMy chest hurts.\n",
        [(0, 2500, "What brings you in?"), (2500, 4000, "My chest hurts.")],
    ),
    "the same columns in seconds stay seconds": (
        "start\tend\ttext\n0.0\t2.5\tWhat brings you in?\n",
        [(0, 2500, "What brings you in?")],
    ),
    "a time of day in lower case within brackets": (
        "[10:05 am] Student: Any pain?\n[10:06 pm] Patient: Yes.\n",
        [(36_300_000, 79_560_000, "Any pain?"), (79_560_000, 79_561_000, "Yes.")],
    ),
    "speech that begins with a time and “am”": (
        "Patient: Help.\n00:05 am I going to die?\n",
        [(None, None, "Help.\n00:05 am I going to die?")],
    ),
    "a caption with an arrow in what is said": (
        "WEBVTT\n\n00:01.000 --> 00:02.500\nStudent: From good --> to bad?\n",
        [(1000, 2500, "From good --> to bad?")],
    ),
}


@pytest.mark.parametrize(("content", "expected"), READ.values(), ids=READ)
def test_an_export_is_read_as_its_program_meant_it(
    content: str, expected: list[tuple[int | None, int | None, str]]
) -> None:
    transcript = parse_transcript(content)
    assert [(u.start_ms, u.end_ms, u.text) for u in transcript.utterances] == expected
