"""The commands of the contract, as their users run them."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from grader.demo import ACCOUNTS
from grader.models import ApiKey, Scope, User
from rubrics.models import RubricVersion
from scoring.models import Grading
from tests.builders import document
from tests.cast import TRANSCRIPT, approved_rubric

pytestmark = pytest.mark.django_db


@pytest.fixture
def transcript(tmp_path: Path) -> Path:
    path = tmp_path / "interview.txt"
    path.write_text(TRANSCRIPT, encoding="utf-8")
    return path


def run(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run_refused(*arguments: object) -> str:
        with pytest.raises(SystemExit) as ended:
            run(*arguments)
        assert ended.value.code == 2
        (line,) = capsys.readouterr().err.strip().splitlines()
        return line

    return run_refused


def test_grade_prints_scores_feedback_and_citations_and_stores_nothing(transcript: Path) -> None:
    approved_rubric()
    text = run("grade", "--rubric", "ankle_v1", transcript)
    assert "overall" in text
    assert "rubric://ankle_v1#Q.weight_bearing" in text
    assert "student://oral#00:17–00:20" in text
    assert not Grading.objects.exists()


def test_grade_as_json_is_the_result_with_its_digest(transcript: Path) -> None:
    approved_rubric(version="1.2.0")
    result = json.loads(run("grade", "--rubric", "ankle_v1@1.2.0", transcript, "--format", "json"))
    assert result["rubric_version"] == "1.2.0"
    assert len(result["fingerprint"]["digest"]) == 64


def test_grade_reads_a_written_summary(transcript: Path, tmp_path: Path) -> None:
    approved_rubric()
    summary = tmp_path / "summary.txt"
    summary.write_text("A 23-year-old with an ankle injury.", encoding="utf-8")
    result = json.loads(run("grade", "--rubric", "ankle_v1", transcript, "--summary", summary, "--format", "json"))
    assert result["detailed_results"]["summary"]["source"] == "submitted"
    assert "student://summary#tokens=6" in json.dumps(result)


def test_grade_saves_only_when_told_whose_it_is(transcript: Path, refused: Callable[..., str]) -> None:
    approved_rubric()
    assert "--student" in refused("grade", "--rubric", "ankle_v1", transcript, "--save")
    run("grade", "--rubric", "ankle_v1", transcript, "--save", "--student", "S-9")
    assert Grading.objects.get().submission.student_id == "S-9"


@pytest.mark.parametrize(
    ("rubric", "content", "says"),
    [
        ("ankle", TRANSCRIPT.encode(), "no rubric ankle"),
        ("ankle_v1@7.0.0", TRANSCRIPT.encode(), "7.0.0"),
        ("ankle_v1", b"", "empty"),
        ("ankle_v1", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x02\xff", "binary"),
        ("ankle_v1", b"Patient: my ankle hurts", "no lines by a student"),
    ],
    ids=["prefix", "unknown version", "empty", "binary", "no student"],
)
def test_bad_input_ends_with_2_and_one_line_that_says_what_to_do(
    rubric: str, content: bytes, says: str, tmp_path: Path, refused: Callable[..., str]
) -> None:
    approved_rubric()
    path = tmp_path / "bad.txt"
    path.write_bytes(content)
    assert says in refused("grade", "--rubric", rubric, path)


def test_a_file_that_is_not_there_is_named(refused: Callable[..., str], tmp_path: Path) -> None:
    approved_rubric()
    assert "nowhere.txt can't be read" in refused("grade", "--rubric", "ankle_v1", tmp_path / "nowhere.txt")


def test_import_rubric_makes_a_draft_and_approves_on_request(tmp_path: Path) -> None:
    path = tmp_path / "ankle.json"
    path.write_text(json.dumps(document(status="approved")), encoding="utf-8")
    assert run("import_rubric", path).split() == ["ankle_v1", "1.0.0", "draft"]
    path.write_text(json.dumps(document(version="1.0.1")), encoding="utf-8")
    assert run("import_rubric", path, "--approve").split() == ["ankle_v1", "1.0.1", "approved"]


def test_import_rubric_refuses_what_is_no_rubric_and_what_exists(tmp_path: Path, refused: Callable[..., str]) -> None:
    path = tmp_path / "ankle.json"
    path.write_text("not json")
    assert "not JSON" in refused("import_rubric", path)
    path.write_text(json.dumps({**document(), "weights": {"structure": 2}}))
    assert "weights.structure" in refused("import_rubric", path)
    path.write_text(json.dumps(document()))
    run("import_rubric", path)
    assert "exists already" in refused("import_rubric", path)
    assert RubricVersion.objects.count() == 1


def test_create_api_key_prints_the_key_alone_and_makes_another_each_time() -> None:
    first, second = run("create_api_key", "registrar"), run("create_api_key", "registrar", "--scope", "read")
    assert first != second
    row = ApiKey.objects.get_from_key(first.strip())
    assert row.scopes == list(Scope.values)
    assert ApiKey.objects.get_from_key(second.strip()).scopes == ["read"]
    assert first.strip() not in str(ApiKey.objects.values_list())


def test_verify_grades_counts_and_fails_on_a_mismatch_alone(transcript: Path) -> None:
    approved_rubric()
    for student in ("S-1", "S-2", "S-3"):
        run("grade", "--rubric", "ankle_v1", transcript, "--save", "--student", student)
    assert run("verify_grades").startswith("3 match, 0 do not, 0 of another engine")
    ids = list(Grading.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE scoring_grading DISABLE TRIGGER gradings_are_immutable")
        cursor.execute("UPDATE scoring_grading SET engine_version = '0.9.0' WHERE id = %s", [ids[0]])
        assert run("verify_grades").startswith("2 match, 0 do not, 1 of another engine")
        cursor.execute("UPDATE scoring_grading SET digest = repeat('a', 64) WHERE id = %s", [ids[1]])
    with pytest.raises(SystemExit) as ended:
        run("verify_grades")
    assert ended.value.code == 1
    assert run("verify_grades", "--since", "2999-01-01").startswith("0 match")


def test_evaluate_compares_with_a_mark_sheet(tmp_path: Path, refused: Callable[..., str]) -> None:
    assert "labels" in refused("evaluate", "--gold", tmp_path)
    for folder in ("labels", "rubrics", "transcripts"):
        (tmp_path / folder).mkdir()
    (tmp_path / "transcripts" / "one.txt").write_text(TRANSCRIPT, encoding="utf-8")
    (tmp_path / "rubrics" / "ankle.json").write_text(json.dumps({"key_questions": document()["key_questions"]}))
    marks = {
        "weight_bearing": {"asked": True, "evidence": [5], "sure": True},
        "allergies": {"asked": False, "evidence": [], "sure": False},
    }
    label = {"rubric": "ankle", "questions": marks, "sections": {"1": "CC", "7": "ALL"}}
    (tmp_path / "labels" / "one.json").write_text(json.dumps(label))
    report = json.loads(run("evaluate", "--gold", tmp_path, "--format", "json"))
    assert report["questions"]["items"] == 2
    assert report["sure_only"]["items"] == 1
    (disagreement,) = report["disagreements"]
    assert (disagreement["question"], disagreement["engine"], disagreement["person"]) == ("allergies", True, False)
    assert "allergies" in disagreement["quote"]
    assert report["sections"]["turns"] == 2
    item = report["by_item"]["ankle"]["allergies"]
    assert (item["n"], item["agree"], item["engine_only"], item["kappa"]) == (1, 0, 1, 0.0)
    assert "allergies: engine only" in run("evaluate", "--gold", tmp_path)


def test_load_demo_can_be_repeated_and_loses_nothing(settings: Settings) -> None:
    settings.DEBUG = True
    said = run("load_demo")
    before = (RubricVersion.objects.count(), Grading.objects.count(), User.objects.count())
    assert before == (8, 18, len(ACCOUNTS))
    for account in ACCOUNTS:
        assert account.username in said
    run("load_demo")
    assert (RubricVersion.objects.count(), Grading.objects.count(), User.objects.count()) == before
