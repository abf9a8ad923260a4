"""The rubric document: the one self-contained description of how a station is graded.

The schema refuses wrong shape, types, ranges and size. Whether a well-shaped rubric is a *good* one is the
business of `rubrics.domain.qa`; keeping the two apart lets an author save a draft that is not finished.

Numbers are `Decimal` throughout: 0.1 + 0.2 in a weight must be 0.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    model_validator,
)
from pydantic.types import StringConstraints

from rubrics.domain.errors import FieldProblem, Malformed
from rubrics.domain.json_text import strict_json
from rubrics.domain.numbers import Number
from rubrics.domain.vocabulary import Vocabulary
from rubrics.domain.wire import ANCHOR, VISIBLE, needs, written_moment

MAX_DOCUMENT_BYTES = 1024 * 1024
MAX_ITEMS = 500
MAX_PHRASES = 200

Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")]
ItemId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), VISIBLE]
Version = Annotated[str, StringConstraints(pattern=r"^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$")]
Anchor = Annotated[str, StringConstraints(strip_whitespace=True, pattern=ANCHOR)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), VISIBLE]
Moment = Annotated[datetime, BeforeValidator(written_moment)]
Text = Annotated[str, StringConstraints(max_length=5000)]
Pattern = Annotated[str, StringConstraints(max_length=2000)]
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), VISIBLE]
Phrases = Annotated[list[Phrase], Field(min_length=1, max_length=MAX_PHRASES)]
Share = Annotated[Number, Field(ge=0, le=1)]
Penalty = Annotated[Number, Field(ge=-1, le=0)]
ItemWeight = Annotated[Number, Field(ge=0, le=1000)]
Count = Annotated[StrictInt, Field(ge=0, le=1000)]


class RubricStatus(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    ARCHIVED = "archived"


class Part(BaseModel):
    """Base of every part of the document: unknown fields are refused, since a typo would silently change grades."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Weights(Part):
    """Share of each component in the overall score; QA asks that they sum to 1."""

    structure: Share
    key_questions: Share
    reasoning: Share
    summary: Share
    communication: Share = Decimal(0)


class PenaltyKind(StrEnum):
    MISSING = "missing"
    ORDER = "order"


class StructurePenalty(Part):
    """Points taken off the structure score; see `rubrics.domain.penalties` for how an absent `kind` is read."""

    model_config = Part.model_config | {
        "json_schema_extra": {"allOf": [needs("missing", "section"), needs("order", "section", "before")]}
    }

    id: ItemId
    anchor: Anchor
    description: Text = ""
    value: Penalty
    kind: PenaltyKind | None = None
    section: Label | None = None
    before: Label | None = None

    @model_validator(mode="after")
    def _kind_has_its_sections(self) -> StructurePenalty:
        if self.kind is not None and self.section is None:
            raise ValueError(f"a penalty of kind '{self.kind}' needs 'section'")
        if self.kind is PenaltyKind.ORDER and self.before is None:
            raise ValueError("a penalty of kind 'order' needs 'before', the section that should come first")
        return self


class Structure(Part):
    anchor: Anchor
    expected_order: Annotated[list[Label], Field(min_length=1, max_length=30)]
    penalties: Annotated[list[StructurePenalty], Field(max_length=MAX_ITEMS)] = []


class KeyQuestion(Part):
    """A checklist item. `label` is what the examiner reads; `phrases` are ways a student may say it."""

    id: ItemId
    anchor: Anchor
    label: Label
    critical: StrictBool = False
    phrases: Phrases


class KeyQuestionsPolicy(Part):
    anchor: Anchor
    critical_weight: ItemWeight = Decimal(2)
    noncritical_weight: ItemWeight = Decimal(1)
    coverage_threshold: Share = Decimal("0.7")
    matching_threshold: Share | None = None


class RequiredLink(Part):
    """A line of reasoning to be heard; `pattern` is RE2, case-insensitive, `.` matches a line break."""

    id: ItemId
    anchor: Anchor
    description: Text = ""
    pattern: Pattern
    major: StrictBool = False


class Reasoning(Part):
    anchor: Anchor
    major_gap_penalty: Penalty = Decimal(0)
    required_links: Annotated[list[RequiredLink], Field(max_length=MAX_ITEMS)] = []


class ElementKind(StrEnum):
    PATTERN = "pattern"
    PHRASES = "phrases"
    POSITIVE_FINDINGS = "positive_findings"
    NEGATIVE_FINDINGS = "negative_findings"


class SummaryElement(Part):
    """Something the summary must contain; see `rubrics.domain.elements` for how an absent `kind` is read."""

    model_config = Part.model_config | {
        "json_schema_extra": {"allOf": [needs("pattern", "pattern"), needs("phrases", "phrases")]}
    }

    id: ItemId
    anchor: Anchor
    description: Text = ""
    pattern: Pattern | None = None
    kind: ElementKind | None = None
    phrases: Phrases | None = None
    min_count: Annotated[StrictInt, Field(ge=1, le=100)] | None = None

    @model_validator(mode="after")
    def _kind_has_its_input(self) -> SummaryElement:
        if self.kind is ElementKind.PATTERN and self.pattern is None:
            raise ValueError("an element of kind 'pattern' needs 'pattern'")
        if self.kind is ElementKind.PHRASES and self.phrases is None:
            raise ValueError("an element of kind 'phrases' needs 'phrases'")
        return self


