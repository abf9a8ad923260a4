"""The library: every rubric with its versions, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.db.models import Q
from django.http import QueryDict

from rubrics.domain.document import RubricStatus
from rubrics.models import Rubric, RubricVersion
from scoring.rubric_usage import Usage

_LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class LibrarySearch:
    """What the address asks for; what it does not know counts as not asked."""

    words: str = ""
    specialty: str = ""
    status: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        status = query.get("status", "")
        return cls(
            words=" ".join(query.get("q", "").replace("\x00", "").split())[:_LONGEST_SEARCH],
            specialty=query.get("specialty", "").replace("\x00", "").strip()[:_LONGEST_SEARCH],
            status=status if status in set(RubricStatus) else "",
        )

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.specialty or self.status)

    @property
    def query(self) -> str:
        """For links to other pages of the same list."""
        query = QueryDict(mutable=True)
        query.update(
            {k: v for k, v in (("q", self.words), ("specialty", self.specialty), ("status", self.status)) if v}
        )
        return query.urlencode()

    def versions(self) -> Q:
        """Versions that fit; every word must be in the title, the name or the specialty."""
        fits = Q()
        for word in self.words.split():
            fits &= Q(title__icontains=word) | Q(rubric__rubric_id__icontains=word) | Q(specialty__icontains=word)
        if self.specialty:
            fits &= Q(specialty__iexact=self.specialty)
        if self.status:
            fits &= Q(status=self.status)
        return fits


@dataclass(frozen=True, slots=True)
class VersionRow:
    version: RubricVersion
    usage: Usage


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """A rubric. newest: its newest version among those that fit; older: the others, folded away."""

    rubric: Rubric
    newest: VersionRow
    older: tuple[VersionRow, ...]

    @property
    def title(self) -> str:
        return self.newest.version.title or self.rubric.rubric_id


def library_entries(versions: list[RubricVersion], usage: Mapping[int, Usage]) -> tuple[LibraryEntry, ...]:
    """Versions come grouped by rubric, newest first within each."""
    grouped: dict[int, list[VersionRow]] = {}
    for version in versions:
        grouped.setdefault(version.rubric_id, []).append(VersionRow(version, usage.get(version.pk, Usage())))
    return tuple(LibraryEntry(rows[0].version.rubric, rows[0], tuple(rows[1:])) for rows in grouped.values())
