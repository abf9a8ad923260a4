"""The machine's result: everything that is digested, typed. Scores are Decimals of four places.

The digest covers exactly these fields; grading id, student, time, style and feedback stand outside (contract 6.9).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from rubrics.domain.canonical import canonical_sha256
from rubrics.domain.numbers import Number
from scoring.domain.citations import Cited
from scoring.domain.terms import Severity


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SectionRun(Cited):
    section: str
    first_turn: StrictInt
    last_turn: StrictInt
    in_order: StrictBool


class PenaltyEntry(Cited):
    id: str
    description: str
    value: Number
    applied: StrictBool


class StructureViolationEntry(Cited):
    kind: Literal["missing_section", "inversion"]
    section: str
    before: str | None
    penalty_id: str | None
    severity: Severity


class StructureDetail(Frozen):
    score: Number
    expected_order: tuple[str, ...]
    detected_order: tuple[str, ...]
    lcs_length: StrictInt
    runs: tuple[SectionRun, ...]
    penalties: tuple[PenaltyEntry, ...]
    violations: tuple[StructureViolationEntry, ...]


class QuestionEntry(Cited):
    """uncertain: graded by `asked`, and queued for faculty first."""

    id: str
    label: str
    critical: StrictBool
    weight: Number
    asked: StrictBool
    uncertain: StrictBool
    confidence: Number
    matching_phrase: str | None


class CoverageViolationEntry(Cited):
    coverage: Number
    threshold: Number
    severity: Severity


class KeyQuestionsDetail(Frozen):
    score: Number
    coverage: Number
    coverage_threshold: Number
    questions: tuple[QuestionEntry, ...]
    violations: tuple[CoverageViolationEntry, ...]


class LinkEntry(Cited):
    """A line of reasoning. Not detected: the evidence is where it was looked for."""

    id: str
    description: str
    major: StrictBool
    detected: StrictBool


class ReasoningDetail(Frozen):
    score: Number
    detected: StrictInt
    required: StrictInt
    links: tuple[LinkEntry, ...]


class ElementEntry(Cited):
    """matched is null when no machine can check the element: it is faculty's to mark and left out of the ratio."""

    id: str
    description: str
    kind: str | None
    checkable: StrictBool
    matched: StrictBool | None
    count: StrictInt | None
    min_count: StrictInt | None


class SummaryDetail(Cited):
    score: Number
    source: Literal["submitted", "spoken", "none"]
    tokens: StrictInt
    max_tokens: StrictInt
    succinctness: Number
    elements_score: Number
    elements: tuple[ElementEntry, ...]


class RuleEntry(Cited):
    """measure: a ratio in [0, 1] or a count; null when there was nothing to measure."""

    id: str
    description: str
    kind: str
    weight: Number
    measure: Number | None
    bounds: Mapping[str, Annotated[StrictInt | Number, Field(union_mode="left_to_right")]]
    met: StrictBool


class CommunicationDetail(Frozen):
    """measures: every measure of the engine, whether a rule asks for it or not."""

    score: Number
    rules: tuple[RuleEntry, ...]
    measures: Mapping[str, Number | None]


class TurnEntry(Frozen):
    """One utterance by its place in the source, so that a page can show it without storing the text twice."""

    turn: StrictInt
    speaker: str
    section: str | None
    start: StrictInt
    end: StrictInt
    start_ms: StrictInt | None
    end_ms: StrictInt | None
    end_estimated: StrictBool


class TranscriptDetail(Frozen):
    format: str
    turns: tuple[TurnEntry, ...]
    dropped: StrictInt


class DetailedResults(Frozen):
    structure: StructureDetail
    key_questions: KeyQuestionsDetail
    reasoning: ReasoningDetail
    summary: SummaryDetail
    communication: CommunicationDetail
    transcript: TranscriptDetail


class ScoreEntry(Frozen):
    score: Number
    weight: Number
    contribution: Number


class WarningEntry(Frozen):
    code: str
    message: str
    turns: tuple[StrictInt, ...]


class Fingerprint(Frozen):
    transcript_sha256: str
    inputs_sha256: str
    rubric_version: str
    rubric_sha256: str
    engine_version: str
    digest: str


class GradingResult(Frozen):
    rubric_id: str
    rubric_version: str
    overall_score: Number
    component_scores: Mapping[str, Number]
    score_breakdown: Mapping[str, ScoreEntry]
    detailed_results: DetailedResults
    warnings: tuple[WarningEntry, ...]
    fingerprint: Fingerprint

    @property
    def uncertain_items(self) -> int:
        return sum(question.uncertain for question in self.detailed_results.key_questions.questions)

    def digestible(self) -> dict[str, Any]:
        """The result without its digest."""
        return self.model_dump(mode="python", exclude={"fingerprint": {"digest"}})

    def with_digest(self) -> GradingResult:
        fingerprint = self.fingerprint.model_copy(update={"digest": canonical_sha256(self.digestible())})
        return self.model_copy(update={"fingerprint": fingerprint})

    def as_json(self) -> dict[str, Any]:
        """For answers and storage: decimals as JSON numbers of at most four places."""
        return dict(numbers_as_json(self.model_dump(mode="python")))


def numbers_as_json(value: Any) -> Any:
    """Decimals become floats. Four places survive that and the way back; a string would not be a JSON number."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {key: numbers_as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [numbers_as_json(item) for item in value]
    return value


def stored_digest(stored: Mapping[str, Any]) -> str:
    """The digest of a result as it lies in the database or came over the wire; proves it was not altered."""
    fingerprint = {key: value for key, value in stored["fingerprint"].items() if key != "digest"}
    return canonical_sha256(_decimals_again({**stored, "fingerprint": fingerprint}))


def _decimals_again(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {key: _decimals_again(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_decimals_again(item) for item in value]
    return value
