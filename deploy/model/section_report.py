"""Agreement of predicted sections with annotated ones, as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

SCORED = ("CC", "HPI", "ROS", "PMH", "SH", "FH", "SUMMARY")
FOLDED = {"MEDS": "PMH", "ALL": "PMH", "ALLERGIES": "PMH", "ASSESSMENT": "PLAN"}


def agreement_report(gold: Sequence[str], predicted: Sequence[str], scored: Sequence[str] = SCORED) -> str:
    """Accuracy, macro-F1 with and without SUMMARY, F1 per class and the confusions, over turns whose gold is scored."""
    pairs = [(FOLDED.get(truth, truth), FOLDED.get(label, label)) for truth, label in zip(gold, predicted, strict=True)]
    judged = [pair for pair in pairs if pair[0] in scored]
    f1 = {name: f1_of(judged, name) for name in scored}
    without = [value for name, value in f1.items() if name != "SUMMARY"]
    average, without_summary = sum(f1.values()) / len(f1), sum(without) / max(1, len(without))
    head = f"n {len(judged)}  accuracy {accuracy_of(judged):.3f}  macro-F1 {average:.3f}"
    each = "  ".join(f"{name} {value:.2f}" for name, value in f1.items())
    return "\n".join((f"{head}  without SUMMARY {without_summary:.3f}", each, *_confusions(judged)))


def accuracy_of(pairs: Sequence[tuple[str, str]]) -> float:
    return sum(truth == label for truth, label in pairs) / max(1, len(pairs))


def f1_of(pairs: Sequence[tuple[str, str]], name: str) -> float:
    right = sum(truth == label == name for truth, label in pairs)
    either = sum(name in pair for pair in pairs)
    return 2 * right / max(1, right + either)


def _confusions(pairs: Sequence[tuple[str, str]]) -> list[str]:
    counts = Counter(pairs)
    names = sorted({name for pair in pairs for name in pair})
    head = "gold \\ said" + "".join(f"{name:>9}" for name in names)
    rows = {truth: "".join(f"{counts[truth, label]:>9}" for label in names) for truth, _ in sorted(counts)}
    return [head, *(f"{truth:<11}{row}" for truth, row in rows.items())]
