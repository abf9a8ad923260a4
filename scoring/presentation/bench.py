"""What the bench found, for a page: who would be graded otherwise, and by which items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.domain.bench import Flip, ItemTally, Outcome, Span, StudentChange, change_of, tallies
from scoring.domain.bench.comparison import Crossing
from scoring.models import BenchEntry, Submission

_QUOTE = 160
KINDS = {
    "question": ("Question", "asked", "not asked"),
    "link": ("Reasoning", "heard", "not heard"),
    "element": ("Summary", "included", "left out"),
    "rule": ("Communication", "met", "not met"),
    "penalty": ("Penalty", "applied", "not applied"),
}
"""By the first part of an item's key: what it is, and the words for both verdicts."""


@dataclass(frozen=True, slots=True)
class FlipRow:
    kind: str
    label: str
    before: str
    after: str
    gained: bool
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StudentRow:
    name: str
    station: str
    before: Decimal
    after: Decimal
    difference: Decimal
    crossing: str
    flips: tuple[FlipRow, ...]

    @property
    def rises(self) -> bool:
        return self.difference > 0


@dataclass(frozen=True, slots=True)
class ItemRow:
    kind: str
    tally: ItemTally
    notes: tuple[str, ...]

    @property
    def flips(self) -> int:
        return self.tally.to_yes + self.tally.to_no


@dataclass(frozen=True, slots=True)
class BenchFindings:
    """differing: students whose score or any verdict differs. refused: what could not be graded, and why."""

    graded: int
    students: tuple[StudentRow, ...]
    items: tuple[ItemRow, ...]
    differing: int
    to_pass: int
    to_fail: int
    mean_before: Decimal
    mean_after: Decimal
    refused: tuple[tuple[str, str], ...]
    has_pass_mark: bool

    @property
    def flips(self) -> int:
        return sum(row.flips for row in self.items)

    @property
    def silent(self) -> tuple[ItemRow, ...]:
        return tuple(row for row in self.items if row.notes)


def bench_findings(entries: Sequence[BenchEntry], pass_mark: Decimal | None) -> BenchFindings:
    """Of the entries that were graded; none is an answer too."""
    changes: list[tuple[BenchEntry, StudentChange]] = []
    for entry in entries:
        if entry.before is not None and entry.after is not None:
            before, after = Outcome.model_validate(entry.before), Outcome.model_validate(entry.after)
            changes.append((entry, change_of(before, after, _mark(entry.submission, pass_mark))))
    rows = sorted((_student(entry, change) for entry, change in changes if change.differs), key=_order)
    told = [change for _, change in changes]
    return BenchFindings(
        graded=len(told),
        students=tuple(rows),
        items=tuple(_item(tally) for tally in tallies(told)),
        differing=len(rows),
        to_pass=sum(change.crossing is Crossing.PASSES for change in told),
        to_fail=sum(change.crossing is Crossing.FAILS for change in told),
        mean_before=_mean([change.before.overall for change in told]),
        mean_after=_mean([change.after.overall for change in told]),
        refused=tuple((candidate_name(e.submission), e.refusal) for e in entries if e.refusal),
        has_pass_mark=any(_mark(entry.submission, pass_mark) is not None for entry, _ in changes),
    )


def _mark(submission: Submission, pass_mark: Decimal | None) -> Decimal | None:
    """The mark asked for, else the station's own; a station without one has no line to cross."""
    if pass_mark is not None:
        return pass_mark
    cut = submission.assessment.cut_score if submission.assessment else None
    return Decimal(cut) if cut else None


def candidate_name(submission: Submission) -> str:
    """The code alone where grading is anonymous: trying a rubric is no reason to see who stands behind it."""
    if submission.candidate is not None and submission.assessment and submission.assessment.anonymous_grading:
        return submission.candidate.code
    return submission.student_id


def _order(row: StudentRow) -> tuple[bool, Decimal, str]:
    """Who crosses the pass mark first, then whoever moves furthest."""
    return (not row.crossing, -abs(row.difference), row.name)


def _mean(scores: Sequence[Decimal]) -> Decimal:
    return sum(scores, Decimal(0)) / len(scores) if scores else Decimal(0)


def _student(entry: BenchEntry, change: StudentChange) -> StudentRow:
    submission = entry.submission
    return StudentRow(
        name=candidate_name(submission),
        station=str(submission.assessment or ""),
        before=change.before.overall,
        after=change.after.overall,
        difference=change.difference,
        crossing=change.crossing.value,
        flips=tuple(_flip(flip, submission) for flip in change.flips),
    )


def _flip(flip: Flip, submission: Submission) -> FlipRow:
    kind, yes, no = KINDS[flip.key.partition(":")[0]]
    words: Mapping[bool | None, str] = {True: yes, False: no, None: "yours to mark"}
    return FlipRow(
        kind, flip.label, words[flip.before], words[flip.after], flip.after is True, _quotes(flip.spans, submission)
    )


def _quotes(spans: Sequence[Span], submission: Submission) -> tuple[str, ...]:
    texts = {"oral": submission.oral_transcript, "summary": submission.summary_text or ""}
    cut = (" ".join(texts[span.source][span.start : span.end].split()) for span in spans)
    return tuple(quote if len(quote) <= _QUOTE else f"{quote[:_QUOTE].rsplit(' ', 1)[0]} …" for quote in cut if quote)


def _item(tally: ItemTally) -> ItemRow:
    kind, yes, _ = KINDS[tally.key.partition(":")[0]]
    notes = []
    if tally.is_gone:
        notes.append("not in the draft")
    elif tally.held_before is None:
        notes.append("new in the draft")
    if tally.never:
        notes.append(f"never {yes}")
    if tally.always:
        notes.append(f"always {yes}")
    if not tally.of and not tally.is_gone:
        notes.append("no machine can check it")
    return ItemRow(kind, tally, tuple(notes))
