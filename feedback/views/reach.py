"""How pages reach a batch or a grading: absent and not yours answer alike."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from scoring.access import viewer_of
from scoring.models import Batch, Grading
from scoring.views.reach import faculty_viewer


def visible_batch(request: HttpRequest, batch_id: UUID) -> Batch:
    batch = (
        Batch.objects.visible_to(faculty_viewer(request))
        .select_related("assessment__rubric_version__rubric", "created_by")
        .filter(pk=batch_id)
        .first()
    )
    if batch is None:
        raise Http404
    return batch


def visible_grading(request: HttpRequest, grading_id: UUID) -> Grading:
    grading = (
        Grading.objects.visible_to(viewer_of(request.user))
        .with_context()
        .select_related("release__released_by", "submission__candidate")
        .filter(pk=grading_id)
        .first()
    )
    if grading is None:
        raise Http404
    return grading
