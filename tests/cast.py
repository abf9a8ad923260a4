"""The cast of the access tests: who they are is all that differs between them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from grader.models import Role, Scope, User
from grader.services import api_key_create
from rubrics.domain.document import rubric_from_mapping
from rubrics.models import RubricVersion
from rubrics.services import rubric_version_approve, rubric_version_create
from scoring.models import Assessment
from tests.builders import document

TRANSCRIPT = """\
[00:02] Student: Hi, I'm one of the students. What brings you in today?
[00:06] Patient: I rolled my ankle at football.
[00:10] Student: Sorry to hear that. When did that happen?
[00:14] Patient: Last night.
[00:17] Student: And could you walk on it afterwards?
[00:20] Patient: Only a couple of steps, it was agony.
[00:25] Student: Do you have any allergies?
[00:28] Patient: Penicillin.
[00:31] Student: So to sum up, you are a 23 year old who twisted the ankle and could not bear weight, so I would order an x-ray.
[00:40] Patient: That's right.
"""


@dataclass(frozen=True, slots=True)
class Cast:
    """owner owns the assessment, colleague grades it, outsider teaches elsewhere."""

    owner: User
    colleague: User
    outsider: User
    coordinator: User
    student: User
    other_student: User


def make_cast() -> Cast:
    def person(name: str, role: Role, student_id: str = "") -> User:
        return User.objects.create_user(username=name, password="long-enough-1", role=role, student_id=student_id)

    return Cast(
        owner=person("owner", Role.FACULTY),
        colleague=person("colleague", Role.FACULTY),
        outsider=person("outsider", Role.FACULTY),
        coordinator=person("coordinator", Role.COORDINATOR),
        student=person("student", Role.STUDENT, "S-1"),
        other_student=person("other", Role.STUDENT, "S-2"),
    )


def approved_rubric(**changes: object) -> RubricVersion:
    version = rubric_version_create(
        document=rubric_from_mapping(document(**changes)), author_id=None, at=timezone.now()
    )
    return rubric_version_approve(rubric_version=version, by="coordinator", at=timezone.now())


def assessment_of(cast: Cast, version: RubricVersion) -> Assessment:
    assessment = Assessment.objects.create(
        course="MSK", station="Ankle", date=timezone.now().date(), rubric_version=version, owner=cast.owner
    )
    assessment.graders.add(cast.colleague)
    return assessment


def key(*scopes: Scope) -> str:
    return api_key_create(name="integrator", scopes=scopes or list(Scope.values))[1]
