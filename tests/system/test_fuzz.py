"""The running API under Schemathesis, in short; `make fuzz` asks ten thousand times."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

ROOT = Path(__file__).resolve().parents[2]
SCHEMATHESIS = ROOT / ".venv-fuzz" / "bin" / "schemathesis"


@pytest.mark.skipif(not SCHEMATHESIS.exists(), reason="type `make setup-fuzz` first; .ci/run does")
def test_no_generated_request_gets_an_answer_that_the_document_does_not_have() -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--phases=fuzzing,stateful", "--examples=8"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
