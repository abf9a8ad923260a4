"""Where rubric versions are used, as far as the viewer sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Avg, Count, Max

from scoring.access import Viewer
from scoring.models import Assessment, Grading


@dataclass(frozen=True, slots=True)
class Usage:
    """stations: names of the viewer's assessments that grade with the version. mean: of the machine's overall scores,
    in [0, 1]; None without gradings. All of it counts what the viewer sees and nothing else.
    """

    stations: tuple[str, ...] = ()
    gradings: int = 0
    mean: Decimal | None = None
    last_used: datetime | None = None


def usage_of(version_ids: Sequence[int], viewer: Viewer) -> Mapping[int, Usage]:
    """By version; two queries, however many versions there are."""
    stations: dict[int, list[str]] = {}
    assessments = Assessment.objects.visible_to(viewer).filter(rubric_version_id__in=version_ids)
    for version_id, course, station in assessments.values_list("rubric_version_id", "course", "station"):
        stations.setdefault(version_id, []).append(f"{course}: {station}")
    seen = Grading.objects.visible_to(viewer).filter(rubric_version_id__in=version_ids).values("pk")
    counted = (
        Grading.objects.filter(pk__in=seen)
        .order_by()
        .values("rubric_version_id")
        .annotate(number=Count("pk"), mean=Avg("overall_score"), last=Max("created_at"))
    )
    graded = {row["rubric_version_id"]: row for row in counted}
    return {
        version_id: Usage(
            tuple(stations.get(version_id, ())),
            graded[version_id]["number"] if version_id in graded else 0,
            graded[version_id]["mean"] if version_id in graded else None,
            graded[version_id]["last"] if version_id in graded else None,
        )
        for version_id in version_ids
    }
