"""An evaluation as JSON, and as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from scoring.domain.agreement import Counts, Interval, agreement_of_classes, bootstrap_interval, count
from scoring.domain.overall import four_places
from scoring.evaluation import SECTIONS, InterviewVerdicts, ItemVerdict


def evaluation_as_json(interviews: Sequence[InterviewVerdicts]) -> dict[str, Any]:
    rubrics = sorted({interview.rubric for interview in interviews})
    items = [item for interview in interviews for item in interview.items]
    return {
        "interviews": len(interviews),
        "questions": _figures(interviews),
        "sure_only": _figures(interviews, sure_only=True),
        "uncertain": _uncertain(items),
        "cited_turn_is_marked": _number(_cited(items)),
        "by_rubric": {name: _figures([i for i in interviews if i.rubric == name]) for name in rubrics},
        "by_item": {name: _by_item([i for i in interviews if i.rubric == name]) for name in rubrics},
        "sections": _sections(interviews),
        "sections_without_summary": _sections(interviews, tuple(name for name in SECTIONS if name != "SUMMARY")),
        "disagreements": [
            _disagreement(interview, item) for interview in interviews for item in interview.items if not item.agrees
        ],
    }


def _figures(interviews: Sequence[InterviewVerdicts], *, sure_only: bool = False) -> dict[str, Any]:
    clusters = [interview.counts(sure_only=sure_only) for interview in interviews]
    counts = sum(clusters, Counts())
    return {
        "items": counts.total,
        "kappa": _number(counts.kappa),
        "kappa_95": _bounds(bootstrap_interval(clusters, lambda drawn: drawn.kappa)),
        "f1": _number(counts.f1),
        "precision": _number(counts.precision),
        "recall": _number(counts.recall),
        "engine_only": counts.machine_only,
        "person_only": counts.person_only,
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(four_places(value))


def _bounds(interval: Interval | None) -> list[float | None] | None:
    return None if interval is None else [_number(interval.low), _number(interval.high)]


def _uncertain(items: Sequence[ItemVerdict]) -> dict[str, Any]:
    uncertain = [item for item in items if item.match.uncertain]
    errors = sum(not item.agrees for item in items)
    held = sum(not item.agrees for item in uncertain)
    return {
        "share": _number(Fraction(len(uncertain), len(items)) if items else None),
        "share_of_errors": _number(Fraction(held, errors) if errors else None),
    }


def _cited(items: Sequence[ItemVerdict]) -> Fraction | None:
    credited = [item for item in items if item.match.asked and item.person and item.evidence_turns]
    return Fraction(sum(item.cites_a_marked_turn for item in credited), len(credited)) if credited else None


def _by_item(interviews: Sequence[InterviewVerdicts]) -> dict[str, Any]:
    by_id: dict[str, list[ItemVerdict]] = {}
    for interview in interviews:
        for item in interview.items:
            by_id.setdefault(item.question.id, []).append(item)
    return {name: _of_item(items) for name, items in by_id.items()}


def _of_item(items: Sequence[ItemVerdict]) -> dict[str, Any]:
    """kappa is null where all verdicts of one side are equal, which is common with few interviews."""
    counts = count([(item.match.asked, item.person) for item in items])
    return {
        "n": counts.total,
        "agree": counts.both_yes + counts.both_no,
        "asked": counts.both_yes + counts.person_only,
        "engine_only": counts.machine_only,
        "person_only": counts.person_only,
        "kappa": _number(counts.kappa),
        "f1": _number(counts.f1),
        "precision": _number(counts.precision),
        "recall": _number(counts.recall),
    }


def _sections(interviews: Sequence[InterviewVerdicts], classes: tuple[str, ...] = SECTIONS) -> dict[str, Any]:
    pairs = [pair for interview in interviews for pair in interview.sections if pair[1] in classes]
    agreement = agreement_of_classes(pairs, classes)
    return {
        "turns": agreement.total,
        "accuracy": _number(agreement.accuracy),
        "macro_f1": _number(agreement.macro_f1),
        "f1": {str(name): _number(value) for name, value in agreement.f1.items()},
    }


def _disagreement(interview: InterviewVerdicts, item: ItemVerdict) -> dict[str, Any]:
    return {
        "interview": interview.interview,
        "rubric": interview.rubric,
        "question": item.question.id,
        "label": item.question.label,
        "engine": item.match.asked,
        "person": item.person,
        "sure": item.sure,
        "uncertain": item.match.uncertain,
        "confidence": float(item.match.confidence),
        "turn": None if item.match.evidence is None else item.match.evidence.turn,
        "quote": item.quote,
        "marked_turns": list(item.evidence_turns),
    }


def evaluation_as_text(report: dict[str, Any]) -> str:
    return "\n".join(_lines(report))


def _lines(report: dict[str, Any]) -> Iterator[str]:
    yield f"{report['interviews']} interviews"
    yield _figure_line("all items", report["questions"])
    yield _figure_line("marked sure", report["sure_only"])
    yield from (_figure_line(name, figures) for name, figures in report["by_rubric"].items())
    uncertain = report["uncertain"]
    yield f"uncertain {uncertain['share']} of items, holding {uncertain['share_of_errors']} of the disagreements"
    yield f"cited turn is a marked one in {report['cited_turn_is_marked']} of the items credited by both"
    for name in ("sections", "sections_without_summary"):
        part = report[name]
        per_class = "  ".join(f"{section} {value}" for section, value in part["f1"].items())
        title = name.replace("_", " ")
        yield f"{title}: accuracy {part['accuracy']}, macro-F1 {part['macro_f1']} ({part['turns']} turns)"
        yield f"  F1: {per_class}"
    yield "\nPer item"
    for rubric, items in report["by_item"].items():
        yield f"  {rubric}"
        yield from (_item_line(name, item) for name, item in items.items())
    yield "\nDisagreements"
    yield from (_disagreement_line(row) for row in report["disagreements"])


def _figure_line(name: str, figures: dict[str, Any]) -> str:
    low, high = figures["kappa_95"] or (None, None)
    return (
        f"{name:<16} n {figures['items']:>5}  kappa {figures['kappa']} [{low}, {high}]  F1 {figures['f1']}  "
        f"precision {figures['precision']}  recall {figures['recall']}"
    )


def _item_line(name: str, item: dict[str, Any]) -> str:
    return (
        f"    {name:<24} agree {item['agree']} of {item['n']}, asked {item['asked']}, kappa {item['kappa']}, "
        f"F1 {item['f1']}, engine only {item['engine_only']}, person only {item['person_only']}"
    )


def _disagreement_line(row: dict[str, Any]) -> str:
    kind = "engine only" if row["engine"] else "person only"
    doubts = "".join((" (unsure)" if not row["sure"] else "", " (uncertain)" if row["uncertain"] else ""))
    place = f"turn {row['turn']}" if row["turn"] else "nowhere"
    return (
        f"  {row['interview']} {row['question']}: {kind} {row['confidence']}{doubts}, {place} “{row['quote'][:90]}”, "
        f"marked {row['marked_turns']}"
    )
