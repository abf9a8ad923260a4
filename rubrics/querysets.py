"""How rubric versions are looked up. Rubrics are a school's common property: every signed-in person reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from rubrics.domain.document import RubricStatus
from rubrics.domain.semver import SemanticVersion

if TYPE_CHECKING:
    from rubrics.models import RubricVersion


class RubricVersionQuerySet(models.QuerySet["RubricVersion"]):
    def of(self, rubric_id: str) -> Self:
        return self.filter(rubric__rubric_id=rubric_id).select_related("rubric")

    def approved(self) -> Self:
        return self.filter(status=RubricStatus.APPROVED)

    def drafts(self) -> Self:
        return self.filter(status=RubricStatus.DRAFT)

    def numbered(self, version: SemanticVersion) -> Self:
        return self.filter(major=version.major, minor=version.minor, patch=version.patch)

    def locked(self, pk: int) -> RubricVersion:
        """One version, held until the transaction ends; whoever else wants to change it waits. Raises DoesNotExist."""
        return self.select_for_update(of=("self",)).select_related("rubric").get(pk=pk)

    def newest_first(self) -> Self:
        return self.order_by("-major", "-minor", "-patch")

    def with_people(self) -> Self:
        return self.select_related("created_by", "updated_by")
