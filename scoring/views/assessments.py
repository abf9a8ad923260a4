"""Setting up a station, changing it, putting it away; seeing who stands behind the codes."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from rubrics.domain.errors import Refusal
from rubrics.models import RubricVersion
from scoring.forms import AssessmentForm, RevealForm
from scoring.models import Assessment
from scoring.refusals import add_refusal
from scoring.services.assessments import (
    assessment_archive,
    assessment_create,
    assessment_restore,
    assessment_update,
    identity_reveal,
)
from scoring.views.reach import faculty_viewer, managed_assessment, visible_assessment


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def assessment_new(request: HttpRequest) -> HttpResponse:
    viewer = faculty_viewer(request)
    form = _form(request, None, may_choose_owner=viewer.sees_everything)
    if request.method == "POST" and form.is_valid():
        try:
            assessment = assessment_create(plan=form.plan, viewer=viewer, at=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "The assessment is set up. Add its candidates next.")
            return redirect("class-list", assessment_id=assessment.pk)
    return _form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def assessment_edit(request: HttpRequest, assessment_id: int) -> HttpResponse:
    viewer = faculty_viewer(request)
    assessment = managed_assessment(request, assessment_id)
    form = _form(request, assessment, may_choose_owner=viewer.sees_everything)
    if request.method == "POST" and form.is_valid():
        try:
            assessment_update(assessment=assessment, plan=form.plan, viewer=viewer, at=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("assessment", assessment_id=assessment.pk)
    return _form_page(request, form, assessment)


def _form(request: HttpRequest, assessment: Assessment | None, *, may_choose_owner: bool) -> AssessmentForm:
    data = request.POST if request.method == "POST" else None
    return AssessmentForm(data, assessment=assessment, may_choose_owner=may_choose_owner, user=request.user)


def _form_page(request: HttpRequest, form: AssessmentForm, assessment: Assessment | None) -> HttpResponse:
    visible = Assessment.objects.visible_to(faculty_viewer(request))
    context = {
        "form": form,
        "assessment": assessment,
        "courses": visible.order_by("course").values_list("course", flat=True).distinct(),
        "no_rubric": not RubricVersion.objects.approved().exists(),
    }
    return render(request, "scoring/assessment_form.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def assessment_put_away(request: HttpRequest, assessment_id: int) -> HttpResponse:
    viewer = faculty_viewer(request)
    assessment = managed_assessment(request, assessment_id)
    if assessment.archived_at is None:
        assessment_archive(assessment=assessment, viewer=viewer, at=timezone.now())
        messages.success(request, "Put away. It is out of the lists; everything in it stays.")
    else:
        assessment_restore(assessment=assessment, viewer=viewer, at=timezone.now())
        messages.success(request, "Back in the lists.")
    return redirect("assessment", assessment_id=assessment.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reveal(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """For the whole class, or for one candidate named by `?candidate=`."""
    viewer = faculty_viewer(request)
    assessment = visible_assessment(request, assessment_id)
    chosen = request.GET.get("candidate", "")
    candidate = get_object_or_404(assessment.candidates, pk=chosen) if chosen.isdigit() else None
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            identity_reveal(
                assessment=assessment,
                candidate=candidate,
                reason=form.cleaned_data["reason"],
                viewer=viewer,
                at=timezone.now(),
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "You see the names now. Your reason is kept.")
            return redirect("assessment", assessment_id=assessment.pk)
    context = {"assessment": assessment, "candidate": candidate, "form": form}
    return render(request, "scoring/reveal.html", context, status=422 if form.errors else 200)
