"""Finding gradings in the list: by words and by what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q

from scoring.querysets import GradingQuerySet

STATES: dict[str, tuple[str, Q]] = {
    "": ("All", Q()),
    "uncertain": ("Uncertain items", Q(uncertain_items__gt=0)),
    "warnings": ("Warnings", Q(warning_count__gt=0)),
    "unreleased": ("Not released", Q(release__isnull=True)),
    "released": ("Released", Q(release__isnull=False)),
}
_FIELDS = (
    "submission__candidate__code",
    "submission__assessment__station",
    "submission__assessment__course",
    "rubric_version__rubric__rubric_id",
    "rubric_version__title",
)

# A search that finds an anonymous candidate by name would tell whose code it is.
_NOT_ANONYMOUS = ~Q(submission__assessment__anonymous_grading=True)


@dataclass(frozen=True, slots=True)
class StateFilter:
    """One way to narrow the list, with how many gradings it leaves."""

    name: str
    words: str
    count: int
    query: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class GradingSearch:
    """What a visitor asked for. An unknown state counts as none: an old bookmark still shows the list."""

    words: str = ""
    state: str = ""

    @classmethod
    def from_query(cls, query: Any) -> GradingSearch:
        state = query.get("state", "")
        return cls(" ".join(query.get("q", "").replace("\0", "").split()), state if state in STATES else "")

    def matching_words(self, gradings: GradingQuerySet) -> GradingQuerySet:
        """Every word must occur, in whichever field."""
        for word in self.words.split():
            found = _NOT_ANONYMOUS & (
                Q(submission__student_id__icontains=word) | Q(submission__candidate__display_name__icontains=word)
            )
            for field in _FIELDS:
                found |= Q(**{f"{field}__icontains": word})
            gradings = gradings.filter(found)
        return gradings

    def query(self, state: str) -> str:
        return urlencode({name: value for name, value in (("q", self.words), ("state", state)) if value})

    def filters(self, gradings: GradingQuerySet) -> tuple[StateFilter, ...]:
        """Counts of all states in one query."""
        counts = gradings.order_by().aggregate(
            **{f"n_{name}": Count("pk", filter=condition, distinct=True) for name, (_, condition) in STATES.items()}
        )
        return tuple(
            StateFilter(name, words, counts[f"n_{name}"], self.query(name), chosen=name == self.state)
            for name, (words, _) in STATES.items()
        )

    def in_state(self, gradings: GradingQuerySet) -> GradingQuerySet:
        return gradings.filter(STATES[self.state][1])
