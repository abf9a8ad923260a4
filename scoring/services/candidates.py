"""Class lists."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from scoring.domain.candidate_codes import draw_codes
from scoring.models import Assessment, Candidate


@transaction.atomic
def candidates_ensure(*, assessment: Assessment, student_ids: Iterable[str], at: datetime) -> dict[str, Candidate]:
    """The candidates of these students, by student ID; those who are not on the class list are put there.

    What is graded in an assessment always belongs to a candidate of it, whichever door it came through.
    """
    wanted = list(dict.fromkeys(student_ids))
    found = _by_student_id(assessment, wanted)
    if len(found) == len(wanted):
        return found
    class_list_lock(assessment)
    found = _by_student_id(assessment, wanted)
    missing = [student_id for student_id in wanted if student_id not in found]
    rows = candidates_with_codes(
        assessment, [Candidate(student_id=student_id, created_at=at) for student_id in missing]
    )
    return found | {row.student_id: row for row in Candidate.objects.bulk_create(rows)}


def candidates_with_codes(assessment: Assessment, rows: list[Candidate]) -> list[Candidate]:
    """Give unsaved rows their assessment and a code. The class list must be locked."""
    taken = set(Candidate.objects.filter(assessment=assessment).values_list("code", flat=True))
    for row, code in zip(rows, draw_codes(taken, len(rows), secrets.randbelow), strict=True):
        row.assessment = assessment
        row.code = code
    return rows


def class_list_lock(assessment: Assessment) -> None:
    """Whoever adds to a class list takes turns until the transaction ends: codes must not be drawn twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"class list {assessment.pk}"])


def _by_student_id(assessment: Assessment, student_ids: list[str]) -> dict[str, Candidate]:
    rows = Candidate.objects.filter(assessment=assessment, student_id__in=student_ids)
    return {row.student_id: row for row in rows}
