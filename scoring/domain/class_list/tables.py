"""A CSV or XLSX file to rows of text.

An XLSX is a ZIP of XML that a stranger made: its members are measured before anything is unpacked.
"""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from typing import TypeAlias

from openpyxl import load_workbook

from rubrics.domain.errors import Malformed, TooLarge, UnsupportedFormat
from scoring.domain.transcript.decode import decode_transcript

Table: TypeAlias = tuple[tuple[str, ...], ...]

MAX_FILE_BYTES = 1024 * 1024
MAX_UNPACKED_BYTES = 32 * 1024 * 1024
MAX_MEMBERS = 500
MAX_ROWS = 5_000
MAX_COLUMNS = 50
MAX_CELL_CHARACTERS = 1_000
_DELIMITERS = ",;\t|"
_ENCRYPTED = 0x1


def read_table(content: bytes, filename: str) -> Table:
    """Rows without the empty ones; cells are stripped, numbers written as spreadsheets show them.

    Raises TooLarge, UnsupportedFormat and Malformed, each with what to do.
    """
    if len(content) > MAX_FILE_BYTES:
        raise TooLarge(
            f"This file is larger than {MAX_FILE_BYTES // 1024 // 1024} MB. Keep only the columns of the list."
        )
    if content.startswith(b"PK\x03\x04"):
        rows = _xlsx(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0") or filename.lower().endswith((".xls", ".ods", ".numbers")):
        raise UnsupportedFormat("This kind of spreadsheet can't be read. Save it as XLSX or CSV and choose that file.")
    else:
        rows = _csv(content)
    table = tuple(row for row in rows if any(row))
    if not table:
        raise Malformed("This file has no rows. Choose a list with one student a row.")
    return table


def _csv(content: bytes) -> list[tuple[str, ...]]:
    text = decode_transcript(content).text
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = []
    try:
        for row in reader:
            rows.append(_cells(row, reader.line_num))
            _check_rows(len(rows))
    except csv.Error as error:
        raise Malformed(f"Line {reader.line_num} of this CSV can't be read ({error}). Save the list again.") from error
    return rows


def _xlsx(content: bytes) -> list[tuple[str, ...]]:
    _measure(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = []
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            rows.append(_cells([_text(value) for value in row], number))
            _check_rows(len(rows))
    except (Malformed, TooLarge):
        raise
    except Exception as error:
        # openpyxl raises whatever the broken part of the file led it to.
        raise Malformed(
            "This XLSX can't be read. Open it, save it again as XLSX or CSV, and choose that file."
        ) from error
    return rows


def _measure(content: bytes) -> None:
    """Refuse what would unpack into more than a class list ever is, without unpacking it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise Malformed("This XLSX is damaged. Save it again and choose that file.") from error
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise UnsupportedFormat("This file is protected by a password. Save it without one.")
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise UnsupportedFormat("This is no XLSX file. Save the list as XLSX or CSV and choose that file.")
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise TooLarge("This XLSX unpacks into more than a class list holds. Copy the list alone into a new file.")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _cells(row: list[str], number: int) -> tuple[str, ...]:
    cells = tuple(" ".join(cell.replace("\0", "").split()) for cell in row)
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise TooLarge(f"Row {number} has {len(cells)} columns; at most {MAX_COLUMNS} are read. Remove the others.")
    if any(len(cell) > MAX_CELL_CHARACTERS for cell in cells):
        raise TooLarge(f"A cell in row {number} has over {MAX_CELL_CHARACTERS} characters. Is this a class list?")
    return cells


def _check_rows(count: int) -> None:
    if count > MAX_ROWS:
        raise TooLarge(f"This list has over {MAX_ROWS:,} rows. Keep the rows of this class alone.")
