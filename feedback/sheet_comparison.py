"""A mark sheet held against the machine's verdicts: how far they agree, and where not. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rubrics.domain.errors import Malformed
from scoring.access import Viewer
from scoring.cohorts import cohort_of
from scoring.domain.mark_sheet import MarkSheet, read_mark_sheet
from scoring.domain.statistics.cohort import CohortFigures, GradedCandidate, ItemVerdict, cohort_figures
from scoring.domain.statistics.verdicts import item_labels
from scoring.identities import Identities
from scoring.models import Assessment, Grading
from scoring.presentation.numbers import AgreementRow, Wording, agreement_rows, agreement_words

MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SheetComparison:
    """words: the finding, and what of the sheet was not used."""

    words: str
    rows: tuple[AgreementRow, ...]


def compare_sheet(assessment: Assessment, viewer: Viewer, content: bytes) -> SheetComparison:
    """Raises Malformed for what is no mark sheet of this assessment."""
    labels = item_labels(assessment.rubric_version.document)
    sheet = read_mark_sheet(_text(content), labels)
    candidates, _ = cohort_of(assessment, alias="default")
    known = _gradings_by_name(assessment, viewer, [one.grading_id for one in candidates])
    marked = [
        _marked(one, sheet.marks[name])
        for one in candidates
        for name in known.get(one.grading_id, ())
        if name in sheet.marks
    ]
    figures = cohort_figures(marked, items=list(labels), cut=assessment.cut_score)
    wording = Wording(labels, frozenset(), candidate_names(assessment, viewer, figures))
    return SheetComparison(_words(sheet, figures, len(marked)), agreement_rows(figures.agreement, wording))


def candidate_names(assessment: Assessment, viewer: Viewer, figures: CohortFigures) -> Mapping[str, str]:
    """What the candidates behind the disagreements are called, for this viewer."""
    wanted = {grading for item in figures.agreement for grading, _ in item.disagreements}
    if not wanted:
        return {}
    identities = Identities.of(viewer)
    gradings = Grading.objects.filter(pk__in=wanted).with_candidates()
    return {
        str(grading.pk): identities.show(candidate, assessment).title
        for grading in gradings
        if (candidate := grading.submission.candidate) is not None
    }


def _gradings_by_name(assessment: Assessment, viewer: Viewer, gradings: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Names by which a sheet may call a candidate: the code, and the student ID where it may be seen."""
    identities = Identities.of(viewer)
    rows = Grading.objects.filter(pk__in=gradings).with_candidates()
    return {
        str(row.pk): (
            (candidate.code, candidate.student_id) if identities.sees(candidate, assessment) else (candidate.code,)
        )
        for row in rows
        if (candidate := row.submission.candidate) is not None
    }


def _marked(candidate: GradedCandidate, marks: Mapping[str, bool]) -> GradedCandidate:
    verdicts = {
        item: ItemVerdict(verdict.machine, person=marks.get(item)) for item, verdict in candidate.verdicts.items()
    }
    return replace(candidate, verdicts=verdicts)


def _words(sheet: MarkSheet, figures: CohortFigures, used: int) -> str:
    if not used:
        raise Malformed("No line of the sheet names a graded candidate of this class. Check its first column.")
    left = len(sheet.marks) - used
    words = [agreement_words(figures.overall_agreement) or "The sheet marks no item that the machine judged."]
    if left:
        words.append(f"{left} of {len(sheet.marks)} lines name nobody who has been graded here and were left out.")
    if sheet.unknown_columns:
        words.append(f"Columns that are no item were left out: {', '.join(sheet.unknown_columns[:10])}.")
    return " ".join(words)


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise Malformed("A mark sheet has at most 1 MiB. Leave out the columns that are no items.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
