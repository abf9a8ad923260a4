"""The same inputs give the same digest in every process, whatever its hash seed, locale, time zone or threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_golden import ROOT, SAMPLES, sample_id

GRADE_ALL = """
from rubrics.domain.document import rubric_from_json
from scoring.domain.pipeline import grade
from tests.test_golden import LIBRARY, SAMPLES, sample_inputs
for path in SAMPLES:
    rubric = rubric_from_json((LIBRARY / f"{path.parent.name}.json").read_bytes())
    print(path.parent.name, path.stem, grade(rubric, sample_inputs(path)).result.fingerprint.digest)
"""

ENVIRONMENTS = {
    "seed 0, one thread": {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    "seed 4242, Turkish, Kathmandu, threads": {
        "PYTHONHASHSEED": "4242",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "tr_TR.UTF-8",
        "TZ": "Asia/Kathmandu",
        "OMP_NUM_THREADS": "4",
        "OPENBLAS_NUM_THREADS": "4",
    },
    "ASCII locale, optimised": {"PYTHONHASHSEED": "7", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONOPTIMIZE": "1"},
}


def digests(environment: dict[str, str]) -> str:
    finished = subprocess.run(
        [sys.executable, "-c", GRADE_ALL],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def expected() -> str:
    golden = [(path, Path(ROOT / "tests" / "golden" / f"{sample_id(path)}.txt").read_text("utf-8")) for path in SAMPLES]
    return "".join(f"{path.parent.name} {path.stem} {text.split('digest ')[1].split()[0]}\n" for path, text in golden)


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=list(ENVIRONMENTS))
def test_every_process_gives_the_digests_of_the_golden_gradings(environment: dict[str, str], expected: str) -> None:
    assert digests(environment) == expected
