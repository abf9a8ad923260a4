"""An Excel mark sheet: one row an item with room for a mark, and a second sheet with the rest of the rubric.

It holds the whole document. Cells that look like formulas are stored as text, and formulas are not read.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from rubrics.domain.document import RubricDocument
from rubrics.domain.errors import Malformed, TooLarge
from rubrics.domain.identity import content_as_json
from rubrics.domain.json_text import strict_json

PARTS: dict[str, tuple[str, ...]] = {
    "penalty": ("structure", "penalties"),
    "question": ("key_questions",),
    "link": ("reasoning", "required_links"),
    "element": ("summary", "required_elements"),
    "rule": ("communication", "rules"),
}
COLUMNS = (
    "part", "text", "critical", "major", "mark", "comment", "id", "anchor", "phrases", "pattern", "value", "kind",
    "section", "before", "weight", "min", "max", "min_count", "max_count",
)  # fmt: skip
FOR_PEOPLE = ("mark", "comment")
"""Left empty for the examiner, and not read."""

_ITEMS, _SETTINGS = "Items", "Settings"
_BOOLEANS, _LISTS = frozenset({"critical", "major"}), frozenset({"phrases", "structure.expected_order"})
_WIDTHS = {"text": 60, "comment": 40, "phrases": 50, "pattern": 50, "anchor": 30}
_AS_JSON = " (JSON)"
"""Ends the name of a setting that is a list of objects: no cell has a better form for it."""
_MAX_CELL = 32_000
_MAX_UNPACKED = 20 * 1024 * 1024
_MAX_PARTS = 100
_MAX_ROWS, _MAX_COLUMNS = 3_000, 40


def mark_sheet(rubric: RubricDocument) -> bytes:
    """Raises TooLarge when one question's phrases do not fit a cell."""
    return workbook_of(content_as_json(rubric))


def workbook_of(content: Mapping[str, Any]) -> bytes:
    """The sheets of a document's content, parts that this module does not know included."""
    book = Workbook()
    items = book.active
    assert isinstance(items, Worksheet)  # noqa: S101 - a new workbook has one
    items.title = _ITEMS
    _write_row(items, 1, COLUMNS, bold=True)
    for number, row in enumerate(_item_rows(content), start=2):
        _write_row(items, number, row)
    for index, column in enumerate(COLUMNS):
        items.column_dimensions[chr(ord("A") + index)].width = _WIDTHS.get(column, 14)
    items.freeze_panes = "C2"
    settings = book.create_sheet(_SETTINGS)
    _write_row(settings, 1, ("setting", "value"), bold=True)
    for number, pair in enumerate(_settings(content), start=2):
        _write_row(settings, number, pair)
    settings.column_dimensions["A"].width, settings.column_dimensions["B"].width = 40, 60
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _item_rows(content: Mapping[str, Any]) -> Iterator[list[Any]]:
    for part, path in PARTS.items():
        for item in _at(content, path) or []:
            text = item.get("label" if part == "question" else "description")
            named = {**item, "part": part, "text": text}
            yield [named.get(column) for column in COLUMNS]


def _at(content: Mapping[str, Any], path: Sequence[str]) -> Any:
    value: Any = content
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _settings(content: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    lists = {".".join(path) for path in PARTS.values()}
    for key, value in content.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            yield from _settings(value, f"{name}.")
        elif isinstance(value, list) and any(not isinstance(entry, str) for entry in value):
            if name not in lists:
                yield f"{name}{_AS_JSON}", json.dumps(value, ensure_ascii=False)
        elif name not in lists:
            yield name, value


def _write_row(sheet: Worksheet, number: int, values: Sequence[Any], *, bold: bool = False) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(number, column)
        if isinstance(cell, Cell):
            _write(cell, value)
            if bold:
                cell.font = Font(bold=True)


def _write(cell: Cell, value: Any) -> None:
    if isinstance(value, list):
        value = "\n".join(value)
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)
        if len(text) > _MAX_CELL:
            raise TooLarge(f"A text of {len(text)} characters does not fit into a cell. Export the rubric as JSON.")
        cell.value = text
        # Without this, a label that begins with = is a formula in the examiner's spreadsheet.
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.quotePrefix = text[:1] in ("=", "+", "-", "@")
    else:
        cell.value = value


