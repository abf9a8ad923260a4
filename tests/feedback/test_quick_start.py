"""The quick starts of docs/api.md, run as they are written; and a client generated from the schema, used."""

from __future__ import annotations

import csv
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from feedback.tasks import grade_batch
from scoring.models import Batch, BatchState, Grading
from tests.cast import key

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    section = PAGE[PAGE.index("## Quick start") : PAGE.index("## Grade\n")]
    (found,) = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return str(found)


@pytest.fixture
def environment(live_server: LiveServer) -> dict[str, str]:
    call_command("import_rubric", str(ROOT / "rubrics/library/stroke_v1.json"), "--approve", stdout=StringIO())
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "GRADER_URL": live_server.url, "GRADER_KEY": key()}


@pytest.fixture
def worker() -> Iterator[None]:
    """Grades batches as the queue worker does."""
    stop = threading.Event()

    def work() -> None:
        while not stop.wait(0.1):
            for batch in Batch.objects.filter(state=BatchState.RUNNING):
                grade_batch.func(batch_id=str(batch.pk))
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()


def run(command: list[str], environment: dict[str, str], folder: Path, text: str = "") -> str:
    done = subprocess.run(
        command, input=text, env=environment, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_quick_start_with_curl_grades_once_however_often_it_runs(
    environment: dict[str, str], tmp_path: Path
) -> None:
    for _ in range(2):
        run(["bash", "-e"], environment, tmp_path, block("sh"))
    grading = json.loads((tmp_path / "grading.json").read_text(encoding="utf-8"))
    assert grading["student_id"] == "S-017"
    assert Grading.objects.count() == 1


@pytest.mark.usefixtures("worker")
def test_the_quick_start_with_python_grades_a_batch(environment: dict[str, str], tmp_path: Path) -> None:
    told = run([sys.executable, "-c", block("python")], environment, tmp_path)
    assert [line.split()[0] for line in told.splitlines()] == ["S-018", "S-019"]


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed; .ci/run installs it")
def test_the_quick_start_with_r_makes_a_table_of_scores(environment: dict[str, str], tmp_path: Path) -> None:
    run(["bash", "-e"], environment, tmp_path, block("sh"))
    (tmp_path / "study.R").write_text(block("r"), encoding="utf-8")
    run(["Rscript", "study.R"], environment, tmp_path)
    with (tmp_path / "scores.csv").open(encoding="utf-8") as table:
        (row,) = csv.DictReader(table)
    assert (row["student_id"], row["rubric_id"]) == ("S-017", "stroke_v1")
    assert float(row["overall_score"]) == float(Grading.objects.get().overall_score)


def test_a_public_generator_makes_a_client_that_grades(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = Path(sys.executable).with_name("openapi-python-client")
    schema = tmp_path / "schema.json"
    with schema.open("w", encoding="utf-8") as output:
        call_command("spectacular", "--format", "openapi-json", "--fail-on-warn", stdout=output)
    with_tools = {**environment, "PATH": f"{generator.parent}:{environment['PATH']}"}
    arguments = ["generate", "--path", str(schema), "--output-path", "grader_client", "--meta", "none"]
    run([str(generator), *arguments, "--fail-on-warning"], with_tools, tmp_path)

    monkeypatch.syspath_prepend(tmp_path)
    client = importlib.import_module("grader_client")
    models = importlib.import_module("grader_client.models")
    grade = importlib.import_module("grader_client.api.api.grade")
    body = models.GradeBody.from_dict(
        {
            "rubric_id": "stroke_v1",
            "student_id": "S-020",
            "submission": {"oral_transcript": "Student: What brings you in?\nPatient: My arm went weak."},
        }
    )
    with client.Client(environment["GRADER_URL"], headers={"X-API-Key": environment["GRADER_KEY"]}) as connected:
        grading = grade.sync(client=connected, body=body)
    assert grading.student_id == "S-020"
    assert grading.feedback.sections
