"""docs/settings.md and the code say the same."""

from __future__ import annotations

import os
import re
import runpy
from pathlib import Path

import pytest

from grader import settings as project_settings
from grader.env import Environment

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "settings.md").read_text()
DOCUMENTED = set(re.findall(r"^\| `([A-Z][A-Z_]+)` \|", PAGE, flags=re.MULTILINE))
# Asked for under a name of its own by the programs that these modules configure.
READ_BY_OTHERS = {"PROMETHEUS_MULTIPROC_DIR"}


@pytest.fixture(scope="module")
def read_by_the_code() -> set[str]:
    before = dict(os.environ)
    try:
        gunicorn = runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py"))
        Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).rmdir()
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert isinstance(gunicorn["env"], Environment)
    return project_settings.ENV.names | gunicorn["env"].names | READ_BY_OTHERS


def test_every_variable_that_is_read_is_documented(read_by_the_code: set[str]) -> None:
    assert read_by_the_code - DOCUMENTED == set()


def test_every_documented_variable_is_read(read_by_the_code: set[str]) -> None:
    assert DOCUMENTED - read_by_the_code == set()


def test_the_example_file_names_documented_variables_only() -> None:
    named = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    assert named
    assert named - DOCUMENTED == set()


def test_no_module_reads_the_environment_past_the_settings() -> None:
    """A variable read elsewhere would be neither checked nor documented."""
    allowed = {"grader/settings.py", "grader/gunicorn_logs.py", "grader/wsgi.py", "grader/management/commands/demo.py"}
    # Set by gunicorn's configuration for prometheus_client.
    allowed |= {"grader/metrics.py"}
    readers = {
        str(path.relative_to(ROOT))
        for app in ("rubrics", "scoring", "feedback", "grader")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"os\.environ|getenv", path.read_text())
    }
    assert readers - allowed == set()


def _documented_defaults() -> dict[str, str]:
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \|", PAGE, flags=re.MULTILINE)
    return {name: default.strip("` ") for name, default in rows}


@pytest.mark.parametrize(
    ("variable", "setting"),
    [
        ("PORT", "PORT"),
        ("THREADS", "THREADS"),
        ("LOG_LEVEL", "LOG_LEVEL"),
        ("WORKER_CONCURRENCY", "WORKER_CONCURRENCY"),
        ("WORKER_METRICS_PORT", "WORKER_METRICS_PORT"),
    ],
)
def test_documented_defaults_are_the_real_ones(variable: str, setting: str) -> None:
    if variable in os.environ:
        pytest.skip(f"{variable} is set here")
    assert _documented_defaults()[variable] == str(getattr(project_settings, setting))
