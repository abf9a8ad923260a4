"""What was uploaded, file by file: a single transcript, a ZIP of a class, or a CSV with a transcript a row.

A ZIP is a stranger's: names are used as labels alone and never as paths, sizes are counted while unpacking and not
believed, and what is no transcript is left out with a reason instead of failing the rest.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from rubrics.domain.errors import Malformed, Refusal, TooLarge, UnsupportedFormat
from scoring.domain.transcript import MAX_TRANSCRIPT_BYTES, decode_transcript

MAX_UPLOAD_BYTES = 8 * 1024 * 1024
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_MEMBERS = 3_000
MAX_TRANSCRIPTS = 1_000
_ENCRYPTED = 0x1
_ZIP = b"PK\x03\x04"
_SUFFIXES = frozenset({".txt", ".vtt", ".srt", ".json", ".csv", ".tsv", ".text", ".md", ""})
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})
_SUMMARY = re.compile(r"[._ -](summary|note|writeup)$", re.IGNORECASE)
_ID_HEADINGS = ("student_id", "student id", "candidate", "candidate_id", "candidate id", "student", "id")
_TEXT_HEADINGS = ("oral_transcript", "transcript")
_SUMMARY_HEADINGS = ("summary_text", "summary")


@dataclass(frozen=True, slots=True)
class UploadedText:
    """One transcript. student: who it is of, where the upload says so itself (a CSV of a class)."""

    name: str
    text: str
    summary: str | None = None
    student: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is no transcript of ours, with a code and what to do."""

    name: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Upload:
    texts: tuple[UploadedText, ...]
    left_out: tuple[LeftOut, ...] = ()


def read_upload(content: bytes, filename: str) -> Upload:
    """Raises TooLarge, Malformed or UnsupportedFormat for what can't be taken apart at all."""
    if len(content) > MAX_UPLOAD_BYTES:
        raise TooLarge("This file is larger than 8 MB. Put the transcripts into a ZIP, or upload the class in parts.")
    if content.startswith((_ZIP, b"PK\x05\x06")) and not _is_office(content):
        return _of_zip(content)
    text = decode_transcript(content).text
    table = _class_table(text) if filename.lower().endswith((".csv", ".tsv")) else None
    return Upload((UploadedText(_label(filename), text),)) if table is None else _of_table(table)


def _is_office(content: bytes) -> bool:
    """A Word document is a ZIP too; `decode_transcript` says how to save it as text."""
    return b"[Content_Types].xml" in content[:4096]


def _of_zip(content: bytes) -> Upload:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _pair_summaries(list(_members(archive)))
    except zipfile.BadZipFile as error:
        raise Malformed("This ZIP is damaged. Make it again and upload that.") from error


def _members(archive: zipfile.ZipFile) -> Iterator[UploadedText | LeftOut]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MAX_MEMBERS:
        raise TooLarge(f"This ZIP has {len(members):,} files; at most {MAX_MEMBERS:,} are read. Upload it in parts.")
    if members and all(member.flag_bits & _ENCRYPTED for member in members):
        raise UnsupportedFormat("This ZIP is protected by a password. Make one without and upload that.")
    room = MAX_UNPACKED_BYTES
    for member in members:
        entry, used = _member(archive, member, room)
        room -= used
        yield entry


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> tuple[UploadedText | LeftOut, int]:
    name = _label(member.filename)
    refused = _refused(member, name)
    if refused is not None:
        return refused, 0
    try:
        with archive.open(member) as stream:
            content = stream.read(MAX_TRANSCRIPT_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        return LeftOut(name, "damaged", "This file of the ZIP is damaged. Add it again."), 0
    if len(content) > room:
        raise TooLarge("This ZIP unpacks into more than 64 MB. Upload it in parts.")
    try:
        return UploadedText(name, decode_transcript(content).text), len(content)
    except Refusal as refusal:
        return LeftOut(name, refusal.code, refusal.message), len(content)


def _refused(member: zipfile.ZipInfo, name: str) -> LeftOut | None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if (
        "__MACOSX" in path.parts
        or path.name.startswith((".", "~$"))
        or path.name.lower() in {"thumbs.db", "desktop.ini"}
    ):
        return LeftOut(name, "system_file", "A file of the computer, not of the class. Nothing to do.")
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0][:2]:
        return LeftOut(name, "unsafe_path", "Its path leads out of the ZIP. Make the ZIP from a folder of transcripts.")
    if member.flag_bits & _ENCRYPTED:
        return LeftOut(name, "encrypted", "It is protected by a password. Add it without one.")
    if path.suffix.lower() in {".zip", ".7z", ".rar", ".gz", ".tar"}:
        return LeftOut(name, "nested_archive", "An archive inside the ZIP is not opened. Put its files into this ZIP.")
    if path.suffix.lower() not in _SUFFIXES:
        return LeftOut(
            name, "unsupported_format", "Not a transcript that can be read. Save it as text, VTT, SRT, CSV or JSON."
        )
    return None


