"""The page of an assessment's numbers: findings in words, figures in columns, charts as coordinates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from scoring.domain.agreement import Counts, KappaInterval, kappa_interval
from scoring.domain.statistics.cohort import CohortFigures, ItemAgreement
from scoring.domain.statistics.distribution import Distribution
from scoring.domain.statistics.items import FEWEST_FOR_DISCRIMINATION, FEWEST_TO_TRUST, ItemStatistics
from scoring.presentation.charts import Histogram, Scatter, Span, histogram, item_scatter, signed, span, whole

MOST_LINKS = 6
_REMARKS = {
    "all": "everybody gets it",
    "none": "nobody gets it",
    "negative": "the weaker candidates get it",
    "weak": "it hardly tells candidates apart",
}


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class ItemRow:
    number: int
    label: str
    critical: bool
    difficulty: str
    n: int
    span: Span
    interval: str
    discrimination: str
    remark: str


@dataclass(frozen=True, slots=True)
class Link:
    grading_id: str
    name: str


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """few: too few candidates to rely on. more: disagreements beyond those that are linked."""

    label: str
    n: int
    few: bool
    kappa: str
    span: Span | None
    interval: str
    counts: Counts
    disagreements: tuple[Link, ...]
    more: int


@dataclass(frozen=True, slots=True)
class NumbersPage:
    """spread None: nobody has been graded."""

    spread: Distribution | None
    notes: tuple[str, ...]
    figures: tuple[Figure, ...] = ()
    histogram: Histogram | None = None
    histogram_title: str = ""
    bins: tuple[tuple[str, int], ...] = ()
    scatter: Scatter | None = None
    scatter_title: str = ""
    items: tuple[ItemRow, ...] = ()
    agreement: tuple[AgreementRow, ...] = ()
    agreement_words: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """What an item is called and which are critical, by key; how a candidate is named, by grading."""

    labels: Mapping[str, str]
    critical: frozenset[str]
    names: Mapping[str, str]


def numbers_page(figures: CohortFigures, wording: Wording, *, cut: Decimal, left_out: int) -> NumbersPage:
    """left_out: gradings by another version of the rubric, which would mix items that are not the same."""
    spread = figures.distribution
    if spread is None:
        return NumbersPage(None, ())
    return NumbersPage(
        spread=spread,
        notes=_notes(spread.n, left_out),
        figures=_figures(spread, figures.reviewed, cut),
        histogram=histogram(spread, cut=cut) if cut else histogram_without_cut(spread),
        histogram_title=_histogram_title(spread, cut),
        bins=tuple((f"{whole(part.low)} to {whole(part.high)} %", part.count) for part in spread.bins if part.count),
        scatter=item_scatter(figures.items, [wording.labels[item.item] for item in figures.items]),
        scatter_title=_scatter_title(figures.items),
        items=tuple(_item_row(number, item, wording) for number, item in enumerate(figures.items, start=1)),
        agreement=agreement_rows(figures.agreement, wording),
        agreement_words=agreement_words(figures.overall_agreement),
    )


def histogram_without_cut(spread: Distribution) -> Histogram:
    """Where nobody set a cut there is none to draw, and no bar is on the wrong side of it."""
    drawn = histogram(spread, cut=Decimal(0))
    return Histogram(drawn.bars, "", "", "start", drawn.across, drawn.up)


def _notes(n: int, left_out: int) -> tuple[str, ...]:
    notes = []
    if n < FEWEST_TO_TRUST:
        notes.append(
            f"{_people(n)}: too few to judge an item by. Difficulty and discrimination settle from about "
            f"{FEWEST_TO_TRUST} candidates on."
        )
    if left_out:
        notes.append(f"{left_out} graded by another version of the rubric and left out: their items differ.")
    return tuple(notes)


def _figures(spread: Distribution, reviewed: int, cut: Decimal) -> tuple[Figure, ...]:
    found = [
        Figure("Candidates", str(spread.n), f"{reviewed} reviewed, the others as the machine has them"),
        Figure("Mean", _percent(spread.mean), "" if spread.standard_deviation is None
               else f"SD {100 * spread.standard_deviation:.1f}"),
        Figure("Median", _percent(spread.median),
               f"middle half {_percent(spread.lower_quartile)} to {_percent(spread.upper_quartile)}"),
    ]  # fmt: skip
    if cut:
        passed = spread.passed
        found += [
            Figure(f"At or above the cut of {_percent(cut)}", f"{passed.part} of {passed.whole}",
                   f"95 % interval {_whole(passed.low)} to {_whole(passed.high)} %"),
            Figure("Within 5 points of the cut", str(spread.near_cut)),
        ]  # fmt: skip
    return tuple(found)


def _histogram_title(spread: Distribution, cut: Decimal) -> str:
    if not cut:
        return f"Half of the candidates score {_percent(spread.median)} or more."
    failed = spread.n - spread.passed.part
    near = f"; {spread.near_cut} within 5 points of it" if spread.near_cut else ""
    return f"{_people(failed)} of {spread.n} below the cut of {_percent(cut)}{near}."


def _scatter_title(items: Sequence[ItemStatistics]) -> str:
    if not any(item.discrimination is not None for item in items):
        return f"Discrimination is shown from {FEWEST_FOR_DISCRIMINATION} candidates with differing marks on."
    look = sum(bool(item.remark) for item in items)
    if not look:
        return "Every item tells stronger candidates from weaker ones."
    return f"{look} of {len(items)} items deserve a look."


def _item_row(number: int, item: ItemStatistics, wording: Wording) -> ItemRow:
    share = item.difficulty
    return ItemRow(
        number=number,
        label=wording.labels[item.item],
        critical=item.item in wording.critical,
        difficulty=_whole(share.share),
        n=share.whole,
        span=span(share.low, share.share, share.high, least=0.0, most=1.0),
        interval=f"{_whole(share.low)} to {_whole(share.high)}",
        discrimination="–" if item.discrimination is None else signed(item.discrimination),
        remark=_REMARKS.get(item.remark, ""),
    )


def agreement_rows(agreement: Sequence[ItemAgreement], wording: Wording) -> tuple[AgreementRow, ...]:
    """The items with the most disagreements first; equals in the rubric's order."""
    return tuple(_agreement_row(item, wording) for item in sorted(agreement, key=lambda item: -len(item.disagreements)))


