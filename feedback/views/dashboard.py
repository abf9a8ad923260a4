"""The first page after signing in: what waits for a faculty member; students go to their feedback."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from feedback.assessment_overview import overviews, recent_changes
from feedback.services.samples import sample_class_load
from rubrics.models import RubricVersion
from scoring.access import Viewer, viewer_of
from scoring.models import Assessment
from scoring.views.reach import faculty_viewer

_SHOWN = 12


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request.user)
    if viewer == Viewer():
        return redirect("my-feedback")
    current = Assessment.objects.visible_to(viewer).current()
    found = overviews(current, at=timezone.now())
    context = {
        "waiting": [overview for overview in found if overview.waits][:_SHOWN],
        "others": [overview for overview in found if not overview.waits][:_SHOWN],
        "changes": recent_changes(current),
        "is_new": not found,
        "has_rubric": bool(found) or RubricVersion.objects.approved().exists(),
    }
    return render(request, "feedback/dashboard.html", context)


@require_POST
@login_required
def sample_class(request: HttpRequest) -> HttpResponse:
    """A class to look around in, in an assessment of one's own."""
    batch = sample_class_load(viewer=faculty_viewer(request), at=timezone.now())
    messages.success(request, "This is a sample class. It is being graded; nobody else sees it but coordinators.")
    return redirect("batch", batch_id=batch.pk)
