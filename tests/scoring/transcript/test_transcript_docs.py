"""docs/transcripts.md: its examples are parsed, and its tables name what the code has."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from scoring.domain.transcript import TRANSCRIPT_FORMATS, parse_transcript
from scoring.domain.transcript.labels import LabelKind, read_label
from scoring.domain.transcript.warnings import WARNING_CODES
from tests.scoring.transcript.reading import assert_sound
from tests.tables import DOCS, read_table

PAGE = (DOCS / "transcripts.md").read_text(encoding="utf-8")
_EXAMPLE = re.compile(r"^```(\w+)\n(.*?)^```\n\|[^\n]*\n\|[-|]+\n((?:\|[^\n]*\n)+)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Row:
    turn: str
    speaker: str
    start: str
    end: str
    words: str


def examples() -> list[tuple[str, str, list[Row]]]:
    found = []
    for name, content, table in _EXAMPLE.findall(PAGE):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
        found.append((name, content, [Row(*row) for row in rows]))
    return found


EXAMPLES = examples()


@pytest.mark.parametrize(("name", "content", "expected"), EXAMPLES, ids=[name for name, _, _ in EXAMPLES])
def test_each_example_reads_as_its_table_says(name: str, content: str, expected: list[Row]) -> None:
    transcript = parse_transcript(content)
    assert_sound(transcript)
    assert transcript.format == name
    assert [
        Row(str(u.turn), u.speaker.value, _cell(u.start_ms), _cell(u.end_ms), " ".join(u.text.split()))
        for u in transcript.utterances
    ] == expected


def _cell(ms: int | None) -> str:
    return "" if ms is None else str(ms)


def test_every_format_has_an_example_except_the_twin_of_csv() -> None:
    assert {name for name, _, _ in EXAMPLES} == set(TRANSCRIPT_FORMATS) - {"tsv"}


def test_every_format_is_named_on_the_page() -> None:
    assert all(f"`{name}`" in PAGE for name in TRANSCRIPT_FORMATS)


def test_every_warning_is_documented_and_no_other() -> None:
    assert [row["code"] for row in read_table("transcripts.md", "Warnings")] == list(WARNING_CODES)


@pytest.mark.parametrize("row", read_table("transcripts.md", "Who is who")[:3], ids=lambda row: row["read as"])
def test_the_labels_of_the_page_are_read_as_it_says(row: dict[str, str]) -> None:
    words = row["labels (in any case, with or without a number or a name after them)"].split(";")[0].split(", ")
    for word in words:
        for label in (word, word.upper(), word.lower()):
            reading = read_label(label)
            assert reading.speaker.value == row["read as"], label
            assert reading.kind in (LabelKind.ROLE, LabelKind.LETTER), label
