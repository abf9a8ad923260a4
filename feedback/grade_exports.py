"""Tables of grades as files."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell as CellOfWorkbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from feedback.domain.grade_files import Cell, Table

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 32_767  # characters that a cell of a workbook holds


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark, without which Excel reads names in the encoding of its country."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(_text, table.head))
    writer.writerows(map(_text, row) for row in table.rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(table: Table, *, title: str) -> bytes:
    """One sheet, its heading frozen; numbers as numbers, text never as a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    sheet.freeze_panes = "B2"
    sheet.append([_cell(sheet, cell, head=True) for cell in table.head])
    for row in table.rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _cell(sheet: WriteOnlyWorksheet, cell: Cell, *, head: bool = False) -> CellOfWorkbook:
    value = float(cell) if isinstance(cell, Decimal) else cell
    try:
        made = WriteOnlyCell(sheet, value[:_WIDEST] if isinstance(value, str) else value)
    except IllegalCharacterError:
        made = WriteOnlyCell(sheet, "".join(letter for letter in str(value) if letter.isprintable())[:_WIDEST])
    if head:
        made.font = Font(bold=True)
    if isinstance(value, str):
        made.data_type = "s"
    return made


def _sheet_name(title: str) -> str:
    """At most 31 characters, without those that Excel keeps for itself."""
    return "".join(" " if letter in r"[]:*?/\\" else letter for letter in title)[:31].strip("' ") or "Grades"
