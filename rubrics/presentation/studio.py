"""The studio's page: outline, the form of one part, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rubrics.domain.document import RubricDocument, RubricStatus
from rubrics.domain.errors import FieldProblem
from rubrics.domain.parts import Content, is_part, items_of, list_of, part_of, position_in
from rubrics.domain.qa import WEIGHT_TOLERANCE, check_rubric
from rubrics.presentation.fields import FORMS, Form
from rubrics.presentation.findings import Finding, findings_of
from rubrics.presentation.forms import BoundField, bound_fields, unplaced, weight_sum
from rubrics.presentation.outline import OutlineSection, outline_of, title_of

JSON_PART = "json"
TABS = (("checks", "Checks"), ("preview", "Preview"), ("history", "History"))


@dataclass(frozen=True, slots=True)
class WeightSum:
    total: Decimal
    is_one: bool


@dataclass(frozen=True, slots=True)
class EditedPart:
    """One part open in the middle. problems: what is wrong with it as a whole. base: what the form started from.

    position, last: where an item stands in its list; None for a section. refused: what was written is not stored.
    """

    path: str
    title: str
    form: Form
    fields: tuple[BoundField, ...]
    problems: tuple[str, ...]
    findings: tuple[Finding, ...]
    base: Mapping[str, Any]
    position: int | None
    last: int
    weights: WeightSum | None
    refused: bool

    @property
    def home(self) -> str:
        return list_of(self.path) or ""

    @property
    def usual(self) -> tuple[BoundField, ...]:
        return tuple(field for field in self.fields if not field.field.technical)

    @property
    def technical(self) -> tuple[BoundField, ...]:
        return tuple(field for field in self.fields if field.field.technical)

    @property
    def technical_is_open(self) -> bool:
        return any(field.worst == "error" for field in self.technical)


@dataclass(frozen=True, slots=True)
class StudioPage:
    outline: tuple[OutlineSection, ...]
    edited: EditedPart | None
    findings: tuple[Finding, ...]
    errors: int
    warnings: int
    is_draft: bool


def studio_page(
    *,
    document: RubricDocument,
    content: Content,
    part: str,
    posted: Mapping[str, Any] | None = None,
    problems: Sequence[FieldProblem] = (),
) -> StudioPage:
    """posted: what the author wrote and what could not be stored as it is; it stays in the form. Raises NotFound."""
    findings = findings_of(check_rubric(document))
    edited = None
    if part != JSON_PART:
        written = part_of(content, part) if posted is None else posted
        edited = _edited(document, content, part, written, _Said(tuple(problems), findings))
    return StudioPage(
        outline=outline_of(content, findings, part),
        edited=edited,
        findings=findings,
        errors=sum(finding.is_error for finding in findings),
        warnings=sum(not finding.is_error for finding in findings),
        is_draft=document.status is RubricStatus.DRAFT,
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What the schema refused and what the checks found."""

    problems: tuple[FieldProblem, ...]
    findings: tuple[Finding, ...]


def _edited(
    document: RubricDocument,
    content: Content,
    path: str,
    written: Mapping[str, Any],
    said: _Said,
) -> EditedPart:
    here = tuple(finding for finding in said.findings if finding.part == path)
    fields = bound_fields(path, written, said.problems, here)
    home = list_of(path)
    placed = {finding for field in fields for finding in field.findings}
    return EditedPart(
        path=path,
        title=title_of(content, path),
        form=FORMS[home or path],
        fields=fields,
        problems=unplaced(said.problems, fields, path),
        findings=tuple(finding for finding in here if finding not in placed),
        base=part_of(content, path),
        position=position_in(path) if home else None,
        last=len(items_of(content, home)) - 1 if home else 0,
        weights=_weights(document) if path == "weights" else None,
        refused=bool(said.problems),
    )


def _weights(document: RubricDocument) -> WeightSum:
    total = weight_sum(document)
    return WeightSum(total.normalize(), abs(total - 1) <= WEIGHT_TOLERANCE)


def first_part(document: RubricDocument) -> str:
    """Where an author begins: with the questions, once there are some; in a blank rubric with what it is about."""
    return "key_questions.0" if document.key_questions else "about"


def known_part(content: Content, wanted: str, otherwise: str) -> str:
    """The part that an address asks for, if the document has it: items may have been removed since it was written."""
    if wanted == JSON_PART or (is_part(wanted) and not list_of(wanted)):
        return wanted
    home = list_of(wanted)
    if home is not None and position_in(wanted) < len(items_of(content, home)):
        return wanted
    return otherwise
