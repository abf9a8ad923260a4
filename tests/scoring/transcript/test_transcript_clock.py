"""Times as written, into milliseconds."""

from __future__ import annotations

import doctest

import pytest

from scoring.domain.transcript import clock, labels, sentences
from scoring.domain.transcript.clock import clock_to_ms, format_clock, read_times

READ = {
    "minutes and seconds": ("01:05", (65_000, None)),
    "hours": ("1:01:05", (3_665_000, None)),
    "more than sixty minutes": ("75:30", (4_530_000, None)),
    "a fraction is cut": ("00:05.1239", (5_123, None)),
    "a comma": ("00:05,5", (5_500, None)),
    "single digits of Teams": ("0:0:5.12 --> 0:0:8.2", (5_120, 8_200)),
    "a range": ("00:05 - 00:08", (5_000, 8_000)),
    "a range of en dashes": ("00:05–00:08", (5_000, 8_000)),
    "a range with to": ("[00:05 to 00:08]", (5_000, 8_000)),
    "brackets": ("[00:05.250]", (5_250, None)),
    "morning": ("9:30 AM", (34_200_000, None)),
    "midnight": ("12:00 AM", (0, None)),
    "noon": ("12:00:01 p.m.", (43_201_000, None)),
    "afternoon": ("1:05pm", (47_100_000, None)),
    "frames": ("00:00:05:12", (5_000, None)),
}


@pytest.mark.parametrize(("text", "expected"), READ.values(), ids=READ.keys())
def test_a_time_is_read_to_its_end(text: str, expected: tuple[int, int | None]) -> None:
    reading = read_times(text, 0)
    assert reading is not None
    assert (reading.times.start_ms, reading.times.end_ms) == expected
    assert reading.stop == len(text)


@pytest.mark.parametrize(
    "text",
    ["12/80", "1:2", "00:60", "1:60:00", "00:5", "12:345", "five", "[inaudible]", "[00:05", "13:00 PM", "", ":05"],
)
def test_what_is_no_time_is_left_alone(text: str) -> None:
    assert read_times(text, 0) is None


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("62.3", 62_300),
        ("0", 0),
        ("5 s", 5_000),
        ("[00:05]", 5_000),
        ("1:02:03.5", 3_723_500),
        ("-5", None),
        ("", None),
    ],
)
def test_a_cell_is_seconds_or_a_clock_time(text: str, ms: int | None) -> None:
    assert clock_to_ms(text) == ms


@pytest.mark.parametrize("ms", [0, 1, 59_999, 3_599_999, 3_600_000, 99 * 3_600_000 + 1])
def test_a_written_time_reads_back(ms: int) -> None:
    assert clock_to_ms(format_clock(ms)) == ms


@pytest.mark.parametrize("module", [clock, labels, sentences], ids=lambda module: module.__name__.rsplit(".", 1)[1])
def test_examples_in_docstrings_hold(module: object) -> None:
    results = doctest.testmod(module)  # type: ignore[arg-type]
    assert results.attempted > 0
    assert results.failed == 0
