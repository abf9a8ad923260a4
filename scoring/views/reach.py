"""How pages reach an assessment: absent and not yours answer alike."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from scoring.access import Viewer, viewer_of
from scoring.models import Assessment


def faculty_viewer(request: HttpRequest) -> Viewer:
    """Who is looking; a student finds nothing here, not even that it exists."""
    viewer = viewer_of(request.user)
    if viewer == Viewer():
        raise Http404
    return viewer


def visible_assessment(request: HttpRequest, pk: int) -> Assessment:
    found = (
        Assessment.objects.visible_to(viewer_of(request.user))
        .select_related("rubric_version__rubric", "owner")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def manages(request: HttpRequest, assessment: Assessment) -> bool:
    return Assessment.objects.managed_by(viewer_of(request.user)).filter(pk=assessment.pk).exists()


def managed_assessment(request: HttpRequest, pk: int) -> Assessment:
    """404 for what one does not see, 403 for what one grades but does not own."""
    assessment = visible_assessment(request, pk)
    if not manages(request, assessment):
        raise PermissionDenied
    return assessment
