"""CSV and TSV: headers, quotes, times, and the places of cells."""

from __future__ import annotations

import pytest

from rubrics.domain.errors import Malformed
from scoring.domain.transcript import parse_transcript
from tests.scoring.transcript.reading import codes, quoted, spoken, times

EXPECTED = [("s", "Any fever, or chills?"), ("p", 'A "little".')]
TABLES = {
    "commas": 'speaker,text,start,end\nStudent,"Any fever, or chills?",5,8\nPatient,"A ""little"".",8,9.5\n',
    "semicolons": 'speaker;text;start;end\nStudent;Any fever, or chills?;5;8\nPatient;"A ""little"".";8;9,5\n',
    "tabs": 'speaker\ttext\tstart\tend\nStudent\tAny fever, or chills?\t5\t8\nPatient\tA "little".\t8\t9.5\n',
    "other names": 'Start Time,Name,Utterance,End Time\n00:05,Dr Lee,"Any fever, or chills?",00:08\n00:08,SP,"A ""little"".",00:09.5\n',
    "a role beside a name": 'name,role,content,timestamp\nAna,student,"Any fever, or chills?",00:05 - 00:08\nBea,patient,"A ""little"".",[00:08-00:09.5]\n',
    "milliseconds": 'start (ms),end (ms),speaker,text\n5000,8000,D,"Any fever, or chills?"\n8000,9500,P,"A ""little""."\n',
    "seconds with a unit": 'start_time (s),end_time (s),speaker,text\n5,8,D,"Any fever, or chills?"\n8,9.5,P,"A ""little""."\n',
    "Windows line ends": 'speaker,text,start,end\r\nStudent,"Any fever, or chills?",5,8\r\nPatient,"A ""little"".",8,9.5\r\n',
    "a hint for Excel": 'sep=,\nspeaker,text,start,end\nStudent,"Any fever, or chills?",5,8\nPatient,"A ""little"".",8,9.5\n',
    "quoted headers": '"Speaker","Text","Start","End"\n"Student","Any fever, or chills?","5","8"\n"Patient","A ""little"".","8","9.5"\n',
    "labels in the text": 'start,end,text\n5,8,"Student: Any fever, or chills?"\n8,9.5,"Patient: A ""little""."\n',
}  # fmt: skip


@pytest.mark.parametrize("content", TABLES.values(), ids=TABLES.keys())
def test_a_table_reads_the_same_in_every_usual_shape(content: str) -> None:
    assert parse_transcript(content).format == ("tsv" if "\t" in content else "csv")
    assert spoken(content) == EXPECTED
    assert times(content) == [(5000, 8000), (8000, 9500)]
    assert codes(content) == []


def test_a_doubled_quote_is_quoted_as_it_stands_in_the_file() -> None:
    transcript = parse_transcript(TABLES["commas"])
    assert quoted(transcript, transcript.utterances[1]) == ['A ""little"".']


def test_rows_are_never_merged() -> None:
    assert spoken("speaker,text\nD,Any\nD,fever?\n") == [("s", "Any"), ("s", "fever?")]


def test_a_cell_may_hold_line_breaks() -> None:
    assert spoken('speaker,text\nD,"Any\nfever?"\nP,No.\n') == [("s", "Any\nfever?"), ("p", "No.")]


def test_a_quote_that_never_closes_costs_only_its_own_cell() -> None:
    assert spoken('speaker,text\nD,"Any fever?\nP,No.\n') == [("s", '"Any fever?'), ("p", "No.")]
    assert spoken('speaker,text\nD,"Any" fever?\nP,No.\n') == [("s", '"Any" fever?'), ("p", "No.")]


def test_rows_without_speech_and_times_that_are_none_are_reported_with_their_line() -> None:
    transcript = parse_transcript("speaker,text,start\nD,Any fever?,soon\nP,,7\nP\nP,No.,9\n")
    assert [(d.line, d.text, d.reason) for d in transcript.dropped] == [
        (2, "soon", "an unreadable time"),
        (3, "P,,7", "a row without speech"),
        (4, "P", "a row without speech"),
    ]


def test_a_row_without_a_speaker_goes_on_from_the_one_before_and_is_told() -> None:
    content = "speaker,text\nD,Any\n,fever?\nP,No.\n"
    assert spoken(content) == [("s", "Any"), ("s", "fever?"), ("p", "No.")]
    assert codes(content) == ["speaker_assumed"]


def test_a_table_without_a_speaker_column_is_a_monologue() -> None:
    assert spoken("time,text\n1,A man of 54\n4,with chest pain\n") == [("s", "A man of 54"), ("s", "with chest pain")]


@pytest.mark.parametrize("name", ["csv", "tsv"])
def test_a_table_without_a_header_is_refused(name: str) -> None:
    with pytest.raises(Malformed, match="no header row with a column named text"):
        parse_transcript("Student,Any fever?\nPatient,No.\n", format=name)


def test_speech_with_commas_is_no_table() -> None:
    assert parse_transcript("Student: Any text, or a speaker, at the start?\nPatient: No.").format == "text"
