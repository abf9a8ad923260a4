"""What holds for any input whatever: no crash, sound offsets, stable re-serialisation, linear time."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from rubrics.domain.errors import Refusal
from scoring.domain.transcript import (
    MAX_TRANSCRIPT_BYTES,
    MAX_UTTERANCES,
    TRANSCRIPT_FORMATS,
    decode_transcript,
    parse_transcript,
    serialise_text,
)
from scoring.domain.transcript.blanks import BLANKS
from scoring.domain.transcript.model import Transcript
from scoring.domain.transcript.parts import UtterancePart, utterances_from_parts
from tests.scoring.transcript.reading import assert_sound

LABELS = st.sampled_from(
    ["Student", "Patient", "Dr Lee", "D", "P", "S", "O", "A", "Speaker 1", "spk_0", "Priya", "Mrs Lee", "Nurse", "Mother",
     "Examiner (x)", "Pain", "Unknown", "??", "priya", "Q"]
)  # fmt: skip
CLOCKS = st.sampled_from(
    ["00:05", "[00:07]", "(1:02:03.5)", "00:05 - 00:08", "[00:09 --> 00:08]", "9:05 AM", "[--:--]", "75:00", "00:60"]
)
MARKS = st.sampled_from(
    [": ", ":", " - ", "\t", "\n", "\r\n", "\r", "\n\n", " ", ",", ";", '"', '""', "<v Student>", "<v >", "</v>", "<i>", "&amp;", "&#0;",
     " --> ", "WEBVTT\n\n", "NOTE x\n\n", "1\n", "{", "}", "[", "]", "\\n", "\\u0041", "\\ud800", "speaker,text\n", "text\tstart\n",
     '{"segments": [', '{"text": "', '"results"', "----", "**", "- ", "1. ", "\u2028", "\x0b", "\x85", "\u00a0", "\u200b", "\ufeff", "|", "?", ".", "："]
)  # fmt: skip
WORDS = st.sampled_from(
    [
        "Any fever?",
        "no",
        "Pain: bad",
        "He is 54.",
        "12:30 was when",
        "Dr. Lee",
        "I'm a student",
        "…",
        "é",
        "😀",
        "BP < 120",
    ]
)
PIECES = st.one_of(LABELS, CLOCKS, MARKS, WORDS, st.text(max_size=4))
CONTENT = st.lists(PIECES, max_size=60).map("".join)
LINES = st.lists(
    st.tuples(st.one_of(st.just(""), CLOCKS), LABELS, st.sampled_from([": ", " - ", "\t", "\n"]), WORDS).map(
        lambda parts: f"{parts[0]} {parts[1]}{parts[2]}{parts[3]}"
    ),
    min_size=1,
    max_size=12,
).map("\n".join)
INPUTS = st.one_of(CONTENT, LINES, st.text(max_size=200))


def parsed(content: str, name: str | None = None) -> Transcript | None:
    try:
        return parse_transcript(content, format=name)
    except Refusal:
        return None


@settings(max_examples=400, deadline=None)
@given(content=INPUTS, name=st.sampled_from([None, *TRANSCRIPT_FORMATS]))
def test_no_input_crashes_and_every_offset_points_at_its_words(content: str, name: str | None) -> None:
    transcript = parsed(content, name)
    if transcript is not None:
        assert transcript.source == content.removeprefix("\ufeff")
        assert transcript.utterances
        assert_sound(transcript)


@settings(max_examples=200, deadline=None)
@given(payloads=st.lists(CONTENT, min_size=1, max_size=5), line_break=st.sampled_from(["\n", "\r\n"]))
def test_no_cue_crashes(payloads: list[str], line_break: str) -> None:
    cues = [f"00:{i:02}.000 --> 00:{i + 1:02}.000\n{payload}" for i, payload in enumerate(payloads)]
    transcript = parsed("WEBVTT\n\n" + "\n\n".join(cues).replace("\n", line_break))
    if transcript is not None:
        assert_sound(transcript)


@settings(max_examples=200, deadline=None)
@given(texts=st.lists(st.tuples(CONTENT, LABELS, st.floats(0, 1e5)), min_size=1, max_size=5), ascii_only=st.booleans())
def test_no_json_string_crashes(texts: list[tuple[str, str, float]], ascii_only: bool) -> None:
    segments = [{"text": text, "speaker": label, "start": start, "end": start + 1} for text, label, start in texts]
    transcript = parsed(json.dumps({"segments": segments}, ensure_ascii=ascii_only))
    if transcript is not None:
        assert_sound(transcript)


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.tuples(LABELS, CONTENT, CLOCKS), min_size=1, max_size=5), delimiter=st.sampled_from(",;\t"))
def test_no_cell_crashes_and_a_quoted_cell_reads_back(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    lines = [delimiter.join(("speaker", "text", "start"))]
    lines += [
        delimiter.join((label, '"' + text.replace('"', '""') + '"', clock.strip("[]"))) for label, text, clock in rows
    ]
    transcript = parsed("\n".join(lines))
    if transcript is not None:
        assert_sound(transcript)
        assert [u.text for u in transcript.utterances] == [
            text.strip(BLANKS) for _, text, _ in rows if text.strip(BLANKS)
        ]


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=300))
def test_no_bytes_crash(content: bytes) -> None:
    try:
        decoded = decode_transcript(content)
    except Refusal:
        return
    parsed(decoded.text)


@settings(max_examples=400, deadline=None)
@given(content=INPUTS)
@example(content="S: a\nO: b\nA: c\nP: d")
@example(content="Student: [00:05] [00:06] x\nPatient: (y)")
def test_what_is_written_as_text_reads_back_the_same(content: str) -> None:
    """Without control characters, for a shorter text of as many could be taken for a binary file."""
    assume(not any(char < " " and char not in "\t\n\r\x0b" for char in content))
    transcript = parsed(content)
    if transcript is None:
        return
    text = serialise_text(transcript)
    again = parse_transcript(text, format="text")
    assert [(u.speaker, u.text, u.start_ms, u.end_ms, u.end_estimated) for u in again.utterances] == [
        (u.speaker, " ".join(u.text.split()), u.start_ms, u.end_ms, u.end_estimated) for u in transcript.utterances
    ]
    assert serialise_text(again) == text


@settings(max_examples=100, deadline=None)
@given(
    parts=st.lists(
        st.builds(UtterancePart, st.text(max_size=8), st.text(max_size=20), st.none() | st.floats() | CLOCKS)
    )
)
def test_no_list_of_utterances_crashes_and_none_is_lost(parts: list[UtterancePart]) -> None:
    try:
        utterances = utterances_from_parts(parts)
    except Refusal:
        return
    assert [u.text for u in utterances] == [part.text for part in parts]


@settings(max_examples=50, deadline=None)
@given(content=LINES)
def test_the_same_text_gives_the_same_transcript(content: str) -> None:
    assert parsed(content) == parsed(content)


HOSTILE = {
    "one line": "a b. C d ",
    "one word": "a",
    "short lines": "D: hi\nP: yo\n",
    "exclamation marks": "!",
    "opening brackets": "[",
    "blanks": " ",
    "line breaks": "\n",
    "open tags": "<v ",
    "ampersands": "&a",
    "quotes": '"',
    "commas": ",",
    "escapes": "\\a",
    "times": "00:05\n",
    "bullets": "- ",
    "labels": "Dr (",
}
OPENINGS = {
    "plain": "Student: ",
    "vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n",
    "csv": "speaker,text\nD,",
    "json": '{"segments": [{"text": "',
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS.keys())
def test_work_grows_with_length_only(opening: str, unit: str) -> None:
    """Eight times the text may cost at most twelve times the calls; a square would cost sixty-four times.

    Calls are counted, not seconds: the count is the same on a busy machine.
    """
    short, long = 2_048, 16_384
    cheap = _calls(opening + unit * (short // len(unit)))
    dear = _calls(opening + unit * (long // len(unit)))
    assert dear <= max(cheap, 200) * 12


def _calls(content: str) -> int:
    parsed(content)
    counted = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        parsed(content)
    finally:
        sys.setprofile(None)
    return counted


def test_an_interview_of_the_largest_size_is_read() -> None:
    asked = "When did the pain in your chest start, and what were you doing at that moment? " * 3
    lines = [f"[{i // 60:02}:{i % 60:02}] {('Student', 'Patient')[i % 2]}: {asked}\n" for i in range(MAX_UTTERANCES)]
    transcript = parsed("".join(lines)[:MAX_TRANSCRIPT_BYTES])
    assert transcript is not None
    assert len(transcript.utterances) > MAX_UTTERANCES * 0.8


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS.keys())
def test_hostile_text_ends(opening: str, unit: str) -> None:
    """A quadratic step that no call counts, inside a pattern say, would take minutes even at a quarter of the limit."""
    size = MAX_TRANSCRIPT_BYTES // 4
    parsed((opening + unit * (size // len(unit)))[:size])
