"""The same verdicts whatever the processor's vector units, the hash seed and the number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = """
import hashlib
from numpy._core._multiarray_umath import __cpu_features__ as features
from scoring.domain.matching import match_questions
from scoring.domain.matching.model import Question
from scoring.domain.transcript.model import Speaker, Utterance
rows = [line.split("|") for line in open("tests/scoring/matching/specialties.txt", encoding="utf-8") if "|" in line]
questions = tuple(Question(str(n), f"#{n}", r[1].strip(), tuple(r[2].split(";"))) for n, r in enumerate(rows))
said = tuple(Utterance(n + 1, Speaker.STUDENT if n % 3 else Speaker.PATIENT, r[3]) for n, r in enumerate(rows))
found = match_questions(questions, said, (None,) * len(said))
print(",".join(sorted(name for name, on in features.items() if on)))
print(hashlib.sha256(repr(found).encode()).hexdigest())
"""
DISPATCHED = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"


def run(**environment: str) -> tuple[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NPY_")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env={**inherited, **environment}, check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    features, digest = done.stdout.split()
    return features, digest


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_the_hash_seed_and_the_threads_change_nothing(seed: str) -> None:
    assert run()[1] == run(PYTHONHASHSEED=seed, OMP_NUM_THREADS=seed[:1], OPENBLAS_NUM_THREADS=seed[:1])[1]


def test_the_vector_units_change_nothing() -> None:
    with_all, digest = run()
    if "X86_V3" not in with_all.split(","):
        pytest.skip("numpy dispatches nothing beyond its baseline on this processor")
    without, digest_without = run(NPY_DISABLE_CPU_FEATURES=DISPATCHED, OPENBLAS_CORETYPE="Prescott")
    assert "X86_V3" not in without.split(","), "numpy's dispatch did not change, so this test would prove nothing"
    assert digest == digest_without
