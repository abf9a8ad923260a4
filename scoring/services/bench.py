"""Trying a draft on stored submissions: asked for, graded in the background, cancelled. No grading is stored."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from rubrics.domain.document import rubric_from_mapping
from rubrics.domain.errors import FieldProblem, Malformed
from rubrics.models import RubricVersion
from scoring.access import Viewer
from scoring.domain.bench import Outcome, outcome_of
from scoring.domain.bench.grading import Judged, Rubrics, Sample, judge_all
from scoring.models import Assessment, BenchEntry, BenchRun, BenchState, Grading, Submission
from scoring.school import school_engine
from scoring.services.gradings import submission_inputs

logger = logging.getLogger(__name__)

TASK = "scoring.run_bench"
MAX_SUBMISSIONS = 500
KEPT_RUNS = 5
_STORED_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class BenchChoice:
    """Which stored submissions to try. None: no matter. rubric_id: graded by that rubric, in any version."""

    assessment: Assessment | None = None
    rubric_id: str | None = None
    since: date | None = None
    until: date | None = None
    at_most: int = 200


def bench_submissions(*, choice: BenchChoice, viewer: Viewer) -> list[Submission]:
    """The newest that fit and that the viewer may see, at most `choice.at_most`."""
    found = Submission.objects.filter(pk__in=Submission.objects.visible_to(viewer).values("pk"))
    if choice.assessment is not None:
        found = found.filter(assessment=choice.assessment)
    if choice.rubric_id is not None:
        graded = Grading.objects.filter(rubric_version__rubric__rubric_id=choice.rubric_id)
        found = found.filter(pk__in=graded.values("submission_id"))
    if choice.since is not None:
        found = found.filter(created_at__date__gte=choice.since)
    if choice.until is not None:
        found = found.filter(created_at__date__lte=choice.until)
    return list(found.only("pk").order_by("-created_at", "id")[: min(choice.at_most, MAX_SUBMISSIONS)])


@transaction.atomic
def bench_run_create(
    *,
    rubric_version: RubricVersion,
    baseline: RubricVersion,
    choice: BenchChoice,
    pass_mark: Decimal | None,
    viewer: Viewer,
    by_id: int,
    at: datetime,
) -> BenchRun:
    """Have a draft tried in the background. Raises Malformed when no submission fits.

    Earlier runs of the same person on the same draft make room: the newest few stay.
    """
    submissions = bench_submissions(choice=choice, viewer=viewer)
    if not submissions:
        message = "No stored interview of yours fits. Choose another assessment or other dates."
        raise Malformed(message, fields=(FieldProblem("assessment", message),))
    run = BenchRun.objects.create(
        rubric_version=rubric_version,
        baseline=baseline,
        content=rubric_version.content,
        content_sha256=rubric_version.content_sha256,
        requested_by_id=by_id,
        pass_mark=pass_mark,
        created_at=at,
    )
    BenchEntry.objects.bulk_create([BenchEntry(run=run, submission=submission) for submission in submissions])
    mine = BenchRun.objects.filter(requested_by_id=by_id, rubric_version=rubric_version)
    mine.filter(pk__in=list(mine.values_list("pk", flat=True)[KEPT_RUNS:])).delete()
    app.configure_task(TASK).defer(run_id=str(run.pk))
    return run


@transaction.atomic
def bench_run_cancel(*, run: BenchRun, at: datetime) -> BenchRun:
    """Stop after the submissions that are being graded; cancelling what has ended changes nothing."""
    current = BenchRun.objects.select_for_update().get(pk=run.pk)
    if current.state == BenchState.RUNNING:
        current.state, current.finished_at = BenchState.CANCELLED, at
        current.save(update_fields=["state", "finished_at"])
    return current


def bench_run_grade(*, run_id: str, now: Callable[[], datetime], processes: int) -> None:
    """Grade what is not graded yet. Stops when somebody cancels. May run twice: the same outcome is written again.

    now: asked for the time when it ends.
    """
    run = BenchRun.objects.select_related("baseline__rubric").filter(pk=run_id, state=BenchState.RUNNING).first()
    if run is None:
        return
    rubrics = Rubrics(run.baseline.document, rubric_from_mapping(run.content), school_engine())
    waiting = list(run.entries.filter(after__isnull=True, refusal="").values_list("submission_id", flat=True))
    known = _known_before(run, waiting)
    samples = [
        Sample(str(submission.pk), submission_inputs(submission), known.get(str(submission.pk)))
        for submission in Submission.objects.filter(pk__in=waiting)
    ]
    try:
        for part in _parts(judge_all(rubrics, samples, processes=processes)):
            if not _store(run, part):
                return
    except BrokenProcessPool:
        logger.exception("bench %s lost a process", run.pk)
        _end(run, BenchState.FAILED, now(), "A process of the bench died, most likely for want of memory. Try fewer.")
        return
    except Exception:
        # Nobody would wait for a run that no job works on any more.
        _end(run, BenchState.FAILED, now(), "Something went wrong on our side. Run it again.")
        raise
    _end(run, BenchState.DONE, now())


def _known_before(run: BenchRun, submission_ids: Sequence[UUID]) -> dict[str, Outcome]:
    """What gradings of the baseline by this engine say already need not be worked out again."""
    gradings = Grading.objects.filter(
        submission_id__in=submission_ids, rubric_version=run.baseline, engine_version=school_engine().version
    ).order_by("created_at", "id")
    stored = gradings.values_list("submission_id", "result").iterator(chunk_size=50)
    return {str(submission_id): outcome_of(result) for submission_id, result in stored}


def _parts(judged: Iterator[Judged]) -> Iterator[list[Judged]]:
    part: list[Judged] = []
    for one in judged:
        part.append(one)
        if len(part) == _STORED_AT_ONCE:
            yield part
            part = []
    if part:
        yield part


@transaction.atomic
def _store(run: BenchRun, part: Sequence[Judged]) -> bool:
    """False when the run was cancelled or deleted meanwhile; then nothing is stored any more."""
    current = BenchRun.objects.select_for_update().filter(pk=run.pk).first()
    if current is None or current.state != BenchState.RUNNING:
        return False
    entries = {str(e.submission_id): e for e in run.entries.filter(submission_id__in=[one.key for one in part])}
    changed = []
    for one in part:
        entry = entries.get(one.key)
        if entry is None:
            continue
        entry.refusal = one.refusal[:500]
        if one.before is not None and one.after is not None:
            entry.before, entry.after = one.before.model_dump(mode="json"), one.after.model_dump(mode="json")
        changed.append(entry)
    BenchEntry.objects.bulk_update(changed, ["before", "after", "refusal"])
    return True


def _end(run: BenchRun, state: BenchState, at: datetime, failure: str = "") -> None:
    BenchRun.objects.filter(pk=run.pk, state=BenchState.RUNNING).update(state=state, finished_at=at, failure=failure)
