"""Canvas rubric CSV: one row a criterion, three columns a rating."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from rubrics.domain.document import RubricDocument
from rubrics.domain.errors import Malformed
from rubrics.domain.exchange.criteria import Criterion, Level, criteria_of, described, document_of, slug_of

HEADER = ("Rubric Name", "Criteria Name", "Criteria Description", "Criteria Enable Range")
RATING = ("Rating Name", "Rating Description", "Rating Points")
MAX_RATINGS = 50
_MAX_POINTS = Decimal(1_000_000)
_FORMULA = re.compile(r"[=+\-@\t\r]|'[=+\-@\t\r']")
"""What a spreadsheet takes for a formula, and our own protection of it."""


def canvas_csv(rubric: RubricDocument) -> bytes:
    """UTF-8 with BOM, which Excel needs. Texts that a spreadsheet would run begin with an apostrophe."""
    criteria = list(criteria_of(rubric))
    ratings = max(len(criterion.levels) for criterion in criteria)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*HEADER, *RATING * ratings])
    for criterion in criteria:
        writer.writerow(_row(rubric.title or rubric.rubric_id, criterion))
    return out.getvalue().encode("utf-8-sig", "replace")


def _row(name: str, criterion: Criterion) -> list[str]:
    row = [_inert(name), _inert(criterion.name), _inert(criterion.described), "true" if criterion.partial else "false"]
    for level in criterion.levels:
        row += [_inert(level.name), _inert(level.description), f"{level.points.normalize():f}"]
    return row


def _inert(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _plain(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def read_canvas(text: str, rubric_id: str | None) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Raises Malformed naming the line."""
    # A field may be as long as a rubric's longest text; the default limit of the csv module is not a limit of ours.
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if any(cell.strip() for cell in row)]
    if not rows or tuple(cell.strip() for cell in rows[0][: len(HEADER)]) != HEADER:
        raise Malformed(f"This is not a Canvas rubric. Its first line must begin with: {', '.join(HEADER)}.")
    criteria = [_criterion(number, [_plain(cell) for cell in row]) for number, row in enumerate(rows[1:], start=2)]
    names = list(dict.fromkeys(row[0].strip() for row in rows[1:] if row[0].strip()))
    if len(names) > 1:
        raise Malformed(f"The file holds {len(names)} rubrics. Split it into one file for each.")
    title = _plain(names[0]) if names else ""
    return document_of(rubric_id=rubric_id or slug_of(title), title=title, criteria=criteria)


def _criterion(number: int, row: list[str]) -> Criterion:
    name, description, ranged = ([*row[1:4], "", "", ""])[:3]
    if not name.strip():
        raise Malformed(f"Line {number} has no criterion name. Write one, or remove the line.")
    ratings = row[len(HEADER) :]
    if len(ratings) > MAX_RATINGS * len(RATING):
        raise Malformed(f"Line {number} has more than {MAX_RATINGS} ratings. Keep those that are used.")
    triples = (ratings[start : start + len(RATING)] for start in range(0, len(ratings), len(RATING)))
    levels = [_level(number, [*triple, "", "", ""]) for triple in triples if any(cell.strip() for cell in triple)]
    levels.sort(key=lambda level: -level.points)
    return described(name.strip(), description, levels, partial=ranged.strip().casefold() == "true")


def _level(number: int, cells: list[str]) -> Level:
    try:
        points = Decimal(cells[2].strip() or "0")
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite() or abs(points) > _MAX_POINTS:
        raise Malformed(f"Line {number}: “{cells[2].strip()[:40]}” is not a number of points.")
    return Level(cells[0].strip(), cells[1], points)
