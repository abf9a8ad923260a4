"""The seam between the engine and whatever decides which checklist questions were asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from scoring.domain.segmentation.section import Section
from scoring.domain.transcript.model import Utterance


@dataclass(frozen=True, slots=True)
class Question:
    """A checklist item: `label` is what the examiner reads, `phrases` are ways a student may say it."""

    id: str
    anchor: str
    label: str
    phrases: tuple[str, ...]
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where it was said: [start, end) in the text of utterance `turn`."""

    turn: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class QuestionMatch:
    """The verdict on one question.

    confidence: calibrated probability in [0, 1], 4 decimals, that an examiner would tick the item.
    asked: the point estimate, confidence >= the threshold in force.
    uncertain: too close to call; graded by `asked` and queued for faculty first.
    matching_phrase: the phrase (or label) of the rubric that the evidence answers to.
    evidence: always set when asked; otherwise the nearest miss, or None when nothing came near.
    """

    question_id: str
    asked: bool
    uncertain: bool
    confidence: Decimal
    matching_phrase: str | None
    evidence: Evidence | None


class QuestionMatcher(Protocol):
    def __call__(
        self,
        questions: Sequence[Question],
        utterances: Sequence[Utterance],
        sections: Sequence[Section | None],
        threshold: Decimal | None = None,
    ) -> tuple[QuestionMatch, ...]:
        """One match per question, in the order given.

        `sections` has one entry per utterance. `threshold` overrides the engine's own: an item is asked when its
        confidence reaches it. A function of its arguments alone, bit for bit, on every machine.
        """
