"""The result page of one grading, whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.presentation.groups import Group, groups
from feedback.presentation.highlights import Segment, highlighted
from feedback.presentation.items import Fact, Item, spans_of
from feedback.presentation.numbers import Timeline, score_text, timeline
from feedback.presentation.ribbon import Ribbon, ribbon
from feedback.presentation.scores import ScoreBar, score_bars
from feedback.presentation.sentences import (
    SentenceSection,
    StoredFeedback,
    sentence_sections,
    stored_feedback,
)
from feedback.presentation.transcript import TurnView, WarningView, turn_views, warning_views
from scoring.domain.result import GradingResult
from scoring.domain.review.evidence import oral_source
from scoring.models import Grading


@dataclass(frozen=True, slots=True)
class GradingPage:
    """Everything that a page about one grading may show."""

    result: GradingResult
    feedback: StoredFeedback
    line: Timeline
    overall: str
    bars: tuple[ScoreBar, ...]
    ribbon: Ribbon
    turns: tuple[TurnView, ...]
    written_summary: tuple[Segment, ...]
    warnings: tuple[WarningView, ...]
    groups: tuple[Group, ...]
    sections: tuple[SentenceSection, ...]
    fingerprint: tuple[Fact, ...]

    @property
    def todo(self) -> int:
        return sum(group.todo for group in self.groups)

    @property
    def first_todo(self) -> Item | None:
        return next((item for item in self.items if item.needs_a_person), None)

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for group in self.groups for item in group.items)


def grading_page_of(grading: Grading) -> GradingPage:
    return grading_page(
        result=GradingResult.model_validate(grading.result),
        feedback=stored_feedback(grading.feedback),
        oral_transcript=grading.submission.oral_transcript,
        summary_text=grading.submission.summary_text or "",
    )


def grading_page(
    *, result: GradingResult, feedback: StoredFeedback, oral_transcript: str, summary_text: str
) -> GradingPage:
    """Pure: the same record gives the same page."""
    turns = result.detailed_results.transcript.turns
    line = timeline(turns)
    found = groups(result, line)
    items = tuple(item for group in found for item in group.items)
    bars = score_bars(result.score_breakdown)
    return GradingPage(
        result=result,
        feedback=feedback,
        line=line,
        overall=score_text(result.overall_score),
        bars=bars,
        ribbon=ribbon(result.detailed_results.structure, turns, line),
        turns=turn_views(result, oral_source(oral_transcript), tuple(spans_of(items, "oral")), line),
        written_summary=_written(summary_text, items),
        warnings=warning_views(result, line),
        groups=found,
        sections=sentence_sections(feedback, bars, items, line),
        fingerprint=_fingerprint(result),
    )


def _written(summary_text: str, items: Sequence[Item]) -> tuple[Segment, ...]:
    if not summary_text.strip():
        return ()
    return highlighted(summary_text, 0, len(summary_text), tuple(spans_of(items, "summary")))


def _fingerprint(result: GradingResult) -> tuple[Fact, ...]:
    print_ = result.fingerprint
    return (
        Fact("Digest of the result", print_.digest),
        Fact("Rubric", f"{result.rubric_id} {print_.rubric_version}"),
        Fact("Rubric content, SHA-256", print_.rubric_sha256),
        Fact("Transcript, SHA-256", print_.transcript_sha256),
        Fact("All inputs, SHA-256", print_.inputs_sha256),
        Fact("Engine version", print_.engine_version),
    )
