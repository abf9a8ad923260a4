"""Grades for other systems: the columns they expect, numbers as numbers, and no formula that runs."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from feedback.domain.grade_files import Cell, GradeRow, Table, canvas_table, grade_table, moodle_table
from feedback.grade_exports import as_csv, as_xlsx


def row(**parts: Any) -> GradeRow:
    base: dict[str, Any] = {
        "code": "0417", "student_id": "S-1", "name": "Ada Example", "email": "ada@school.example",
        "machine": Decimal("0.6875"), "final": None, "state": "untouched", "rating": "",
        "components": {"structure": Decimal("0.5")}, "marks": {"question:onset": True, "element:plan": None},
        "feedback": "Well asked.",
    }  # fmt: skip
    return GradeRow(**{**base, **parts})


LABELS = {"question:onset": "When did it start?", "element:plan": "A plan"}


def read_back(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))


def test_the_sheet_holds_both_scores_the_components_and_every_item() -> None:
    head, first = read_back(as_csv(grade_table([row(final=Decimal("0.725"), state="complete", rating="pass")], LABELS)))
    assert dict(zip(head, first, strict=True)) == {
        "candidate": "0417", "student_id": "S-1", "name": "Ada Example", "machine_score": "0.6875",
        "faculty_score": "0.725", "score": "0.725", "review": "complete", "global_rating": "pass",
        "structure": "0.5", "When did it start?": "1", "A plan": "",
    }  # fmt: skip


def test_without_a_review_the_machines_score_counts_and_the_facultys_is_empty() -> None:
    head, first = read_back(as_csv(grade_table([row()], LABELS)))
    found = dict(zip(head, first, strict=True))
    assert (found["faculty_score"], found["score"]) == ("", "0.6875")


def test_canvas_gets_its_columns_and_what_the_points_are_out_of() -> None:
    assert read_back(as_csv(canvas_table([row()], title="Ankle OSCE"))) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Ankle OSCE"],
        ["    Points Possible", "", "", "", "", "100"],
        ["Ada Example", "", "S-1", "", "", "68.75"],
    ]


def test_moodle_gets_the_grade_beside_the_feedback_which_alone_would_wipe_it() -> None:
    assert read_back(as_csv(moodle_table([row()], title="Ankle OSCE"))) == [
        ["ID number", "Email address", "Ankle OSCE", "Ankle OSCE (feedback)"],
        ["S-1", "ada@school.example", "68.75", "Well asked."],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_name_that_a_spreadsheet_would_run_is_written_as_text(start: str) -> None:
    table = grade_table([row(name=f"{start}cmd|' /C calc'!A0")], {f"{start}1+1": "=1+1"})
    sheet = load_workbook(io.BytesIO(as_xlsx(table, title="Ankle"))).active
    cells = [cell for line in read_back(as_csv(table)) for cell in line]
    assert not [cell for cell in cells if cell.startswith(start)]
    assert sheet is not None
    assert "f" not in {cell.data_type for line in sheet.iter_rows() for cell in line}


def test_a_workbook_holds_numbers_as_numbers_and_keeps_its_heading_in_sight() -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx(grade_table([row()], LABELS), title="Ankle: 1/2 [a]"))).active
    assert sheet is not None
    assert (sheet["D2"].value, sheet.freeze_panes, sheet["A1"].font.bold) == (0.6875, "B2", True)
    assert sheet.title == "Ankle  1 2  a"


cells = st.text(max_size=40) | st.none() | st.integers(-9, 9) | st.decimals(0, 1, places=4)


@given(st.lists(st.tuples(cells, cells), max_size=5))
def test_whatever_stands_in_a_cell_can_be_written(lines: list[tuple[Cell, Cell]]) -> None:
    table = Table(("a", "b"), tuple(lines))
    assert as_csv(table)
    assert load_workbook(io.BytesIO(as_xlsx(table, title="="))).active is not None