def read_sheet(raw: bytes) -> dict[str, Any]:
    """Raises Malformed naming the cell, TooLarge for a workbook that unpacks to more than it should."""
    _refuse_bomb(raw)
    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=False, keep_links=False)
        rows = {name: _rows(book, name) for name in (_SETTINGS, _ITEMS)}
    except Malformed:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers do
        raise Malformed("This workbook can't be read. Save it again as .xlsx and try once more.") from error
    document = _read_settings(rows[_SETTINGS])
    _read_items(document, rows[_ITEMS])
    return document


def _refuse_bomb(raw: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise Malformed("This is not an .xlsx workbook. Save it as one and try again.") from error
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
        raise TooLarge("This workbook unpacks to more than 20 MiB. Remove what does not belong to the rubric.")


def _rows(book: Any, name: str) -> list[list[Any]]:
    if name not in book.sheetnames:
        raise Malformed(f"The workbook has no sheet “{name}”. Start from an exported mark sheet.")
    found = []
    for number, row in enumerate(book[name].iter_rows(max_row=_MAX_ROWS + 1, max_col=_MAX_COLUMNS), start=1):
        if number > _MAX_ROWS:
            raise Malformed(f"The sheet “{name}” has more than {_MAX_ROWS} rows. Remove the empty ones.")
        found.append([_value(name, number, column, cell) for column, cell in enumerate(row)])
    return found


def _value(sheet: str, row: int, column: int, cell: Any) -> Any:
    if cell.data_type == "f":
        raise Malformed(f"{sheet} {chr(ord('A') + column % 26)}{row} holds a formula. Paste its value in its place.")
    if isinstance(cell.value, float):
        return Decimal(str(cell.value))
    if isinstance(cell.value, datetime | date):
        return cell.value.isoformat()
    return cell.value


def _read_settings(rows: list[list[Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for row in rows[1:]:
        name, value = ([*row, None, None])[:2]
        if not isinstance(name, str) or value is None:
            continue
        *steps, last = name.strip().removesuffix(_AS_JSON).split(".")
        target = document
        for step in steps:
            target = target.setdefault(step, {})
            if not isinstance(target, dict):
                raise Malformed(f"The setting “{name[:100]}” does not exist.")
        target[last] = _typed(name.strip(), value)
    return document


def _typed(name: str, value: Any) -> Any:
    """As the document wants it; a name that Excel took for a number is a text again."""
    if name.endswith(_AS_JSON):
        return strict_json(str(value))
    if name in _LISTS:
        return [line.strip() for line in str(value).split("\n") if line.strip()]
    if name in _BOOLEANS:
        return value if isinstance(value, bool) else str(value).strip().casefold() in ("true", "yes", "x", "1")
    numeric = name.rpartition(".")[0] == "weights" or name.rpartition(".")[2] in _NUMERIC
    return value if numeric or isinstance(value, str) else str(value)


_NUMERIC = frozenset(
    {"value", "weight", "min", "max", "min_count", "max_count", "critical_weight", "noncritical_weight",
     "coverage_threshold", "matching_threshold", "major_gap_penalty", "max_tokens", "overflow_divisor"}
)  # fmt: skip


def _read_items(document: dict[str, Any], rows: list[list[Any]]) -> None:
    header = [str(cell or "").strip().casefold() for cell in (rows[0] if rows else [])]
    if "part" not in header or "text" not in header:
        raise Malformed("The first row of “Items” must name its columns: part, text, id, anchor and so on.")
    for path in PARTS.values():
        _list_at(document, path)
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: value for name, value in zip(header, row, strict=False) if value is not None and name in COLUMNS}
        if not cells:
            continue
        part = str(cells.pop("part", "")).strip().casefold()
        if part not in PARTS:
            raise Malformed(f"Items A{number}: “{part[:40]}” is no part. Write one of {', '.join(PARTS)}.")
        text = cells.pop("text", None)
        item = {name: _typed(name, value) for name, value in cells.items() if name not in FOR_PEOPLE}
        if text is not None:
            item["label" if part == "question" else "description"] = str(text)
        _list_at(document, PARTS[part]).append(item)


def _list_at(document: dict[str, Any], path: Sequence[str]) -> list[Any]:
    target: Any = document
    for step in path[:-1]:
        target = target.setdefault(step, {})
    found = target.setdefault(path[-1], []) if isinstance(target, dict) else None
    if not isinstance(found, list):
        raise Malformed(f"The sheet “Settings” must not hold {'.'.join(path)}; items belong to “Items”.")
    return found
