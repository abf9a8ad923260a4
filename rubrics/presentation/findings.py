"""What the checks found, each with the part and the field that it is mended in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from rubrics.domain.parts import ABOUT, ABOUT_FIELDS, LISTS, SECTIONS, TOP_FIELDS
from rubrics.domain.qa import Level, QaReport


@dataclass(frozen=True, slots=True)
class Finding:
    """part and dom_id lead to the field that mends it. fix: JSON Patch that mends it, "" where only a person can."""

    check: str
    level: Level
    field: str
    message: str
    part: str
    dom_id: str
    fix: str = ""

    @property
    def is_error(self) -> bool:
        return self.level is Level.ERROR


def findings_of(report: QaReport) -> tuple[Finding, ...]:
    """Errors before warnings, otherwise in the order of the checks."""
    return tuple(sorted(_findings(report), key=lambda finding: not finding.is_error))


def _findings(report: QaReport) -> Iterator[Finding]:
    for check in report.checks:
        for problem in check.problems:
            part = part_holding(problem.field)
            yield Finding(
                check.name,
                check.severity,
                problem.field,
                problem.message,
                part,
                _dom_id_within(problem.field, part),
                json.dumps(list(problem.fix)) if problem.fix else "",
            )


def part_holding(field: str) -> str:
    """The part whose form holds a field.

    >>> part_holding("key_questions.3.phrases.0"), part_holding("key_questions"), part_holding("weights")
    ('key_questions.3', 'key_questions_policy', 'weights')
    """
    if field in ABOUT_FIELDS:
        return ABOUT
    for home in LISTS:
        if field == home:
            return "key_questions_policy" if home == "key_questions" else home.partition(".")[0]
        if field.startswith(f"{home}."):
            return f"{home}.{field.removeprefix(f'{home}.').partition('.')[0]}"
    section = field.partition(".")[0]
    return section if section in SECTIONS else ABOUT


def _dom_id_within(field: str, part: str) -> str:
    """The form's own place when the finding is about the part as a whole."""
    name = field.removeprefix(f"{part}.").partition(".")[0] if field.startswith(f"{part}.") else ""
    if part in TOP_FIELDS:
        top = field.partition(".")[0]
        name = top if top in TOP_FIELDS[part] else ""
    return dom_id(name) if name else "form"


def dom_id(name: str) -> str:
    """One part is open at a time, so a field's name is enough, and stays when its item moves."""
    return f"f-{name}"
