"""`make bench`: how long a grading takes, and how much memory a process needs that has everything loaded.

Prints the conditions with the figures. Nothing here is asserted: a timed test fails on somebody else's busy machine.
With `ARGS='--gold DIR'` it also prints the agreement with the annotated interviews in DIR.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from feedback.domain.compose import compose_feedback
from rubrics.domain.document import RubricDocument, rubric_from_json
from scoring.domain.matching import match_questions
from scoring.domain.matching.model import Question
from scoring.domain.pipeline import SubmissionInputs, grade
from scoring.domain.segmentation import label_sections
from scoring.domain.terms import Style
from scoring.domain.transcript import parse_transcript

LIBRARY = Path(__file__).resolve().parent.parent / "rubrics" / "library"
TURNS = 150
RUNS = 40

MEMORY = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grader.settings")
import django; django.setup()
import grader.urls
from tests.bench import interview, library_rubric
from scoring.domain.pipeline import SubmissionInputs, grade
grade(library_rubric(), SubmissionInputs(interview(150)))
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""


def library_rubric() -> RubricDocument:
    return rubric_from_json((LIBRARY / "abdominal_pain_v1.json").read_bytes())


def interview(turns: int) -> str:
    """A real-sounding interview of exactly so many turns: the strong sample, begun again until it is long enough."""
    lines = (LIBRARY / "samples" / "abdominal_pain_v1" / "strong.txt").read_text(encoding="utf-8").splitlines()
    spoken = [line.partition("] ")[2] for line in lines if line.startswith("[")]
    chosen = [spoken[index % len(spoken)] for index in range(turns)]
    return "\n".join(f"[{index * 6 // 60:02d}:{index * 6 % 60:02d}] {line}" for index, line in enumerate(chosen))


def milliseconds(work: Callable[[], object], runs: int = RUNS) -> list[float]:
    work()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return times


def report(name: str, times: list[float]) -> float:
    median = statistics.median(times)
    ninetieth = statistics.quantiles(times, n=10)[-1]
    print(f"{name:<44} median {median:7.2f} ms   90th percentile {ninetieth:7.2f} ms   ({len(times)} runs)")
    return median


def bench_speed() -> None:
    rubric, text = library_rubric(), interview(TURNS)
    inputs = SubmissionInputs(text)
    transcript = parse_transcript(text)
    sections = label_sections(transcript.utterances)
    questions = [Question(q.id, q.anchor, q.label, tuple(q.phrases), critical=q.critical) for q in rubric.key_questions]
    graded = grade(rubric, inputs)
    print(f"{len(transcript.utterances)} turns, {len(questions)} questions, one core, phrases cached")
    report("parse", milliseconds(lambda: parse_transcript(text)))
    report("sections", milliseconds(lambda: label_sections(transcript.utterances)))
    report("questions", milliseconds(lambda: match_questions(questions, transcript.utterances, sections, None)))
    report("grade, all of the above and the rest", milliseconds(lambda: grade(rubric, inputs)))
    report(
        "feedback", milliseconds(lambda: compose_feedback(graded.result, rubric, graded.sources, Style.CONSTRUCTIVE))
    )
    double = report("grade, twice the turns", milliseconds(lambda: grade(rubric, SubmissionInputs(interview(300))), 10))
    single = report("grade, once", milliseconds(lambda: grade(rubric, inputs), 10))
    print(f"{'twice the turns take':<44} {double / single:.2f} times as long")


def bench_memory() -> None:
    finished = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)
    print(f"{'resident memory, everything loaded':<44} {int(finished.stdout.split()[-1]) / 1024:.0f} MiB")
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "from scoring.domain.matching import load; load()"], check=True, capture_output=True
    )
    print(f"{'a process that loads the engine':<44} {time.perf_counter() - started:.2f} s")


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--gold", type=Path)
    gold = arguments.parse_args().gold
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores")
    bench_speed()
    bench_memory()
    if gold is not None:
        subprocess.run([sys.executable, "manage.py", "evaluate", "--gold", str(gold)], check=True)


if __name__ == "__main__":
    main()
