"""The form that chooses which interviews a draft is tried on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Self

from rubrics.domain.errors import FieldProblem, Malformed
from rubrics.models import RubricVersion
from scoring.access import Viewer
from scoring.models import Assessment
from scoring.services.bench import MAX_SUBMISSIONS, BenchChoice

_LONGEST = 100
_USUAL = 200


@dataclass(frozen=True, slots=True)
class BenchForm:
    """As written: what can't be read is said by `choice` and `mark`, and stays in the form."""

    baseline: str
    assessment: str = ""
    rubric: str = ""
    since: str = ""
    until: str = ""
    at_most: str = str(_USUAL)
    pass_mark: str = ""

    @classmethod
    def fresh(cls, draft: RubricVersion) -> Self:
        """Against the latest approved version other than the draft itself; without one, against the draft itself."""
        versions = RubricVersion.objects.of(draft.rubric.rubric_id).approved().newest_first()
        latest = versions.exclude(pk=draft.pk).defer("content").first() or draft
        return cls(baseline=latest.version, rubric=draft.rubric.rubric_id)

    @classmethod
    def from_post(cls, posted: Mapping[str, str]) -> Self:
        names = ("baseline", "assessment", "rubric", "since", "until", "at_most", "pass_mark")
        return cls(**{name: posted.get(name, "").replace("\x00", "").strip()[:_LONGEST] for name in names})

    def choice(self, viewer: Viewer) -> BenchChoice:
        """Raises Malformed; an assessment that is not the viewer's is as unknown as one that is not there."""
        return BenchChoice(
            assessment=self._assessment(viewer),
            rubric_id=self.rubric or None,
            since=_day("since", self.since),
            until=_day("until", self.until),
            at_most=self._at_most(),
        )

    def mark(self) -> Decimal | None:
        """Raises Malformed."""
        if not self.pass_mark:
            return None
        try:
            mark = Decimal(self.pass_mark.replace(",", "."))
        except InvalidOperation:
            mark = Decimal(-1)
        if not mark.is_finite() or not 0 <= mark <= 1:
            raise _problem("pass_mark", "The pass mark is a share between 0 and 1, such as 0.6.")
        return round(mark, 4)

    def _assessment(self, viewer: Viewer) -> Assessment | None:
        if not self.assessment:
            return None
        found = None
        if self.assessment.isdecimal() and len(self.assessment) < len(str(2**63)):
            found = Assessment.objects.visible_to(viewer).filter(pk=int(self.assessment)).first()
        if found is None:
            raise _problem("assessment", "There is no such assessment of yours. Choose one of the list.")
        return found

    def _at_most(self) -> int:
        if not self.at_most.isdecimal() or not 1 <= int(self.at_most) <= MAX_SUBMISSIONS:
            raise _problem("at_most", f"Choose between 1 and {MAX_SUBMISSIONS} interviews.")
        return int(self.at_most)


def _day(name: str, written: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise _problem(name, f"“{written}” is no date. Write it as 2026-11-30.") from error


def _problem(name: str, message: str) -> Malformed:
    return Malformed(message, fields=(FieldProblem(name, message),))
