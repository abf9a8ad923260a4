"""Making accounts for a class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from grader.models import Role, User
from rubrics.audit import AuditEvent, record
from scoring.access import Viewer
from scoring.models import Assessment, Candidate


@dataclass(frozen=True, slots=True)
class StudentAccount:
    """A candidate and how they get in. link: empty once they chose a password; username: empty without an account."""

    candidate: Candidate
    username: str
    link: str


@transaction.atomic
def student_accounts_create(*, assessment: Assessment, viewer: Viewer, at: datetime) -> int:
    """An account without a password for every candidate who has none. Returns how many were made.

    The user name is the student ID; where somebody else bears it already, with a number behind.
    """
    candidates = list(assessment.candidates.order_by("student_id"))
    have = set(
        User.objects.filter(student_id__in=[c.student_id for c in candidates]).values_list("student_id", flat=True)
    )
    taken = set(User.objects.values_list("username", flat=True))
    users = []
    for candidate in candidates:
        if candidate.student_id in have:
            continue
        username = _free_username(candidate.student_id, taken)
        taken.add(username)
        users.append(
            User(
                username=username,
                email=candidate.email,
                role=Role.STUDENT,
                student_id=candidate.student_id,
                password=make_password(None),
                date_joined=at,
            )
        )
    User.objects.bulk_create(users, batch_size=200)
    record(
        AuditEvent(
            actor=viewer.label,
            action="make student accounts",
            object_type="assessment",
            object_id=str(assessment.pk),
            at=at,
            detail={"accounts": len(users)},
        )
    )
    return len(users)


def _free_username(student_id: str, taken: set[str]) -> str:
    name = "".join(c for c in student_id if c.isalnum() or c in "@.+-_")[:140] or "student"
    number = 1
    while (name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return name if number == 1 else f"{name}-{number}"


def student_accounts_of(assessment: Assessment, root: str) -> list[StudentAccount]:
    """The class by student ID. root: the address of this server, with which the links begin."""
    candidates = list(assessment.candidates.order_by("student_id"))
    students = User.objects.filter(role=Role.STUDENT, student_id__in=[c.student_id for c in candidates])
    users = {user.student_id: user for user in students}
    return [_account(candidate, users.get(candidate.student_id), root) for candidate in candidates]


def _account(candidate: Candidate, user: User | None, root: str) -> StudentAccount:
    if user is None:
        return StudentAccount(candidate, "", "")
    if user.has_usable_password() or not user.is_active:
        return StudentAccount(candidate, user.username, "")
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("set-password", args=[uid, default_token_generator.make_token(user)])
    return StudentAccount(candidate, user.username, root.rstrip("/") + path)
