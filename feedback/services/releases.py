"""What students may read."""

from __future__ import annotations

from datetime import datetime

from feedback.models import Release
from scoring.models import Grading


def grading_release(*, grading: Grading, by_id: int, at: datetime) -> Release:
    """Let the student read this grading. Releasing again changes nothing: the first release stands."""
    release, _ = Release.objects.get_or_create(grading=grading, defaults={"released_by_id": by_id, "released_at": at})
    return release
