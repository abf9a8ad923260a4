"""The numbers of an assessment in the browser, its files, and the comparison with a mark sheet."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grader.models import AuditEntry
from scoring.domain.review import Action, Judged
from scoring.models import Assessment, Candidate
from tests.cast import Cast, approved_rubric, assessment_of, make_cast
from tests.feedback.test_release_pages import browser, decide, graded, text_of

pytestmark = pytest.mark.django_db

MISSED: dict[str, Any] = {"verdict": Judged.MISSED, "reason": "Only the patient said it."}
ASKED = "question:weight_bearing"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    return assessment_of(cast, approved_rubric())


def table(client: Client, assessment: Assessment, export: str) -> list[list[str]]:
    answer = client.get(f"/assessments/{assessment.pk}/grades/{export}/")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_before_the_first_grade_the_page_says_what_will_stand_there(cast: Cast, assessment: Assessment) -> None:
    assert "No grades yet" in text_of(cast.owner, f"/assessments/{assessment.pk}/numbers/")


def test_the_page_shows_scores_items_and_agreement_with_a_link_to_each_disagreement(
    cast: Cast, assessment: Assessment
) -> None:
    grading = graded(assessment)
    decide(grading, ASKED, Action.OVERRIDE, **MISSED)
    page = text_of(cast.owner, f"/assessments/{assessment.pk}/numbers/")
    assert "Could you walk on it afterwards?" in page
    assert f'href="/gradings/{grading.pk}/"' in page
    assert "too few to judge an item by" in page
    assert "0 of 1 verdicts that a person confirmed or changed were the machine" in page


@pytest.mark.parametrize("candidates", [1, 7])
def test_the_page_asks_the_database_as_often_for_seven_candidates_as_for_one(
    cast: Cast, assessment: Assessment, candidates: int
) -> None:
    for number in range(candidates):
        decide(graded(assessment, f"S-{number}"), ASKED, Action.OVERRIDE, **MISSED)
    client = browser(cast.owner)
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/assessments/{assessment.pk}/numbers/")
    assert len(asked) == 10


def test_the_sheet_of_grades_has_both_scores_and_every_item(cast: Cast, assessment: Assessment) -> None:
    grading = graded(assessment)
    decide(grading, ASKED, Action.OVERRIDE, **MISSED)
    head, row = table(browser(cast.owner), assessment, "csv")
    found = dict(zip(head, row, strict=True))
    assert found["student_id"] == "S-1"
    assert found["machine_score"] == str(grading.overall_score)
    assert float(found["score"]) == float(found["faculty_score"]) < float(found["machine_score"])
    assert found["Could you walk on it afterwards?"] == "0"


def test_moodle_gets_grade_and_feedback_with_the_comment(cast: Cast, assessment: Assessment) -> None:
    decide(graded(assessment), "grading", Action.COMMENT, comment="A kind manner.")
    (_, row) = table(browser(cast.owner), assessment, "moodle")
    assert row[0] == "S-1"
    assert row[3].startswith("Overall ")
    assert row[3].endswith("A kind manner.")


def test_an_export_is_kept_in_the_audit_trail(cast: Cast, assessment: Assessment) -> None:
    graded(assessment)
    table(browser(cast.colleague), assessment, "canvas")
    entry = AuditEntry.objects.get(action="export grades")
    assert (entry.actor, entry.detail) == (f"user:{cast.colleague.pk}", {"format": "canvas", "candidates": 1})


def test_where_grading_is_anonymous_files_hold_codes_and_none_for_other_systems(
    cast: Cast, assessment: Assessment
) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(anonymous_grading=True)
    graded(assessment, "S-SECRET")
    client = browser(cast.colleague)
    _, row = table(client, assessment, "csv")
    assert row[:3] == [Candidate.objects.get().code, "", ""]
    assert client.get(f"/assessments/{assessment.pk}/grades/moodle/").status_code == 403
    assert "Moodle" not in text_of(cast.colleague, f"/assessments/{assessment.pk}/numbers/")


def test_a_file_of_another_kind_is_not_there(cast: Cast, assessment: Assessment) -> None:
    assert browser(cast.owner).get(f"/assessments/{assessment.pk}/grades/docx/").status_code == 404


def compare(cast: Cast, assessment: Assessment, sheet: bytes) -> Any:
    file = SimpleUploadedFile("marks.csv", sheet, content_type="text/csv")
    return browser(cast.owner).post(f"/assessments/{assessment.pk}/numbers/", {"mark_sheet": file})


def test_a_mark_sheet_is_held_against_the_machine_and_nothing_is_stored(cast: Cast, assessment: Assessment) -> None:
    grading = graded(assessment)
    answer = compare(cast, assessment, b"candidate,weight_bearing,allergies\nS-1,0,1\nS-9,1,1\n")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 of 2 verdicts" in page
    assert "1 of 2 lines name nobody who has been graded here" in page
    assert not grading.decisions.exists()


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        pytest.param(b"", "no candidates", id="an empty file"),
        pytest.param(b"name,room\nAda,3\n", "No column is headed by an item", id="another table"),
        pytest.param(
            b"candidate,allergies\nS-9,1\n", "No line of the sheet names a graded candidate", id="another class"
        ),
        pytest.param(b"x" * (1024 * 1024 + 1), "at most 1 MiB", id="too large"),
        pytest.param(b"\xff\xfe\x00candidate", "no candidates", id="binary"),
    ],
)
def test_what_is_no_mark_sheet_gets_a_sentence_that_says_what_to_do(
    cast: Cast, assessment: Assessment, sheet: bytes, words: str
) -> None:
    graded(assessment)
    answer = compare(cast, assessment, sheet)
    assert answer.status_code == 400
    assert words in answer.content.decode()
