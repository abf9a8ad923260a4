"""The bench: choose stored interviews, have the draft tried on them, see who would be graded otherwise."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rubrics.domain.errors import Malformed, Refusal
from rubrics.models import Rubric, RubricVersion
from rubrics.views.access import faculty_page, person_id, version_or_404
from scoring.access import Viewer, viewer_of
from scoring.models import Assessment, BenchEntry, BenchRun, BenchState, Submission
from scoring.presentation.bench import bench_findings
from scoring.presentation.bench_form import BenchForm
from scoring.services.bench import MAX_SUBMISSIONS, bench_run_cancel, bench_run_create


@require_http_methods(["GET", "HEAD", "POST"])
@faculty_page
def bench_page(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    draft, viewer = version_or_404(rubric_id, version), viewer_of(request.user)
    if request.method != "POST":
        return _chooser(request, draft, viewer, BenchForm.fresh(draft))
    form = BenchForm.from_post(request.POST)
    try:
        run = bench_run_create(
            rubric_version=draft,
            baseline=version_or_404(rubric_id, form.baseline),
            choice=form.choice(viewer),
            pass_mark=form.mark(),
            viewer=viewer,
            by_id=person_id(request),
            at=timezone.now(),
        )
    except Refusal as refusal:
        status = 400 if isinstance(refusal, Malformed) else 409
        return _chooser(request, draft, viewer, form, refusal=refusal.message, status=status)
    return redirect("rubric-bench-run", rubric_id, version, run.pk)


def _chooser(
    request: HttpRequest, draft: RubricVersion, viewer: Viewer, form: BenchForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    versions = RubricVersion.objects.of(draft.rubric.rubric_id).newest_first().defer("content")
    context = {
        "version": draft,
        "form": form,
        "refusal": refusal,
        "most": MAX_SUBMISSIONS,
        "assessments": Assessment.objects.visible_to(viewer),
        "rubrics": Rubric.objects.order_by("rubric_id"),
        "baselines": versions,
        "runs": BenchRun.objects.of_person(viewer.user_id).filter(rubric_version=draft).with_progress(),
    }
    return render(request, "scoring/bench.html", context, status=status)


@require_safe
@faculty_page
def bench_run_page(request: HttpRequest, rubric_id: str, version: str, run_id: UUID) -> HttpResponse:
    run = _own_run(request, rubric_id, version, run_id)
    template = "scoring/_bench_run.html" if getattr(request, "htmx", False) else "scoring/bench_run.html"
    return render(request, template, _run_context(request, run))


def _run_context(request: HttpRequest, run: BenchRun) -> dict[str, Any]:
    """What is shown of a run is read through `visible_to` anew: access may have ended since it was asked for."""
    seen = Submission.objects.visible_to(viewer_of(request.user)).values("pk")
    entries = BenchEntry.objects.filter(run=run, submission_id__in=seen).select_related(
        "submission__assessment", "submission__candidate"
    )
    settled = sum(1 for entry in (entries if run.state == BenchState.RUNNING else ()) if entry.after or entry.refusal)
    return {
        "run": run,
        "version": run.rubric_version,
        "is_running": run.state == BenchState.RUNNING,
        "total": entries.count(),
        "settled": settled,
        "findings": None if run.state == BenchState.RUNNING else bench_findings(list(entries), run.pass_mark),
        "is_outdated": run.content_sha256 != run.rubric_version.content_sha256,
    }


@require_POST
@faculty_page
def bench_run_cancel_page(request: HttpRequest, rubric_id: str, version: str, run_id: UUID) -> HttpResponse:
    bench_run_cancel(run=_own_run(request, rubric_id, version, run_id), at=timezone.now())
    return redirect("rubric-bench-run", rubric_id, version, run_id)


def _own_run(request: HttpRequest, rubric_id: str, version: str, run_id: UUID) -> BenchRun:
    draft = version_or_404(rubric_id, version)
    runs = BenchRun.objects.of_person(viewer_of(request.user).user_id).filter(rubric_version=draft)
    run = runs.select_related("rubric_version__rubric", "baseline__rubric").filter(pk=run_id).first()
    if run is None:
        raise Http404
    return run
