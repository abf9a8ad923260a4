"""What is taken out of an upload, and what is left out with a reason."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.uploads import files
from feedback.domain.uploads.files import read_upload
from rubrics.domain.errors import Malformed, Refusal, TooLarge, UnsupportedFormat

TALK = "Student: Hello, what brings you in?\nPatient: My ankle.\n"


def archive(members: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return buffer.getvalue()


def encrypted(content: bytes) -> bytes:
    """The flag of encryption set in every header, which is all that a reader goes by."""
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(signature)
        while place >= 0:
            flags = struct.unpack_from("<H", content, place + offset)[0] | 1
            content = content[: place + offset] + struct.pack("<H", flags) + content[place + offset + 2 :]
            place = content.find(signature, place + 4)
    return content


def test_one_file_is_one_transcript() -> None:
    upload = read_upload(TALK.encode(), "S-1.txt")
    assert [(text.name, text.text) for text in upload.texts] == [("S-1.txt", TALK)]


def test_a_zip_gives_a_transcript_a_file_under_its_bare_name() -> None:
    upload = read_upload(archive({"class/a/S-1.txt": TALK, "class/S-2.vtt": "WEBVTT\n\n" + TALK}), "class.zip")
    assert [text.name for text in upload.texts] == ["S-1.txt", "S-2.vtt"]


def test_a_written_summary_joins_its_transcript() -> None:
    upload = read_upload(
        archive({"S-1.txt": TALK, "S-1.summary.txt": "An ankle.", "S-2_summary.txt": "Alone."}), "a.zip"
    )
    assert [(text.name, text.summary) for text in upload.texts] == [("S-1.txt", "An ankle."), ("S-2_summary.txt", None)]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        pytest.param("../../etc/passwd.txt", TALK, "unsafe_path", id="a path that climbs out"),
        pytest.param("/etc/passwd.txt", TALK, "unsafe_path", id="an absolute path"),
        pytest.param("..\\evil.txt", TALK, "unsafe_path", id="a path of Windows that climbs out"),
        pytest.param("C:\\evil.txt", TALK, "unsafe_path", id="a drive"),
        pytest.param("inner.zip", archive({"a.txt": TALK}), "nested_archive", id="a ZIP in the ZIP"),
        pytest.param("S-2.docx", b"PK\x03\x04", "unsupported_format", id="a Word document"),
        pytest.param("S-2.txt", b"%PDF-1.7", "unsupported_format", id="a PDF that calls itself text"),
        pytest.param("__MACOSX/._S-1.txt", "x", "system_file", id="what a Mac adds"),
        pytest.param(".DS_Store", "x", "system_file", id="a hidden file"),
        pytest.param("S-2.txt", "  \n", "malformed", id="an empty file"),
        pytest.param("S-2.txt", "a" * (1024 * 1024 + 1), "too_large", id="a file over the limit"),
    ],
)
def test_what_is_no_transcript_is_left_out_with_a_reason(name: str, content: bytes | str, code: str) -> None:
    upload = read_upload(archive({"S-1.txt": TALK, name: content}), "class.zip")
    assert [text.name for text in upload.texts] == ["S-1.txt"]
    assert [entry.code for entry in upload.left_out] == [code]
    assert upload.left_out[0].reason.endswith(".")


def test_a_locked_zip_and_a_damaged_one_are_refused() -> None:
    with pytest.raises(UnsupportedFormat, match="password"):
        read_upload(encrypted(archive({"S-1.txt": TALK})), "class.zip")
    with pytest.raises(Malformed, match="damaged"):
        read_upload(archive({"S-1.txt": TALK})[:40], "class.zip")


def test_a_zip_of_nothing_we_read_is_refused_with_the_first_reason() -> None:
    with pytest.raises(Malformed, match="Not a transcript that can be read") as refusal:
        read_upload(archive({"a.docx": b"x"}), "class.zip")
    assert refusal.value.code == "no_transcripts"


def test_a_zip_that_unpacks_into_too_much_is_refused_by_what_it_unpacks_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_UNPACKED_BYTES", 100_000)
    with pytest.raises(TooLarge, match="unpacks"):
        read_upload(archive({f"S-{n}.txt": "Student: a " * 5_000 for n in range(3)}), "bomb.zip")


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_MEMBERS", 3)
    with pytest.raises(TooLarge, match="3"):
        read_upload(archive({f"S-{n}.txt": TALK for n in range(4)}), "class.zip")


def test_a_csv_of_a_class_gives_a_transcript_a_row_and_says_which_rows_have_none() -> None:
    table = 'Student_ID,Transcript,Summary\nS-1,"Student: Hi.\nPatient: Hi.",An ankle.\nS-2,,\n'
    upload = read_upload(table.encode(), "class.csv")
    assert [(t.name, t.student, t.summary) for t in upload.texts] == [("row 2", "S-1", "An ankle.")]
    assert upload.texts[0].text == "Student: Hi.\nPatient: Hi."
    assert [(entry.name, entry.code) for entry in upload.left_out] == [("row 3", "empty")]


def test_the_table_of_one_interview_is_no_class() -> None:
    table = "speaker,text\nStudent,Hello there\nPatient,Hi\n"
    assert read_upload(table.encode(), "S-1.csv").texts[0].text == table


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    for name in ("a.zip", "a.csv", "a.txt"):
        with contextlib.suppress(Refusal):
            assert read_upload(b"PK\x03\x04" + content, name).texts
