"""Class lists from files and by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from rubrics.domain.errors import FieldProblem, Malformed, WrongState
from scoring.access import Viewer
from scoring.domain.class_list.columns import Column, columns_from, guess_columns, has_header
from scoring.domain.class_list.rows import ListedStudent, RowState, read_students
from scoring.domain.class_list.tables import Table, read_table
from scoring.models import Assessment, Candidate, ClassListImport
from scoring.services.candidates import candidates_with_codes, class_list_lock
from scoring.services.trail import assessment_event

MAX_CANDIDATES = 5_000


@dataclass(frozen=True, slots=True)
class ClassListOutcome:
    added: int
    updated: int
    skipped: int


@transaction.atomic
def class_list_stage(
    *, assessment: Assessment, content: bytes, filename: str, user_id: int, at: datetime
) -> ClassListImport:
    """Read a file and guess its columns; nothing joins the class list yet. Raises the refusals of `read_table`."""
    table = read_table(content, filename)
    ClassListImport.objects.filter(assessment=assessment, created_by_id=user_id).delete()
    return ClassListImport.objects.create(
        assessment=assessment,
        created_by_id=user_id,
        filename=filename[-300:],
        table=table,
        columns={column.value: place for column, place in guess_columns(table).items()},
        has_header=has_header(table),
        created_at=at,
    )


def class_list_map(*, staged: ClassListImport, columns: Mapping[Column, int], has_header: bool) -> ClassListImport:
    """Take a person's word for which column holds what. Raises Malformed for two uses of one column."""
    if len(set(columns.values())) < len(columns):
        raise Malformed("One column can't be two things. Choose each column once.")
    staged.columns = {column.value: place for column, place in columns.items()}
    staged.has_header = has_header
    staged.save(update_fields=["columns", "has_header"])
    return staged


def staged_students(staged: ClassListImport) -> tuple[ListedStudent, ...]:
    """What the file says, by the columns as chosen so far."""
    known = set(staged.assessment.candidates.values_list("student_id", flat=True))
    table: Table = tuple(tuple(row) for row in staged.table)
    return read_students(table, columns_from(staged.columns), header=staged.has_header, known=known)


@transaction.atomic
def class_list_apply(*, staged: ClassListImport, viewer: Viewer, at: datetime) -> ClassListOutcome:
    """Take the good rows over; wrong ones are left out, and said so before.

    Raises WrongState when no row is good or the class would grow past `MAX_CANDIDATES`.
    """
    assessment = staged.assessment
    class_list_lock(assessment)
    students = staged_students(staged)
    new = [student for student in students if student.state is RowState.NEW]
    known = {student.student_id: student for student in students if student.state is RowState.KNOWN}
    if not new and not known:
        raise WrongState("No row of this file can be taken over. See what is wrong with them, or choose other columns.")
    if assessment.candidates.count() + len(new) > MAX_CANDIDATES:
        raise WrongState(f"A class list holds at most {MAX_CANDIDATES:,} candidates.")
    rows = [Candidate(student_id=s.student_id, display_name=s.name, email=s.email, created_at=at) for s in new]
    Candidate.objects.bulk_create(candidates_with_codes(assessment, rows), batch_size=500)
    _bring_up_to_date(assessment, known)
    staged.delete()
    outcome = ClassListOutcome(len(new), len(known), len(students) - len(new) - len(known))
    assessment_event(assessment, "import class list", viewer, at, {"added": outcome.added, "updated": outcome.updated})
    return outcome


def _bring_up_to_date(assessment: Assessment, known: Mapping[str, ListedStudent]) -> None:
    """An empty cell is no news: it erases nothing."""
    rows = list(assessment.candidates.filter(student_id__in=known))
    for row in rows:
        row.display_name = known[row.student_id].name or row.display_name
        row.email = known[row.student_id].email or row.email
    Candidate.objects.bulk_update(rows, ["display_name", "email"], batch_size=500)


@transaction.atomic
def candidate_add(
    *, assessment: Assessment, student_id: str, name: str, email: str, viewer: Viewer, at: datetime
) -> Candidate:
    """One more, by hand. Raises Malformed for what an import would refuse, and for who is on the list already."""
    columns = {Column.STUDENT_ID: 0, Column.NAME: 1, Column.EMAIL: 2}
    class_list_lock(assessment)
    known = set(assessment.candidates.filter(student_id=student_id).values_list("student_id", flat=True))
    row = tuple(" ".join(cell.replace("\0", "").split()) for cell in (student_id, name, email))
    (student,) = read_students((row,), columns, header=False, known=known)
    if student.state is RowState.WRONG:
        raise Malformed(student.problem, fields=(FieldProblem("student_id", student.problem),))
    if student.state is RowState.KNOWN:
        raise WrongState("This student ID is on the class list already.", code="candidate_exists")
    candidate = Candidate(student_id=student.student_id, display_name=student.name, email=student.email, created_at=at)
    candidates_with_codes(assessment, [candidate])
    candidate.save()
    assessment_event(assessment, "add candidate", viewer, at, {"candidate": candidate.pk})
    return candidate


@transaction.atomic
def candidate_remove(*, candidate: Candidate, viewer: Viewer, at: datetime) -> None:
    """Raises WrongState for a candidate who handed something in: records are not removed."""
    if candidate.submissions.exists():
        raise WrongState("This candidate has a transcript here and stays on the class list.", code="has_submissions")
    pk = candidate.pk
    candidate.delete()
    assessment_event(candidate.assessment, "remove candidate", viewer, at, {"candidate": pk})
