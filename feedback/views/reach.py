"""How pages reach a batch: absent and not yours answer alike."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from scoring.models import Batch
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
