"""A file that is far beyond any interview is refused at once, whatever its format, and what is within is read."""

from __future__ import annotations

import pytest

from rubrics.domain.errors import TooLarge
from scoring.domain.transcript import MAX_LINES, MAX_UTTERANCES, parse_transcript
from scoring.domain.transcript.limits import MAX_MARKUP


def cues(count: int) -> str:
    return "".join(f"\n00:{i % 60:02}.000 --> 00:{i % 60:02}.500\n<v {'SP'[i % 2]}>a</v>\n" for i in range(count))


TURNS = {
    "plain text": lambda n: "S: a\nP: b\n" * (n // 2),
    "a case presentation": lambda n: "He is ill. " * n,
    "a labelled case presentation": lambda n: "Student: " + "He is ill. " * n,
    "WebVTT": lambda n: f"WEBVTT\n{cues(n)}",
    "a table": lambda n: "speaker,text\n" + "S,a\n" * n,
    "Whisper": lambda n: (
        '{"segments": [' + ", ".join(f'{{"text": "a", "speaker": "{"SP"[i % 2]}"}}' for i in range(n)) + "]}"
    ),
}
LINES = {
    "lines of one turn": lambda n: "S: a\n" + "b\n" * (n - 1),
    "lines of titles": lambda n: "S: a\n" + "---\n" * (n - 1),
    "rows without speech": lambda n: "speaker,text\nS,a\n" + "S,\n" * (n - 2),
    "lines of captions": lambda n: "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "a\n" * (n - 2),
    "empty segments": lambda n: '{"segments": [{"text": "a"}' + ', {"text": ""}' * (n - 1) + "]}",
}


@pytest.mark.parametrize("made", TURNS.values(), ids=TURNS)
def test_as_many_turns_as_are_graded_are_read_and_one_more_pair_is_refused(made) -> None:
    assert len(parse_transcript(made(MAX_UTTERANCES)).utterances) == MAX_UTTERANCES
    with pytest.raises(TooLarge, match=r"more than 5,000 turns.*one interview or case presentation per file"):
        parse_transcript(made(MAX_UTTERANCES + 2))


@pytest.mark.parametrize("made", LINES.values(), ids=LINES)
def test_as_many_lines_as_are_read_are_read_and_more_are_refused(made) -> None:
    assert parse_transcript(made(MAX_LINES)).utterances
    with pytest.raises(TooLarge, match="more than 40,000 lines"):
        parse_transcript(made(MAX_LINES + 1))


def test_blank_lines_are_not_counted() -> None:
    transcript = parse_transcript("S: a\n" + "\n\u200b\n \r\n" * 100_000 + "P: b")
    assert [utterance.text for utterance in transcript.utterances] == ["a", "b"]


def test_captions_full_of_tags_are_refused() -> None:
    cue = "WEBVTT\n\n00:01.000 --> 00:02.000\n"
    assert parse_transcript(cue + "<i>a" * MAX_MARKUP).utterances
    with pytest.raises(TooLarge, match="40,000 tags"):
        parse_transcript(cue + "<i>a" * (MAX_MARKUP + 1))
