"""What a student reads first: where they stand, three strengths, three next steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, zip_longest

from feedback.presentation.numbers import Timeline, percent_text
from feedback.presentation.sentences import Sentence, StoredFeedback, StoredItem, StoredSection, sentence_of
from scoring.domain.cut_score import is_near_cut
from scoring.domain.result import DetailedResults, GradingResult

HOW_MANY = 3
_SEVERITIES = ("critical", "major", "minor")
# Parts of a consultation that a student can be proud of, the most telling first.
_STRENGTHS = ("key_questions", "reasoning", "summary", "communication", "structure")


@dataclass(frozen=True, slots=True)
class Band:
    """Where a score stands against the station's cut score; the tone is one of the verdicts'."""

    word: str
    meaning: str
    tone: str
    cut: str


def band(overall: Decimal, cut_score: Decimal | None) -> Band | None:
    """None without a cut score: a band of our own making would be a standard that nobody set."""
    if not cut_score:
        return None
    cut = percent_text(cut_score)
    if is_near_cut(overall, cut_score):
        return Band("Borderline", "within 5 points of the station's cut score", "unsure", cut)
    if overall > cut_score:
        return Band("Above the cut", "clear of the station's cut score", "good", cut)
    return Band("Below the cut", "under the station's cut score", "bad", cut)


def strengths(result: GradingResult, feedback: StoredFeedback, line: Timeline) -> tuple[Sentence, ...]:
    """The best of each component in turn, so that three strengths are not three questions of one kind."""
    telling = _telling(result.detailed_results)
    columns = [
        sorted(_quoted_successes(feedback, name), key=lambda item: telling.get(_anchor(item), (1, Decimal(0))))
        for name in _STRENGTHS
    ]
    in_turn = (item for item in chain.from_iterable(zip_longest(*columns)) if item is not None)
    return tuple(sentence_of(item, line) for item in list(in_turn)[:HOW_MANY])


def _quoted_successes(feedback: StoredFeedback, name: str) -> Iterable[StoredItem]:
    sections = (section for section in feedback.sections if section.category == name)
    return (item for section in sections for item in section.items if item.type == "success" and item.evidence)


def _telling(details: DetailedResults) -> Mapping[str, tuple[int, Decimal]]:
    """By anchor: critical questions first, then what was heard most clearly; length is least to be proud of."""
    return {
        **dict.fromkeys(details.summary.citations.rubric, (2, Decimal(0))),
        **{
            question.citations.rubric[0]: (0 if question.critical else 1, -question.confidence)
            for question in details.key_questions.questions
        },
    }


def next_steps(feedback: StoredFeedback, line: Timeline) -> tuple[Sentence, ...]:
    """The gravest first. That too few questions were asked in all is left out: it is no step that one can take."""
    items = [
        item
        for section in feedback.sections
        for item in section.items
        if item.severity is not None and not _is_about_all_questions(section, item, feedback)
    ]
    steps = sorted(items, key=lambda item: _SEVERITIES.index(item.severity or ""))
    return tuple(sentence_of(item, line) for item in steps[:HOW_MANY])


def _is_about_all_questions(section: StoredSection, item: StoredItem, feedback: StoredFeedback) -> bool:
    """A single question cites an anchor of its own, all of them together that of their component."""
    return section.category == "key_questions" and _anchor(item) in feedback.overall_citations


def _anchor(item: StoredItem) -> str:
    return item.citations.rubric[0]
