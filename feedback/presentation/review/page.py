"""The review screen of one grading, whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from feedback.presentation.groups import Group, Route
from feedback.presentation.highlights import Ink, Segment, Span, highlighted
from feedback.presentation.items import Item, spans_of
from feedback.presentation.numbers import score_text
from feedback.presentation.page import GradingPage, grading_page_of
from feedback.presentation.review.history import HistoryEntry, history_entries
from feedback.presentation.review.rows import Note, Row, history_by_item, row_of, standing_note
from feedback.presentation.review.words import RATINGS
from feedback.presentation.transcript import TurnView, turn_views
from scoring.decisions import Reviewed, person_name
from scoring.domain.cut_score import is_near_cut
from scoring.domain.overall import four_places
from scoring.domain.review import GRADING, ReviewState
from scoring.domain.review.evidence import oral_source
from scoring.models import Grading

_PREVIEW = 60


@dataclass(frozen=True, slots=True)
class GroupView:
    """One component: its rows, the machine's score, and the faculty's where it differs."""

    name: str
    title: str
    machine: str
    yours: str
    weight: str
    tally: str
    note: str
    route: Route | None
    rows: tuple[Row, ...]

    @property
    def shown(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.is_aside)

    @property
    def aside(self) -> tuple[Row, ...]:
        """Penalties that were spared and that nobody decided about: one line stands for all of them."""
        return tuple(row for row in self.rows if row.is_aside)

    @property
    def to_do(self) -> int:
        return sum(row.to_do for row in self.rows)

    @property
    def changed(self) -> int:
        return sum(row.changed for row in self.rows)


@dataclass(frozen=True, slots=True)
class RatingChoice:
    value: str
    word: str
    pressed: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """machine and yours are never mixed up: yours is empty until a person decided something.

    standing: above, below or near the cut, by the score that counts.
    """

    machine: str
    yours: str
    cut: str
    standing: str
    addressed: int
    items: int
    to_do: int
    changed: int
    state: ReviewState
    by: str
    at: datetime | None

    @property
    def complete(self) -> bool:
        return self.state is ReviewState.COMPLETE

    @property
    def remaining(self) -> int:
        return self.items - self.addressed


@dataclass(frozen=True, slots=True)
class TurnChoice:
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """`page` is the machine's result as everywhere else; turns and summary here carry the evidence that holds now."""

    page: GradingPage
    groups: tuple[GroupView, ...]
    totals: Totals
    ratings: tuple[RatingChoice, ...]
    rated: Note | None
    rested: Note | None
    comment: Note | None
    seen: int
    can_undo: bool
    turns: tuple[TurnView, ...]
    written_summary: tuple[Segment, ...]
    history: tuple[HistoryEntry, ...]
    last_sequence: int

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def first_to_do(self) -> Row | None:
        return next((row for row in self.rows if row.to_do), None)

    @property
    def changes(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.changed)

    @property
    def turn_choices(self) -> tuple[TurnChoice, ...]:
        """What can be typed into “turn”: its number, then enough to know it by."""
        return tuple(TurnChoice(str(turn.number), _preview(turn)) for turn in self.turns)


def _preview(turn: TurnView) -> str:
    text = "".join(segment.text for segment in turn.segments)
    words = " ".join(text.split())
    return f"{turn.time} {turn.speaker}: {words[:_PREVIEW]}{'…' if len(words) > _PREVIEW else ''}".strip()


def review_page_of(grading: Grading, found: Reviewed) -> ReviewPage:
    page = grading_page_of(grading)
    summary_found = page.result.detailed_results.summary.source != "none"
    by_item = history_by_item(found.history)
    rows = _rows(page, found, summary_found=summary_found)
    items = [row.item for row in rows.values()]
    inks = frozenset(row.number for row in rows.values() if row.own_evidence)
    whole = by_item.get(GRADING, [])
    comment = found.review.standing.comments.get(GRADING)
    return ReviewPage(
        page=page,
        groups=_groups(page, rows, found),
        totals=_totals(grading, found),
        ratings=tuple(
            RatingChoice(rating.value, word, pressed=rating is found.review.rating) for rating, word in RATINGS.items()
        ),
        rated=standing_note(found.review.standing.rating, found.history),
        rested=standing_note(found.review.standing.rested, found.history),
        comment=standing_note(comment, found.history),
        seen=whole[-1].sequence if whole else 0,
        can_undo=bool(found.review.standing.rested),
        turns=_turns(grading, page, items, inks),
        written_summary=_written(grading.submission.summary_text or "", items, inks),
        history=history_entries(
            found.history, {item.key: item for item in page.items}, found.review.outcomes, summary_found=summary_found
        ),
        last_sequence=found.last_sequence,
    )


def _rows(page: GradingPage, found: Reviewed, *, summary_found: bool) -> dict[str, Row]:
    outcomes = {outcome.item.key: outcome for outcome in found.review.outcomes}
    by_item = history_by_item(found.history)
    return {
        item.key: row_of(item, outcomes[item.key], by_item.get(item.key, []), page.line, summary_found=summary_found)
        for item in page.items
    }


def _groups(page: GradingPage, rows: dict[str, Row], found: Reviewed) -> tuple[GroupView, ...]:
    return tuple(_group(group, tuple(rows[item.key] for item in group.items), page, found) for group in page.groups)


def _group(group: Group, rows: tuple[Row, ...], page: GradingPage, found: Reviewed) -> GroupView:
    exact = found.review.overall.contributions[group.name].score
    yours = four_places(exact)
    return GroupView(
        name=group.name,
        title=group.title,
        machine=group.score,
        yours=score_text(yours) if yours != page.result.component_scores[group.name] else "",
        weight=group.weight,
        tally=group.tally,
        note=group.note,
        route=group.route,
        rows=rows,
    )


def _totals(grading: Grading, found: Reviewed) -> Totals:
    progress, last = found.review.progress, found.history[-1] if found.history else None
    touched = progress.state is not ReviewState.UNTOUCHED
    score = found.review.overall_score
    assessment = grading.submission.assessment
    cut = assessment.cut_score if assessment else Decimal(0)
    return Totals(
        machine=score_text(grading.overall_score),
        yours=score_text(score) if touched else "",
        cut=score_text(cut) if cut else "",
        standing=_standing(score, cut) if cut else "",
        addressed=progress.addressed,
        items=progress.items,
        to_do=len(progress.to_do),
        changed=len(found.review.changes),
        state=progress.state,
        by=person_name(last) if last else "",
        at=last.at if last else None,
    )


def _standing(score: Decimal, cut: Decimal) -> str:
    if is_near_cut(score, cut):
        return "near"
    return "above" if score > cut else "below"


def _spans(items: Sequence[Item], source: str, own: frozenset[int]) -> tuple[Span, ...]:
    return tuple(replace(span, ink=Ink.YOURS) if span.item in own else span for span in spans_of(items, source))


def _turns(grading: Grading, page: GradingPage, items: Sequence[Item], own: frozenset[int]) -> tuple[TurnView, ...]:
    source = oral_source(grading.submission.oral_transcript)
    return turn_views(page.result, source, _spans(items, "oral", own), page.line)


def _written(summary_text: str, items: Sequence[Item], own: frozenset[int]) -> tuple[Segment, ...]:
    if not summary_text.strip():
        return ()
    return highlighted(summary_text, 0, len(summary_text), _spans(items, "summary", own))
