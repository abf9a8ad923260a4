"""Structure as items: every section of the expected order, then every penalty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from feedback.domain.phrasing import clause
from feedback.presentation import items as verdicts
from feedback.presentation.items import Item, places
from feedback.presentation.numbers import Timeline, two_places
from feedback.presentation.ribbon import section_title
from scoring.domain.citations import Citations
from scoring.domain.result import PenaltyEntry, SectionRun, StructureDetail, StructureViolationEntry
from scoring.domain.review.items import places_in_order, section_keys


def structure_items(detail: StructureDetail, line: Timeline) -> Iterator[Item]:
    """Numbered by the caller."""
    taken = places_in_order(detail.expected_order, detail.runs)
    violations = {violation.section.casefold(): violation for violation in detail.violations}
    for place, key in enumerate(section_keys(detail.expected_order)):
        label = detail.expected_order[place]
        run = taken.get(place)
        if run is not None:
            yield _in_order(run, key, line)
        else:
            yield _not_in_order(label, key, violations.get(label.casefold()), detail, line)
    sections = _sections_of_penalties(detail)
    for penalty in detail.penalties:
        yield _penalty(penalty, sections, line)


def _in_order(run: SectionRun, key: str, line: Timeline) -> Item:
    return Item(
        verdict=verdicts.IN_ORDER,
        label=section_title(run.section),
        citations=run.citations,
        credited=True,
        moments=places(run, line, quoted=False),
        key=key,
    )


def _not_in_order(
    label: str, key: str, violation: StructureViolationEntry | None, detail: StructureDetail, line: Timeline
) -> Item:
    """A section in conflict with one that a penalty names has no violation of its own; it cites like its neighbours."""
    title = section_title(label)
    if violation is None:
        runs = [run for run in detail.runs if run.section.casefold() == label.casefold()] or list(detail.runs)
        citations = Citations(rubric=runs[0].citations.rubric if runs else (), student=())
        return Item(verdicts.OUT_OF_PLACE, title, citations, key=key)
    missing = violation.kind == "missing_section"
    before = f", before {section_title(violation.before)}" if violation.before and not missing else ""
    return Item(
        verdict=verdicts.NOT_HEARD if missing else verdicts.OUT_OF_PLACE,
        label=f"{title}{before}",
        citations=violation.citations,
        moments=places(violation, line, quoted=True),
        key=key,
    )


def _sections_of_penalties(detail: StructureDetail) -> Mapping[str, str]:
    return {violation.penalty_id: violation.section for violation in detail.violations if violation.penalty_id}


def _penalty(penalty: PenaltyEntry, sections: Mapping[str, str], line: Timeline) -> Item:
    words = clause(penalty.description) or penalty.id.replace("_", " ")
    about = sections.get(penalty.id)
    return Item(
        verdict=verdicts.APPLIES if penalty.applied else verdicts.SPARED,
        label=words,
        citations=penalty.citations,
        credited=not penalty.applied,
        moments=places(penalty, line, quoted=False) if about else (),
        cost=two_places(penalty.value) if penalty.value else "",
        key=f"penalty:{penalty.id}",
    )
