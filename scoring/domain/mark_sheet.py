"""A person's mark sheet as a table: one row a candidate, one column an item, read leniently and reported strictly."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rubrics.domain.errors import FieldProblem, Malformed

MAX_ROWS = 2_000
MAX_COLUMNS = 300
_YES = frozenset({"1", "y", "yes", "true", "x", "✓", "asked", "done", "met"})
_NO = frozenset({"0", "n", "no", "false", "✕", "-", "missed", "not asked", "not done"})


@dataclass(frozen=True, slots=True)
class MarkSheet:
    """marks: by candidate (as the sheet names them), then by item key; what was left blank is absent.

    unknown_columns: headings that are no item of the rubric, left out.
    """

    marks: Mapping[str, Mapping[str, bool]]
    unknown_columns: tuple[str, ...]


def read_mark_sheet(text: str, items: Mapping[str, str]) -> MarkSheet:
    """`items`: labels by key, as `item_labels` gives them; a column is headed by an item's id, key or label.

    Raises Malformed with every cell that can't be read.

    >>> items = {"question:onset": "When did it start?"}
    >>> read_mark_sheet("candidate,onset\\n0417,1\\n0418,no\\n", items).marks
    {'0417': {'question:onset': True}, '0418': {'question:onset': False}}
    """
    rows = _rows(text)
    if len(rows) < 2:  # noqa: PLR2004 - a heading and somebody
        raise Malformed("The sheet has no candidates: write a heading, then one line a candidate.")
    columns = _columns(rows[0], items)
    if not any(columns):
        raise Malformed(
            "No column is headed by an item of the rubric. Head the first column “candidate” and the others by the "
            "items' ids or labels."
        )
    problems: list[FieldProblem] = []
    marks = {}
    for number, row in enumerate(rows[1:], start=2):
        candidate = row[0].strip() if row else ""
        if candidate in marks:
            problems.append(FieldProblem(f"line {number}", f"Candidate {candidate} is there twice."))
        elif candidate:
            marks[candidate] = _marks(row, columns, number, problems)
    if problems:
        raise Malformed(f"{problems[0].field}: {problems[0].message}", fields=tuple(problems[:20]))
    unknown = [head.strip() for head, key in zip(rows[0][1:], columns[1:], strict=True) if not key and head.strip()]
    return MarkSheet(marks, tuple(unknown))


def _rows(text: str) -> list[list[str]]:
    sample = text[:4096]
    delimiter = max(",;\t", key=sample.partition("\n")[0].count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise Malformed(f"This is no CSV file that can be read ({error}). Export the sheet as CSV again.") from error
    if len(rows) > MAX_ROWS + 1 or max(map(len, rows), default=0) > MAX_COLUMNS:
        raise Malformed(f"A mark sheet has at most {MAX_ROWS} candidates and {MAX_COLUMNS} columns. Split the file.")
    return rows


def _columns(heads: Sequence[str], items: Mapping[str, str]) -> list[str]:
    """The item of each column, empty for none; the first column names the candidates."""
    by_name: dict[str, str] = {}
    for key, label in items.items():
        for name in (label, key.partition(":")[2], key):
            by_name[_folded(name)] = key
    return ["", *(by_name.get(_folded(head), "") for head in heads[1:])]


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _marks(row: Sequence[str], columns: Sequence[str], number: int, problems: list[FieldProblem]) -> Mapping[str, bool]:
    marks = {}
    for cell, key in zip(row, columns, strict=False):
        said = _folded(cell)
        if not key or not said:
            continue
        if said in _YES | _NO:
            marks[key] = said in _YES
        else:
            problems.append(
                FieldProblem(f"line {number}", f"“{cell[:40]}” is no mark: write 1 or 0, or leave the cell empty.")
            )
    return marks
