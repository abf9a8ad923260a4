"""Rubrics in and out of files: nothing lost that the format can hold, the rest said, and nothing executed."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from rubrics.domain.document import RubricDocument, rubric_from_json, rubric_from_mapping
from rubrics.domain.errors import Malformed, Refusal, TooLarge, UnsupportedFormat
from rubrics.domain.exchange import MAX_FILE_BYTES, ExchangeFormat, exported, read_file
from rubrics.domain.exchange.canvas import HEADER, RATING
from rubrics.domain.exchange.sheet import workbook_of
from rubrics.domain.identity import content_sha256
from tests.builders import document, rubric

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
EDITED = rubric_from_json((ROOT / "tests/rubrics/data/edited.json").read_bytes())
EVERY = {path.stem: path for path in [*ROOT.glob("rubrics/library/*.json"), ROOT / "tests/rubrics/data/edited.json"]}
FORMATS = list(ExchangeFormat)


def back(content: bytes, name: str = "rubric.csv", rubric_id: str | None = None) -> RubricDocument:
    return rubric_from_mapping(read_file(content, name, rubric_id).document)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("format_", [ExchangeFormat.JSON, ExchangeFormat.XLSX])
def test_json_and_the_mark_sheet_hold_the_whole_rubric(name: str, format_: ExchangeFormat) -> None:
    original = rubric_from_json(EVERY[name].read_bytes())
    file = exported(original, format_, AT)
    assert file.losses == ()
    assert content_sha256(back(file.content, file.name)) == content_sha256(original)


@pytest.mark.parametrize("format_", [ExchangeFormat.CANVAS, ExchangeFormat.CASE])
@pytest.mark.parametrize("name", EVERY)
def test_criteria_hold_every_item_and_its_weight(name: str, format_: ExchangeFormat) -> None:
    original = rubric_from_json(EVERY[name].read_bytes())
    file = exported(original, format_, AT)
    again = back(file.content, file.name, original.rubric_id)
    assert again.weights == original.weights
    assert again.structure.expected_order == original.structure.expected_order
    assert [(q.anchor, q.label, q.critical, q.phrases) for q in again.key_questions] == [
        (q.anchor, q.label, q.critical, q.phrases) for q in original.key_questions
    ]
    assert [(x.anchor, x.pattern, x.major) for x in again.reasoning.required_links] == [
        (x.anchor, x.pattern, x.major) for x in original.reasoning.required_links
    ]
    assert [x.anchor for x in again.summary.required_elements] == [x.anchor for x in original.summary.required_elements]
    assert [(x.kind, x.min, x.max, x.min_count, x.max_count) for x in again.communication.rules] == [
        (x.kind, x.min, x.max, x.min_count, x.max_count) for x in original.communication.rules
    ]


@pytest.mark.parametrize("format_", [ExchangeFormat.CANVAS, ExchangeFormat.CASE])
def test_what_criteria_cannot_hold_is_said_and_nothing_else(format_: ExchangeFormat) -> None:
    assert exported(EDITED, format_, AT).losses == (
        "Reads back differently: Specialty “Emergency medicine” → none",
        "Not in this file: Penalty “No closing summary”",
        "Not in this file: Penalty “Past history too early”",
        "Reads back differently: Penalty for a missing major link −0.25 → 0.00",
    )


def test_canvas_gets_its_header_and_points_that_sum_to_a_hundred() -> None:
    rows = list(csv.reader(io.StringIO(exported(EDITED, ExchangeFormat.CANVAS, AT).content.decode("utf-8-sig"))))
    assert tuple(rows[0]) == (*HEADER, *RATING, *RATING)
    assert sum(float(row[6]) for row in rows[1:]) == pytest.approx(100, abs=0.01)
    assert {row[0] for row in rows[1:]} == {"Ankle injury"}


def test_case_names_its_parts_as_the_standard_does_and_identifies_them_the_same_way_every_time() -> None:
    first, second = (json.loads(exported(EDITED, ExchangeFormat.CASE, AT).content) for _ in range(2))
    assert first == second
    assert {"identifier", "uri", "title", "lastChangeDateTime", "CFRubricCriteria"} <= set(first)
    criterion = first["CFRubricCriteria"][1]
    assert {"identifier", "uri", "category", "description", "weight", "position", "rubricId"} <= set(criterion)
    assert criterion["uri"] == "rubric://ankle_v1#Q.onset"
    assert criterion["rubricId"] == first["identifier"]
    assert {"identifier", "uri", "description", "quality", "score", "position", "rubricCriterionId"} <= set(
        criterion["CFRubricCriterionLevels"][0]
    )


CANVAS = """\
Rubric Name,Criteria Name,Criteria Description,Criteria Enable Range,Rating Name,Rating Description,Rating Points,Rating Name,Rating Description,Rating Points
Oral exam,Asks about onset,,false,Yes,,5,No,,0
Oral exam,Asks about allergies,Any drug,false,Full,asks and follows up,5,None,nothing,0
"""


def test_a_rubric_made_in_canvas_becomes_questions_and_says_what_was_left_out() -> None:
    file = read_file(CANVAS.encode(), "export.csv")
    assert rubric_from_mapping(file.document).rubric_id == "oral_exam"
    assert [question["label"] for question in file.document["key_questions"]] == [
        "Asks about onset",
        "Asks about allergies",
    ]
    assert len(file.losses) == 1
    assert "Asks about allergies" in file.losses[0]
    assert "phrases" in file.losses[0]


def test_a_rubric_with_as_many_questions_as_it_may_have_still_leaves_for_canvas() -> None:
    asked = [
        {"id": f"q{i}", "anchor": f"#Q.q{i}", "label": f"Question {i}", "critical": True, "phrases": [f"ask {i}"]}
        for i in range(500)
    ]
    file = exported(rubric(key_questions=asked), ExchangeFormat.CANVAS, AT)
    assert len(back(file.content, file.name).key_questions) == 500


def test_case_of_another_program_in_a_package_is_read() -> None:
    criterion = {
        "category": "History",
        "description": "Asks about onset",
        "CFRubricCriterionLevels": [{"quality": "Yes", "score": 2}],
    }
    package = {"CFRubrics": [{"title": "Oral exam", "CFRubricCriteria": [criterion]}]}
    assert back(json.dumps(package).encode(), "x.json").key_questions[0].label == "Asks about onset"


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "'=1", "'-1", "''", "'tis"]


@pytest.mark.parametrize("label", FORMULAS)
@pytest.mark.parametrize("format_", FORMATS)
def test_a_text_that_looks_like_a_formula_is_inert_in_the_file_and_comes_back_as_it_was(
    format_: ExchangeFormat, label: str
) -> None:
    label = label.strip() if format_ is not ExchangeFormat.CANVAS else label
    questions = [
        {**document()["key_questions"][0], "label": f"{label} now", "phrases": ["=HYPERLINK(1)", "ordinary words"]}
    ]
    file = exported(rubric(title=label.strip(), key_questions=questions), format_, AT)
    assert back(file.content, file.name, "ankle_v1").key_questions[0].label == f"{label} now".strip()
    if format_ is ExchangeFormat.CANVAS:
        cells = [cell for row in csv.reader(io.StringIO(file.content.decode("utf-8-sig"))) for cell in row]
        assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    if format_ is ExchangeFormat.XLSX:
        book = load_workbook(io.BytesIO(file.content))
        assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def workbook(change: Any) -> bytes:
    book = load_workbook(io.BytesIO(exported(EDITED, ExchangeFormat.XLSX, AT).content))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_marks_of_an_examiner_in_the_sheet_do_not_disturb_the_rubric() -> None:
    def marked(book: Any) -> None:
        book["Items"]["E4"], book["Items"]["F4"] = "x", "asked late"

    assert content_sha256(back(workbook(marked), "marked.xlsx")) == content_sha256(EDITED)


def test_a_part_that_is_a_list_of_objects_travels_in_the_sheet_whatever_it_is() -> None:
    content = {**document(), "words": [{"term": "SOB", "means": ["breathless"]}], "nested": {"pairs": [{"a": 1}]}}
    again = read_file(workbook_of(content), "x.xlsx").document
    assert (again["words"], again["nested"]) == (content["words"], content["nested"])


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (30 * 1024 * 1024))
    return out.getvalue()


def entities() -> bytes:
    source = zipfile.ZipFile(io.BytesIO(exported(EDITED, ExchangeFormat.XLSX, AT).content))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/workbook.xml":
                text = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + text.split(b"?>", 1)[-1]
            archive.writestr(name, text)
    return out.getvalue()


def renamed(sheet: str, cell: str, value: Any) -> bytes:
    return workbook(lambda book: book[sheet].__setitem__(cell, value))


def without_items() -> bytes:
    book = Workbook()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


REFUSED: dict[str, tuple[bytes, str, type[Refusal], str]] = {
    "a file over the limit": (b"{" + b" " * MAX_FILE_BYTES, "x.json", TooLarge, "1 MiB"),
    "a zip bomb": (bomb(), "x.xlsx", TooLarge, "unpacks"),
    "XML entities": (entities(), "x.xlsx", Malformed, "can't be read"),
    "a zip that is no workbook": (b"PK\x03\x04 and so on", "x.xlsx", Malformed, "not an .xlsx"),
    "a workbook of something else": (without_items(), "x.xlsx", Malformed, "no sheet"),
    "a formula": (renamed("Items", "B3", "=1+1"), "x.xlsx", Malformed, "B3 holds a formula"),
    "a part nobody knows": (renamed("Items", "A3", "quiz"), "x.xlsx", Malformed, "“quiz” is no part"),
    "a setting inside a number": (renamed("Settings", "A4", "version.deep"), "x.xlsx", Malformed, "version.deep"),
    "a binary": (b"\x00\x01\x02", "x.bin", UnsupportedFormat, "binary"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "x.png", UnsupportedFormat, "not text"),
    "prose": (b"Ask about onset.", "notes.txt", UnsupportedFormat, "none of"),
    "another CSV": (b"name,points\nonset,1\n", "x.csv", Malformed, "first line must begin"),
    "an empty CSV": (b"", "x.csv", Malformed, "first line must begin"),
    "a header alone": (",".join(HEADER).encode(), "x.csv", Malformed, "0 criteria"),
    "two rubrics in one CSV": (CANVAS.encode() + b"Other,Asks,,false,Yes,,1\n", "x.csv", Malformed, "2 rubrics"),
    "points in words": (CANVAS.replace(",5,", ",five,").encode(), "x.csv", Malformed, "Line 2"),
    "points without end": (CANVAS.replace(",5,", ",Infinity,").encode(), "x.csv", Malformed, "Line 2"),
    "a criterion without a name": (CANVAS.encode() + b"Oral exam,,,false,Yes,,1\n", "x.csv", Malformed, "Line 4"),
    "a CASE of two rubrics": (b'{"CFRubrics": [{}, {}]}', "x.json", Malformed, "exactly one"),
    "a CASE of no list": (b'{"CFRubricCriteria": {}}', "x.json", Malformed, "must be a list"),
    "a CASE of a word": (b'{"CFRubricCriteria": ["x"]}', "x.json", Malformed, "Criterion 1"),
    "a CASE with a score in words": (b'{"CFRubricCriteria": [{"CFRubricCriterionLevels": [{"score": "x"}]}]}', "x.json", Malformed, "a score"),
    "JSON of a list": (b"[1]", "x.json", Malformed, "JSON object"),
    "broken JSON": (b'{"a": ', "x.json", Malformed, "JSON"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "name", "kind", "says"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_read_says_where_and_why(
    content: bytes, name: str, kind: type[Refusal], says: str
) -> None:
    with pytest.raises(kind, match=says):
        rubric_from_mapping(read_file(content, name).document)


def test_a_question_whose_phrases_fit_no_cell_is_told_to_take_json() -> None:
    questions = [{**document()["key_questions"][0], "phrases": [f"{i} {'x' * 290}" for i in range(150)]}]
    with pytest.raises(TooLarge, match="as JSON"):
        exported(rubric(key_questions=questions), ExchangeFormat.XLSX, AT)


@given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.json", "x.xlsx", "x"]))
def test_any_bytes_are_read_or_refused_as_a_refusal(content: bytes, name: str) -> None:
    with contextlib.suppress(Refusal):
        read_file(content, name)


@given(st.lists(st.lists(st.text(max_size=20), max_size=8), max_size=5))
def test_any_canvas_rows_are_read_or_refused_as_a_refusal(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[*HEADER, *RATING], *rows])
    with contextlib.suppress(Refusal):
        rubric_from_mapping(read_file(out.getvalue().encode("utf-8", "replace"), "x.csv", "some_rubric").document)