def _label(filename: str) -> str:
    """The name alone, printable and short: a label for people, never a path."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)[-200:]


def stem(name: str) -> str:
    """A file's name without its last suffix.

    >>> stem("S-001.final.txt")
    'S-001.final'
    """
    return PurePosixPath(name).stem


def _pair_summaries(entries: Sequence[UploadedText | LeftOut]) -> Upload:
    """`S-1.summary.txt` is the written summary that belongs to `S-1.txt`."""
    texts = [entry for entry in entries if isinstance(entry, UploadedText)]
    left_out = [entry for entry in entries if isinstance(entry, LeftOut)]
    oral = {stem(entry.name).lower() for entry in texts if not _SUMMARY.search(stem(entry.name))}
    summaries: dict[str, str] = {}
    for entry in texts:
        owner = _SUMMARY.sub("", stem(entry.name)).lower()
        if _SUMMARY.search(stem(entry.name)) and owner in oral:
            summaries[owner] = entry.text
    paired = [
        UploadedText(entry.name, entry.text, summaries.get(stem(entry.name).lower()))
        for entry in texts
        if not (_SUMMARY.search(stem(entry.name)) and _SUMMARY.sub("", stem(entry.name)).lower() in oral)
    ]
    return _checked(paired, left_out)


def _checked(texts: Sequence[UploadedText], left_out: Sequence[LeftOut]) -> Upload:
    if len(texts) > MAX_TRANSCRIPTS:
        raise TooLarge(f"At most {MAX_TRANSCRIPTS:,} transcripts fit into one upload; this has {len(texts):,}.")
    if not texts:
        why = f" The first file: {left_out[0].reason}" if left_out else ""
        raise Malformed(f"There is no transcript in this upload.{why}", code="no_transcripts")
    return Upload(tuple(texts), tuple(left_out))


def _class_table(text: str) -> list[dict[str, str]] | None:
    """Rows of a table that names students and their transcripts; None for any other table (one interview's, say)."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        headings = [cell.strip().lower() for cell in next(reader, [])]
        if not (set(headings) & set(_ID_HEADINGS) and set(headings) & set(_TEXT_HEADINGS)):
            return None
        return [dict(zip(headings, row, strict=False)) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Malformed(f"Line {reader.line_num} of this CSV can't be read ({error}). Save it again.") from error


def _of_table(rows: Sequence[dict[str, str]]) -> Upload:
    texts: list[UploadedText] = []
    left_out: list[LeftOut] = []
    for number, row in enumerate(rows, start=2):
        student, transcript = _cell(row, _ID_HEADINGS), _cell(row, _TEXT_HEADINGS)
        name = f"row {number}"
        if not transcript:
            left_out.append(LeftOut(name, "empty", "This row has no transcript."))
        elif len(transcript.encode()) > MAX_TRANSCRIPT_BYTES:
            left_out.append(LeftOut(name, "too_large", "This transcript is over 1 MB."))
        else:
            texts.append(UploadedText(name, transcript, _cell(row, _SUMMARY_HEADINGS) or None, student[:100]))
    return _checked(texts, left_out)


def _cell(row: dict[str, str], headings: Sequence[str]) -> str:
    return next((row[heading].strip() for heading in headings if row.get(heading, "").strip()), "")
