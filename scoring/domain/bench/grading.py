"""Grading for the bench, in this process or in others.

Interviews do not depend on one another, so they are handed to processes that hold the two rubrics already. Each is
started afresh: forking a worker that has threads copies locks that nobody will open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from rubrics.domain.document import RubricDocument
from rubrics.domain.errors import Refusal
from scoring.domain.bench.outcome import Outcome, outcome_of
from scoring.domain.engine import STANDARD, Engine
from scoring.domain.pipeline import SubmissionInputs, judge_submission

_WORTH_A_PROCESS = 12
"""Fewer interviews than this are graded before another process has loaded the engine."""


@dataclass(frozen=True, slots=True)
class Sample:
    """key: the caller's own. before: what is known already; None has it graded with the baseline."""

    key: str
    inputs: SubmissionInputs
    before: Outcome | None


@dataclass(frozen=True, slots=True)
class Judged:
    """refusal: why it can't be graded, in words for a person; then there is no outcome."""

    key: str
    before: Outcome | None
    after: Outcome | None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Rubrics:
    baseline: RubricDocument
    draft: RubricDocument
    engine: Engine = STANDARD


_rubrics: list[Rubrics] = []


def judge(rubrics: Rubrics, sample: Sample) -> Judged:
    try:
        before = sample.before or _outcome(rubrics.baseline, sample, rubrics.engine)
        return Judged(sample.key, before, _outcome(rubrics.draft, sample, rubrics.engine))
    except Refusal as refusal:
        return Judged(sample.key, None, None, refusal.message)


def _outcome(rubric: RubricDocument, sample: Sample, engine: Engine) -> Outcome:
    return outcome_of(judge_submission(rubric, sample.inputs, engine).result.as_json())


def judge_all(rubrics: Rubrics, samples: Sequence[Sample], *, processes: int) -> Iterator[Judged]:
    """One after the other as they are done, in the order given. Leaving the iteration early stops the processes."""
    if processes <= 1 or len(samples) < _WORTH_A_PROCESS:
        yield from (judge(rubrics, sample) for sample in samples)
        return
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_take, initargs=(rubrics,))
    try:
        yield from pool.map(_judge_here, samples, chunksize=2)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _take(rubrics: Rubrics) -> None:
    _rubrics[:] = [rubrics]


def _judge_here(sample: Sample) -> Judged:
    return judge(_rubrics[0], sample)
