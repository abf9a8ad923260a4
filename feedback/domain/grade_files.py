"""Grades as tables for other systems: a plain sheet, Canvas's gradebook, Moodle's grade import.

A table is a heading and rows of text and numbers; `feedback.grade_exports` writes them as CSV or XLSX. Text that a
spreadsheet would run as a formula is defused here, once for every format.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

Cell: TypeAlias = str | Decimal | int | None
POINTS = 100
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One candidate. code, student_id, name and email are empty where they may not be shown.

    final: the faculty's score, None while nobody reviewed. marks: what stands, by item; None where it counts nowhere.
    """

    code: str
    student_id: str
    name: str
    email: str
    machine: Decimal
    final: Decimal | None
    state: str
    rating: str
    components: Mapping[str, Decimal]
    marks: Mapping[str, bool | None] = field(default_factory=dict)
    feedback: str = ""

    @property
    def counts(self) -> Decimal:
        """The score that counts: the faculty's once there is one."""
        return self.machine if self.final is None else self.final


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


def grade_table(rows: Sequence[GradeRow], labels: Mapping[str, str]) -> Table:
    """Everything about everybody. labels: of the items, in the rubric's order. Marks are 1 and 0, or empty.

    Scores are shares from 0 to 1, the machine's and the faculty's in columns of their own.
    """
    components = list(rows[0].components) if rows else []
    head = ["candidate", "student_id", "name", "machine_score", "faculty_score", "score", "review", "global_rating"]
    return _table(
        [*head, *components, *labels.values()],
        [
            [row.code, row.student_id, row.name, row.machine, row.final, row.counts, row.state, row.rating,
             *(row.components[name] for name in components), *(_mark(row.marks.get(key)) for key in labels)]
            for row in rows
        ],
    )  # fmt: skip


def canvas_table(rows: Sequence[GradeRow], *, title: str) -> Table:
    """Canvas's gradebook import: five columns about the student, one for the assignment, and what it is out of.

    Canvas finds a student by the SIS user ID where it has no ID of its own.
    """
    return _table(
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title],
        [
            ["    Points Possible", None, None, None, None, POINTS],
            *([row.name or row.student_id, None, row.student_id, None, None, points(row.counts)] for row in rows),
        ],
    )


def moodle_table(rows: Sequence[GradeRow], *, title: str) -> Table:
    """Moodle's CSV import, grade and feedback side by side: feedback imported alone would wipe the grade."""
    return _table(
        ["ID number", "Email address", title, f"{title} (feedback)"],
        [[row.student_id, row.email, points(row.counts), row.feedback] for row in rows],
    )


def points(score: Decimal) -> Decimal:
    """Out of 100, two places, exact: a score has four.

    >>> points(Decimal("0.6875"))
    Decimal('68.75')
    """
    return (score * POINTS).quantize(Decimal("0.01"))


def defused(text: str) -> str:
    """What a spreadsheet would take for a formula, with an apostrophe before it, which makes it text.

    >>> defused("=HYPERLINK(1)"), defused("Ada"), defused("-1")
    ("'=HYPERLINK(1)", 'Ada', "'-1")
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _mark(mark: bool | None) -> int | None:
    return None if mark is None else int(mark)


def _table(head: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> Table:
    return Table(tuple(map(_safe, head)), tuple(tuple(map(_safe, row)) for row in rows))


def _safe(cell: Cell) -> Cell:
    return defused(cell) if isinstance(cell, str) else cell