def _agreement_row(item: ItemAgreement, wording: Wording) -> AgreementRow:
    kappa = item.counts.kappa
    interval = item.interval
    links = tuple(Link(grading, wording.names.get(grading, "candidate")) for grading, _ in item.disagreements)
    return AgreementRow(
        label=wording.labels[item.item],
        n=item.counts.total,
        few=item.is_uncertain,
        kappa="–" if kappa is None else signed(float(kappa)),
        span=None if kappa is None or interval is None else span(interval.low, float(kappa), interval.high),
        interval="" if interval is None else _interval(interval),
        counts=item.counts,
        disagreements=links[:MOST_LINKS],
        more=max(len(links) - MOST_LINKS, 0),
    )


def agreement_words(counts: Counts) -> str:
    """Over all items together; the interval takes verdicts as independent, which those of one candidate are not."""
    if not counts.total:
        return ""
    agreed = counts.both_yes + counts.both_no
    interval, kappa = kappa_interval(counts), counts.kappa
    together = f"{agreed} of {counts.total} verdicts that a person confirmed or changed were the machine's"
    if kappa is None or interval is None:
        return f"{together}. κ says nothing where every verdict is the same."
    return f"{together}: κ {signed(float(kappa))}, 95 % interval {_interval(interval)}, verdicts taken one by one."


def _interval(interval: KappaInterval) -> str:
    return f"{signed(interval.low)} to {signed(interval.high)}"


def _people(number: int) -> str:
    return "1 candidate" if number == 1 else f"{number} candidates"


def _percent(share: Decimal) -> str:
    tenths = (share * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)
    return f"{tenths}\N{NO-BREAK SPACE}%"


def _whole(share: float) -> str:
    return f"{100 * share:.0f}"
