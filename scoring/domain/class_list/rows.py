"""Rows of a table to candidates, each with what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scoring.domain.class_list.columns import Column
from scoring.domain.class_list.tables import Table

# A spreadsheet that reads our exports would run such a cell; a name or an ID never begins so.
_FORMULA = ("=", "+", "-", "@")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_MAX_ID, _MAX_NAME, _MAX_EMAIL = 100, 200, 254


class RowState(StrEnum):
    """KNOWN: on the class list already; its name and e-mail are brought up to date."""

    NEW = "new"
    KNOWN = "known"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class ListedStudent:
    """line: 1-based in the table as read. problem: a sentence where the state is WRONG."""

    line: int
    student_id: str
    name: str
    email: str
    state: RowState
    problem: str = ""


def read_students(
    table: Table, columns: Mapping[Column, int], *, header: bool, known: Collection[str]
) -> tuple[ListedStudent, ...]:
    """Every row below the header, in its order. known: student IDs that are on the class list already."""
    return tuple(_students(table, columns, 1 if header else 0, frozenset(known)))


def _students(
    table: Table, columns: Mapping[Column, int], first: int, known: frozenset[str]
) -> Iterator[ListedStudent]:
    seen: dict[str, int] = {}
    for line, row in enumerate(table[first:], start=first + 1):
        cells = {column: row[place] if place < len(row) else "" for column, place in columns.items()}
        student_id, email = cells.get(Column.STUDENT_ID, ""), cells.get(Column.EMAIL, "")
        name = _name(cells)
        problem = _problem(student_id, name, email, seen.get(student_id))
        seen.setdefault(student_id, line)
        state = RowState.WRONG if problem else RowState.KNOWN if student_id in known else RowState.NEW
        yield ListedStudent(line, student_id, name, email, state, problem)


def _name(cells: Mapping[Column, str]) -> str:
    """The full name; “Roe, Sam” and separate columns are put into the order of speech."""
    parts = [cells.get(Column.FIRST_NAME, ""), cells.get(Column.LAST_NAME, "")]
    if any(parts):
        return " ".join(part for part in parts if part)
    name = cells.get(Column.NAME, "")
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name


def _problem(student_id: str, name: str, email: str, twin: int | None) -> str:
    if not student_id:
        return "It has no student ID. Add it to the file, or choose another column for IDs."
    if twin is not None:
        return f"The same student ID stands in row {twin}. Keep one of the two."
    return _formula(student_id, name, email) or _too_long(student_id, name, email) or _odd(email)


def _formula(*cells: str) -> str:
    cell = next((cell for cell in cells if cell.startswith(_FORMULA)), None)
    return "" if cell is None else f"“{cell[:20]}” begins like a formula. Remove the “{cell[0]}” from the file."


def _too_long(student_id: str, name: str, email: str) -> str:
    for cell, limit, what in ((student_id, _MAX_ID, "ID"), (name, _MAX_NAME, "name"), (email, _MAX_EMAIL, "e-mail")):
        if len(cell) > limit:
            return f"The {what} has over {limit} characters. Check the columns."
    return ""


def _odd(email: str) -> str:
    return (
        f"“{email}” is no e-mail address. Mend it or leave it empty." if email and not _EMAIL.fullmatch(email) else ""
    )
