"""The table of checks. Their names are part of the API (docs/rubrics.md)."""

from __future__ import annotations

from itertools import islice

from rubrics.domain.document import RubricDocument
from rubrics.domain.qa import measures, names, patterns, questions, structure, vocabulary, weights
from rubrics.domain.qa.findings import MAX_PROBLEMS, CheckResult, Finder, Level, QaReport

CHECKS: tuple[tuple[str, Level, Finder], ...] = (
    ("weights_sum", Level.ERROR, weights.weights_sum),
    ("communication_weight", Level.ERROR, weights.communication_weight),
    ("unique_anchors", Level.ERROR, names.unique_anchors),
    ("unique_ids", Level.ERROR, names.unique_ids),
    ("critical_questions", Level.ERROR, questions.critical_questions),
    ("summary_token_bounds", Level.ERROR, measures.summary_token_bounds),
    ("no_duplicate_phrases", Level.ERROR, questions.no_duplicate_phrases),
    ("patterns_compile", Level.ERROR, patterns.patterns_compile),
    ("penalties_readable", Level.ERROR, structure.penalties_readable),
    ("patterns_discriminate", Level.WARNING, patterns.patterns_discriminate),
    ("elements_checkable", Level.WARNING, measures.elements_checkable),
    ("anchors_resolve", Level.WARNING, names.anchors_resolve),
    ("components_have_items", Level.WARNING, weights.components_have_items),
    ("penalties_bounded", Level.WARNING, structure.penalties_bounded),
    ("sections_known", Level.WARNING, structure.sections_known),
    ("phrases_overlap", Level.WARNING, questions.phrases_overlap),
    ("phrases_discriminate", Level.WARNING, questions.phrases_discriminate),
    ("compound_labels", Level.WARNING, questions.compound_labels),
    ("rules_decide", Level.WARNING, measures.rules_decide),
    ("vocabulary_clear", Level.WARNING, vocabulary.vocabulary_clear),
)
"""name, severity, finder; the order in which a report lists them."""


def check_rubric(rubric: RubricDocument) -> QaReport:
    """Every check, in a fixed order; linear in the size of the document."""
    return QaReport(tuple(_checked(name, severity, find, rubric) for name, severity, find in CHECKS))


def _checked(name: str, severity: Level, find: Finder, rubric: RubricDocument) -> CheckResult:
    found = find(rubric)
    listed = tuple(islice(found, MAX_PROBLEMS))
    return CheckResult(name, severity, listed, more=sum(1 for _ in found))
