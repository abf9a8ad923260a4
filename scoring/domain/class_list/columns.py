"""Which column holds what: guessed from the header, corrected by a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from scoring.domain.class_list.tables import Table


class Column(StrEnum):
    STUDENT_ID = "student_id"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"


# By whole heading, lower case, without punctuation; the more telling first.
_HEADINGS: dict[Column, tuple[str, ...]] = {
    Column.STUDENT_ID: (
        "student id", "studentid", "student number", "student no", "candidate id", "candidate number", "candidate no",
        "id number", "matriculation number", "matric no", "registration number", "sis user id", "sis id",
        "university id", "user id", "username", "sis login id", "id",
    ),
    Column.FIRST_NAME: ("first name", "firstname", "given name", "given names", "forename", "forenames"),
    Column.LAST_NAME: ("last name", "lastname", "surname", "family name"),
    Column.EMAIL: ("email", "e mail", "email address", "e mail address", "mail"),
    Column.NAME: ("name", "full name", "student name", "display name", "candidate name", "student", "candidate"),
}  # fmt: skip


def _heading(cell: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", cell.lower()).split())


def guess_columns(table: Table) -> dict[Column, int]:
    """Columns by their headings; empty where the first row is no header, for a person to say.

    >>> guess_columns((("Surname", "Student No."), ("Roe", "17")))
    {<Column.STUDENT_ID: 'student_id'>: 1, <Column.LAST_NAME: 'last_name'>: 0}
    """
    headings = [_heading(cell) for cell in table[0]]
    found: dict[Column, int] = {}
    for column, names in _HEADINGS.items():
        place = next((headings.index(name) for name in names if name in headings), None)
        if place is not None and place not in found.values():
            found[column] = place
    return found


def has_header(table: Table) -> bool:
    """True when at least one cell of the first row is a heading that we know."""
    return bool(guess_columns(table))


def columns_from(chosen: Mapping[str, int]) -> dict[Column, int]:
    """A stored choice, without what is not a column of ours."""
    return {Column(name): place for name, place in chosen.items() if name in set(Column)}
