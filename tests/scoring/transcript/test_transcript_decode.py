"""Bytes to text: every encoding of the contract, and what is refused."""

from __future__ import annotations

import codecs
import io
import zipfile

import pytest

from rubrics.domain.errors import Malformed, Refusal, TooLarge, UnsupportedFormat
from scoring.domain.transcript import MAX_TRANSCRIPT_BYTES, decode_transcript

TEXT = "[00:05] Student: Où est la douleur – “ici”?\r\nPatient: Oui.\r\n"
LATIN = "Student: Any fi\u00e8vre – “hot”?\r\nPatient: No.\r\n"

ENCODINGS = {
    "UTF-8": (TEXT.encode(), "utf-8", False),
    "UTF-8 with a BOM": (codecs.BOM_UTF8 + TEXT.encode(), "utf-8", False),
    "UTF-16 little-endian with a BOM": (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le", False),
    "UTF-16 big-endian with a BOM": (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be", False),
    "UTF-32 with a BOM": (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32-le", False),
    "UTF-16 little-endian without a BOM": (TEXT.encode("utf-16-le"), "utf-16-le", True),
    "UTF-16 big-endian without a BOM": (TEXT.encode("utf-16-be"), "utf-16-be", True),
}


@pytest.mark.parametrize(("content", "encoding", "guessed"), ENCODINGS.values(), ids=ENCODINGS.keys())
def test_the_text_is_the_same_in_every_encoding(content: bytes, encoding: str, guessed: bool) -> None:
    decoded = decode_transcript(content)
    assert decoded.text == TEXT
    assert decoded.encoding == encoding
    assert [w.code for w in decoded.warnings] == (["encoding_guessed"] if guessed else [])


def test_what_is_not_utf_8_is_read_as_windows_text_and_says_so() -> None:
    decoded = decode_transcript(LATIN.encode("cp1252"))
    assert decoded.text == LATIN
    assert [w.code for w in decoded.warnings] == ["encoding_guessed"]


def _archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "Student: Hello.")
    return buffer.getvalue()


REFUSED: dict[str, tuple[bytes, type[Refusal], str]] = {
    "no bytes": (b"", Malformed, "empty"),
    "blanks": (b" \r\n\t ", Malformed, "empty"),
    "only NULs": (b"\x00" * 40, Malformed, "empty"),
    "only a BOM": (codecs.BOM_UTF8, Malformed, "empty"),
    "a Word document": (_archive(), UnsupportedFormat, "a Word document"),
    "a PDF": (b"%PDF-1.7\n1 0 obj", UnsupportedFormat, "a PDF"),
    "an RTF document": (rb"{\rtf1\ansi Student: Hello.}", UnsupportedFormat, "RTF"),
    "an image": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", UnsupportedFormat, "binary"),
    "bytes that no encoding has": (b"Student: \x81\x8d\x8f", UnsupportedFormat, "binary"),
    "a broken UTF-16 file": (codecs.BOM_UTF16_LE + b"a", Malformed, "says it is UTF-16-LE but is not"),
    "one byte over the limit": (b"a" * (MAX_TRANSCRIPT_BYTES + 1), TooLarge, "1024 KiB"),
}


@pytest.mark.parametrize(("content", "kind", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_text_is_refused_with_a_sentence(content: bytes, kind: type[Refusal], sentence: str) -> None:
    with pytest.raises(kind, match=sentence) as refused:
        decode_transcript(content)
    assert type(refused.value) is kind


def test_a_file_of_exactly_the_limit_is_decoded() -> None:
    assert len(decode_transcript(b"a" * MAX_TRANSCRIPT_BYTES).text) == MAX_TRANSCRIPT_BYTES