class Summary(Part):
    anchor: Anchor
    max_tokens: Annotated[StrictInt, Field(ge=1, le=10_000)]
    overflow_divisor: Annotated[Number, Field(gt=0, le=10_000)] = Decimal(20)
    required_elements: Annotated[list[SummaryElement], Field(max_length=MAX_ITEMS)] = []


class RuleKind(StrEnum):
    OPEN_QUESTION_RATIO = "open_question_ratio"
    TALK_SHARE = "talk_share"
    EMPATHY_AFTER_DISTRESS = "empathy_after_distress"
    JARGON = "jargon"
    SUMMARISING_BACK = "summarising_back"
    TRANSITIONS = "transitions"
    PATTERN = "pattern"
    PHRASES = "phrases"


class CommunicationRule(Part):
    """A bound on one measure: `min`/`max` bound ratios in [0, 1], `min_count`/`max_count` bound counts."""

    model_config = Part.model_config | {
        "json_schema_extra": {"allOf": [needs("pattern", "pattern"), needs("phrases", "phrases")]}
    }

    id: ItemId
    anchor: Anchor
    description: Text = ""
    kind: RuleKind
    weight: ItemWeight = Decimal(1)
    min: Share | None = None
    max: Share | None = None
    min_count: Count | None = None
    max_count: Count | None = None
    pattern: Pattern | None = None
    phrases: Phrases | None = None

    @model_validator(mode="after")
    def _kind_has_its_input(self) -> CommunicationRule:
        if self.kind is RuleKind.PATTERN and self.pattern is None:
            raise ValueError("a rule of kind 'pattern' needs 'pattern'")
        if self.kind is RuleKind.PHRASES and self.phrases is None:
            raise ValueError("a rule of kind 'phrases' needs 'phrases'")
        return self


class Communication(Part):
    anchor: Anchor = "#R.communication"
    weight: Share = Decimal(0)
    rules: Annotated[list[CommunicationRule], Field(max_length=MAX_ITEMS)] = []


class Approval(Part):
    """Who approved the version and when; not part of the rubric's identity."""

    by: Label
    at: Moment
    note: Text = ""


class RubricDocument(Part):
    """A whole rubric. Equal content has an equal `rubrics.domain.identity.content_sha256`."""

    rubric_id: Slug
    version: Version
    status: RubricStatus = RubricStatus.DRAFT
    created_at: Moment | None = None
    updated_at: Moment | None = None
    approval: Approval | None = None
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    description: Text = ""
    specialty: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    weights: Weights
    structure: Structure
    key_questions: Annotated[list[KeyQuestion], Field(max_length=MAX_ITEMS)]
    key_questions_policy: KeyQuestionsPolicy
    reasoning: Reasoning
    summary: Summary
    communication: Communication = Communication()
    vocabulary: Vocabulary = []

    def anchors(self) -> Iterable[tuple[str, str]]:
        """Every anchor with the dotted path of the field that holds it, in document order."""
        yield "structure.anchor", self.structure.anchor
        yield from _item_anchors("structure.penalties", self.structure.penalties)
        yield from _item_anchors("key_questions", self.key_questions)
        yield "key_questions_policy.anchor", self.key_questions_policy.anchor
        yield "reasoning.anchor", self.reasoning.anchor
        yield from _item_anchors("reasoning.required_links", self.reasoning.required_links)
        yield "summary.anchor", self.summary.anchor
        yield from _item_anchors("summary.required_elements", self.summary.required_elements)
        yield "communication.anchor", self.communication.anchor
        yield from _item_anchors("communication.rules", self.communication.rules)


AnchoredItem = StructurePenalty | KeyQuestion | RequiredLink | SummaryElement | CommunicationRule


def _item_anchors(path: str, items: Iterable[AnchoredItem]) -> Iterable[tuple[str, str]]:
    for index, item in enumerate(items):
        yield f"{path}.{index}.anchor", item.anchor


def rubric_from_json(raw: str | bytes) -> RubricDocument:
    """Read a document from JSON text; raises Malformed naming every offending field."""
    if len(raw) > MAX_DOCUMENT_BYTES:
        raise Malformed(f"This rubric is larger than {MAX_DOCUMENT_BYTES // 1024} KiB. Split it or shorten it.")
    return rubric_from_mapping(strict_json(raw))


def rubric_from_mapping(parsed: object) -> RubricDocument:
    """Read a document from parsed JSON; raises Malformed naming every offending field."""
    if not isinstance(parsed, Mapping):
        raise Malformed("A rubric is a JSON object. Send {…} with rubric_id, version, weights and the other parts.")
    try:
        return RubricDocument.model_validate(parsed)
    except ValidationError as error:
        raise _malformed(error) from error


def _malformed(error: ValidationError) -> Malformed:
    problems = tuple(
        FieldProblem(field=".".join(str(step) for step in item["loc"]), message=item["msg"])
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    )
    count = len(problems)
    places = "1 place" if count == 1 else f"{count} places"
    return Malformed(f"The rubric has the wrong shape in {places}: see `fields` and mend each.", fields=problems)
