"""Class lists as schools keep them."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from rubrics.domain.errors import Refusal, WrongState
from scoring.domain.class_list import tables
from scoring.domain.class_list.columns import Column, guess_columns, has_header
from scoring.domain.class_list.rows import RowState, read_students
from scoring.domain.class_list.tables import read_table
from scoring.models import Candidate
from scoring.services.class_lists import (
    candidate_add,
    candidate_remove,
    class_list_apply,
    class_list_map,
    class_list_stage,
    staged_students,
)
from tests.cast import approved_rubric, assessment_of, make_cast


def xlsx(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"id,name\nS-1,Ana\n", (("id", "name"), ("S-1", "Ana")), id="commas"),
        pytest.param(b"id;name\nS-1;Roe, Ben\n", (("id", "name"), ("S-1", "Roe, Ben")), id="semicolons"),
        pytest.param("id\tname\nS-1\tZoë\n".encode("utf-16"), (("id", "name"), ("S-1", "Zoë")), id="tabs in UTF-16"),
        pytest.param("id,name\nS-1,Zoë\n".encode("cp1252"), (("id", "name"), ("S-1", "Zoë")), id="cp1252"),
        pytest.param(b"id\n\n , \nS-1\n", (("id",), ("S-1",)), id="empty rows are no rows"),
        pytest.param(xlsx(("ID", "Name"), (1042, " Ana ")), (("ID", "Name"), ("1042", "Ana")), id="XLSX with a number"),
        pytest.param(xlsx(("ID",), (1042.0,), (None,)), (("ID",), ("1042",)), id="XLSX with a float and an empty row"),
    ],
)
def test_a_table_is_read_as_the_spreadsheet_shows_it(content: bytes, expected: tables.Table) -> None:
    assert read_table(content, "list") == expected


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (tables.MAX_UNPACKED_BYTES + 1))
    return buffer.getvalue()


def word() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", b"<document/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        pytest.param(bomb(), "a.xlsx", "unpacks", id="a bomb"),
        pytest.param(word(), "a.xlsx", "no XLSX", id="a Word document"),
        pytest.param(b"PK\x03\x04 broken", "a.xlsx", "damaged", id="a broken XLSX"),
        pytest.param(b"\xd0\xcf\x11\xe0....", "a.xls", "XLSX or CSV", id="an old XLS"),
        pytest.param(b"a" * (tables.MAX_FILE_BYTES + 1), "a.csv", "1 MB", id="over the limit"),
        pytest.param(b"id\n" + b"x\n" * (tables.MAX_ROWS + 1), "a.csv", "rows", id="too many rows"),
        pytest.param(b"," * 60 + b"x", "a.csv", "columns", id="too many columns"),
        pytest.param(b"id\n" + b"x" * 1_001, "a.csv", "1000 characters", id="an essay in a cell"),
    ],
)
def test_what_is_no_class_list_is_refused_in_words(content: bytes, name: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        read_table(content, name)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04"):
        with contextlib.suppress(Refusal):
            assert read_table(start + content, "a.xlsx")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (("Student ID", "Full name", "E-mail"), {"student_id": 0, "name": 1, "email": 2}),
        (("Surname", "First name", "Student No."), {"last_name": 0, "first_name": 1, "student_id": 2}),
        (("Student", "ID", "SIS User ID", "SIS Login ID"), {"name": 0, "student_id": 2}),
        (("S-1", "Ana"), {}),
    ],
    ids=["plain", "names apart", "an export of Canvas", "no header"],
)
def test_columns_are_guessed_from_their_headings(header: tuple[str, ...], expected: dict[str, int]) -> None:
    assert {column.value: place for column, place in guess_columns((header,)).items()} == expected
    assert has_header((header,)) == bool(expected)


COLUMNS = {Column.STUDENT_ID: 0, Column.NAME: 1, Column.EMAIL: 2}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("", "Ana"), "no student ID"),
        (("=HYPERLINK(1)", "Ana"), "formula"),
        (("S-1", "+Ana"), "formula"),
        (("S-1", "Ana", "@sum"), "formula"),
        (("S-1", "Ana", "ana at school"), "no e-mail"),
        (("S" * 101, "Ana"), "100 characters"),
    ],
    ids=["no ID", "a formula as ID", "a formula as name", "a formula as e-mail", "no e-mail address", "a long ID"],
)
def test_a_wrong_row_says_what_to_do(row: tuple[str, ...], words: str) -> None:
    (student,) = read_students((row,), COLUMNS, header=False, known=[])
    assert student.state is RowState.WRONG
    assert words in student.problem


def test_the_second_of_two_rows_with_one_id_is_wrong_and_names_the_first() -> None:
    rows = (("ID", "Name"), ("S-1", "Ana"), ("S-2", "Ben"), ("S-1", "Anna"))
    students = read_students(rows, COLUMNS, header=True, known=["S-2"])
    assert [student.state.value for student in students] == ["new", "known", "wrong"]
    assert "row 2" in students[2].problem


@pytest.mark.parametrize(
    ("cells", "columns", "name"),
    [
        (("S-1", "Roe, Ben"), COLUMNS, "Ben Roe"),
        (("S-1", "Ben Roe"), COLUMNS, "Ben Roe"),
        (("S-1", "Roe", "Ben"), {Column.STUDENT_ID: 0, Column.LAST_NAME: 1, Column.FIRST_NAME: 2}, "Ben Roe"),
    ],
    ids=["with a comma", "as spoken", "apart"],
)
def test_names_are_put_into_the_order_of_speech(cells: tuple[str, ...], columns: dict[Column, int], name: str) -> None:
    assert read_students((cells,), columns, header=False, known=[])[0].name == name


@pytest.mark.django_db
def test_a_file_becomes_the_class_after_a_person_looked_at_it() -> None:
    cast = make_cast()
    assessment = assessment_of(cast, approved_rubric())
    at = timezone.now()
    content = b"Number,Who\nS-1,Ana\nS-2,Ben\n=1,Eve\n"
    staged = class_list_stage(assessment=assessment, content=content, filename="a.csv", user_id=cast.owner.pk, at=at)
    assert not Candidate.objects.exists()
    with pytest.raises(WrongState):
        class_list_apply(staged=staged, viewer=cast.owner.viewer, at=at)
    class_list_map(staged=staged, columns={Column.STUDENT_ID: 0, Column.NAME: 1}, has_header=True)
    assert [student.state.value for student in staged_students(staged)] == ["new", "new", "wrong"]
    outcome = class_list_apply(staged=staged, viewer=cast.owner.viewer, at=at)
    assert (outcome.added, outcome.updated, outcome.skipped) == (2, 0, 1)
    assert set(assessment.candidates.values_list("student_id", "display_name")) == {("S-1", "Ana"), ("S-2", "Ben")}


@pytest.mark.django_db
def test_importing_again_updates_and_erases_nothing() -> None:
    cast = make_cast()
    assessment = assessment_of(cast, approved_rubric())
    at = timezone.now()
    ana = candidate_add(
        assessment=assessment, student_id="S-1", name="Ana", email="ana@school.test", viewer=cast.owner.viewer, at=at
    )
    staged = class_list_stage(
        assessment=assessment, content=b"id,name,email\nS-1,Ana Roe,\n", filename="a.csv", user_id=cast.owner.pk, at=at
    )
    outcome = class_list_apply(staged=staged, viewer=cast.owner.viewer, at=at)
    assert (outcome.added, outcome.updated) == (0, 1)
    row = assessment.candidates.get()
    assert (row.code, row.display_name, row.email) == (ana.code, "Ana Roe", "ana@school.test")


@pytest.mark.django_db
def test_a_candidate_stands_on_a_list_once_and_leaves_it_only_without_a_transcript() -> None:
    cast = make_cast()
    assessment = assessment_of(cast, approved_rubric())
    words = {"assessment": assessment, "name": "", "email": "", "viewer": cast.owner.viewer, "at": timezone.now()}
    candidate = candidate_add(student_id="S-1", **words)
    with pytest.raises(WrongState, match="already"):
        candidate_add(student_id="S-1", **words)
    candidate_remove(candidate=candidate, viewer=cast.owner.viewer, at=timezone.now())
    assert not assessment.candidates.exists()
