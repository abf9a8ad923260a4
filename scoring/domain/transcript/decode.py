"""Bytes of an uploaded file to text.

The order matters: a BOM is a statement, a NUL pattern is evidence, valid UTF-8 is next to proof, and cp1252 is the
one guess, because it is what Windows software writes and any byte string almost passes for it.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from rubrics.domain.errors import Malformed, TooLarge, UnsupportedFormat
from scoring.domain.transcript.blanks import BLANKS
from scoring.domain.transcript.limits import MAX_TRANSCRIPT_BYTES
from scoring.domain.transcript.model import TranscriptWarning

_BOMS = (
    # UTF-32 little-endian begins like UTF-16 little-endian, so it is asked first.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMED_BINARIES = (
    (b"PK\x03\x04", "a Word document or ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"ID3", "an audio file"),
    (b"RIFF", "an audio file"),
    (b"OggS", "an audio file"),
    (b"fLaC", "an audio file"),
)
_BINARY_CONTROLS = "".join(char for char in map(chr, range(ord(" "))) if char not in "\t\n\r\f\v\x1a\x1c\x1d\x1e\x1f")
_NUL_SHARE_OF_UTF16 = 0.3
_SHARE_OF_BINARY_CONTROLS = 0.02
_SAVE_AS_TEXT = "Save the transcript as plain text, VTT, SRT, CSV or JSON and upload that."


@dataclass(frozen=True, slots=True)
class DecodedText:
    """Text of a file without its BOM, newlines as they were.

    warnings: for the report of the upload only. They are no part of a grading, which knows the text alone: the same
    text pasted or uploaded in another encoding must give the same digest.
    """

    text: str
    encoding: str
    warnings: tuple[TranscriptWarning, ...] = ()


def decode_transcript(content: bytes) -> DecodedText:
    """Decode an uploaded file: UTF-8, UTF-16 or UTF-32 with a BOM, UTF-8, UTF-16 without a BOM, else cp1252.

    Raises TooLarge over `MAX_TRANSCRIPT_BYTES`, Malformed when empty or broken, UnsupportedFormat for binary files.
    """
    if len(content) > MAX_TRANSCRIPT_BYTES:
        raise too_large()
    if not content.strip(b"\x00 \t\r\n"):
        raise empty()
    _refuse_named_binary(content)
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return DecodedText(check_text(_decode_strictly(content[len(bom) :], encoding)), encoding)
    return _decode_without_bom(content)


def check_text(text: str) -> str:
    """The text without a leading BOM, or a refusal: empty, over the limit, binary, or not encodable.

    A lone surrogate can reach us through a JSON body ("\\ud800") and could be neither stored nor hashed.
    """
    text = text.removeprefix("\ufeff")
    if not text.strip(BLANKS):
        raise empty()
    if len(text) > MAX_TRANSCRIPT_BYTES:
        raise too_large()
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        raise Malformed("The transcript contains broken characters. Save it again as UTF-8 text.") from None
    if size > MAX_TRANSCRIPT_BYTES:
        raise too_large()
    if "\x00" in text or _is_mostly_controls(text):
        raise _binary("a binary file")
    return text


def too_large() -> TooLarge:
    return TooLarge(
        f"The transcript is larger than {MAX_TRANSCRIPT_BYTES // 1024} KiB. "
        "Upload one interview per file, and the text alone without word-level timings."
    )


def empty() -> Malformed:
    return Malformed("The transcript is empty. Paste the interview or choose a file that has text in it.")


def _binary(what: str) -> UnsupportedFormat:
    return UnsupportedFormat(f"This looks like {what}, not text. {_SAVE_AS_TEXT}")


def _refuse_named_binary(content: bytes) -> None:
    for magic, what in _NAMED_BINARIES:
        if content.startswith(magic):
            raise _binary(what)


def _decode_strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Malformed(f"The file says it is {encoding.upper()} but is not. Save it again as UTF-8 text.") from None


def _decode_without_bom(content: bytes) -> DecodedText:
    encoding = _utf16_without_bom(content)
    if encoding is not None:
        return DecodedText(check_text(_decode_strictly(content, encoding)), encoding, (_guessed(encoding),))
    if b"\x00" in content:
        raise _binary("a binary file")
    try:
        return DecodedText(check_text(content.decode("utf-8")), "utf-8")
    except UnicodeDecodeError:
        return DecodedText(check_text(_decode_cp1252(content)), "cp1252", (_guessed("cp1252"),))


def _utf16_without_bom(content: bytes) -> str | None:
    """Western text in UTF-16 has a NUL in every other byte, and on one side only."""
    half = len(content) // 2
    if len(content) % 2 or not half:
        return None
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if odd >= half * _NUL_SHARE_OF_UTF16 and even * 10 < odd:
        return "utf-16-le"
    if even >= half * _NUL_SHARE_OF_UTF16 and odd * 10 < even:
        return "utf-16-be"
    return None


def _decode_cp1252(content: bytes) -> str:
    """Five bytes are undefined in cp1252; text never has them, binaries do."""
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise _binary("a binary file") from None


def _is_mostly_controls(text: str) -> bool:
    controls = sum(map(text.count, _BINARY_CONTROLS))
    return controls > len(text) * _SHARE_OF_BINARY_CONTROLS


def _guessed(encoding: str) -> TranscriptWarning:
    return TranscriptWarning(
        "encoding_guessed",
        f"The file does not say how its characters are encoded; it was read as {encoding.upper()}. "
        "If letters look wrong, save it again as UTF-8.",
    )
