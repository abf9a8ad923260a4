"""The demonstration: example rubrics, graded interviews and people to sign in as. Loading it again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from feedback.services import GradeRequest, grading_release, submission_grade
from feedback.services.samples import COURSE as SAMPLE_COURSE
from feedback.services.samples import sample_class_load
from grader.models import Role, User
from rubrics.domain.document import RubricStatus, rubric_from_json
from rubrics.domain.semver import SemanticVersion
from rubrics.models import RubricVersion
from rubrics.services import rubric_version_approve, rubric_version_create
from scoring.domain.pipeline import SubmissionInputs
from scoring.models import Assessment, Grading, Submission

LIBRARY = Path(settings.BASE_DIR) / "rubrics" / "library"
COURSE = "Sample clerkship"


@dataclass(frozen=True, slots=True)
class Account:
    username: str
    role: Role
    password: str
    student_id: str = ""


ACCOUNTS = (
    Account("coordinator", Role.COORDINATOR, "demo-coordinator"),
    Account("faculty", Role.FACULTY, "demo-faculty"),
    Account("student", Role.STUDENT, "demo-student", student_id="S-001"),
)
"""For a server on one's own machine; `demo_load` refuses to make them where DEBUG is off."""


@dataclass(frozen=True, slots=True)
class DemoSummary:
    rubrics: int
    gradings: int


@transaction.atomic
def demo_load(*, at: datetime) -> DemoSummary:
    """Bring in whatever is missing. Raises RuntimeError in production: its passwords are known to everybody."""
    if not settings.DEBUG:
        raise RuntimeError("The demonstration has known passwords and is for development only.")
    people = {account.username: _account(account) for account in ACCOUNTS}
    for path in sorted(LIBRARY.glob("*.json")):
        version = _approved(path, people["coordinator"], at)
        assessment = _assessment(version, people["faculty"], at.date())
        for number, transcript in enumerate(_transcripts(version), start=1):
            _graded(transcript, f"S-{number:03d}", assessment, people["faculty"], at)
    _release_one(people["faculty"], at)
    _class(people["faculty"], at)
    return DemoSummary(RubricVersion.objects.count(), Grading.objects.count())


def _class(owner: User, at: datetime) -> None:
    """A class that the worker grades, so that the progress of a batch and a full table can be seen."""
    if not Assessment.objects.filter(owner=owner, course=SAMPLE_COURSE).exists():
        sample_class_load(viewer=owner.viewer, at=at)


def _account(account: Account) -> User:
    user, made = User.objects.get_or_create(
        username=account.username,
        defaults={
            "role": account.role,
            "student_id": account.student_id,
            "is_staff": account.role == Role.COORDINATOR,
            "is_superuser": account.role == Role.COORDINATOR,
        },
    )
    if made:
        user.set_password(account.password)
        user.save(update_fields=["password"])
    return user


def _approved(path: Path, coordinator: User, at: datetime) -> RubricVersion:
    document = rubric_from_json(path.read_bytes())
    versions = RubricVersion.objects.of(document.rubric_id)
    version = versions.numbered(SemanticVersion.parse(document.version)).first()
    if version is None:
        version = rubric_version_create(document=document, author_id=coordinator.pk, at=at)
    if version.status == RubricStatus.DRAFT:
        version = rubric_version_approve(rubric_version=version, by=coordinator.username, at=at)
    return version


def _assessment(version: RubricVersion, owner: User, on: date) -> Assessment:
    assessment, _ = Assessment.objects.get_or_create(
        course=COURSE,
        station=version.title or version.rubric.rubric_id,
        defaults={"date": on, "rubric_version": version, "owner": owner, "cut_score": "0.6"},
    )
    return assessment


def _transcripts(version: RubricVersion) -> list[Path]:
    """Strong before weak, so that candidates differ from station to station only in number."""
    folder = LIBRARY / "samples" / version.rubric.rubric_id
    return sorted(path for path in folder.glob("*.txt") if not path.name.endswith(".summary.txt"))


def _graded(transcript: Path, student_id: str, assessment: Assessment, by: User, at: datetime) -> None:
    if Submission.objects.filter(assessment=assessment, student_id=student_id).exists():
        return
    written = transcript.with_suffix(".summary.txt")
    inputs = SubmissionInputs(
        oral_transcript=transcript.read_text(encoding="utf-8"),
        summary_text=written.read_text(encoding="utf-8") if written.exists() else None,
    )
    request = GradeRequest(
        rubric_id=assessment.rubric_version.rubric.rubric_id,
        rubric_version=assessment.rubric_version.version,
        student_id=student_id,
        inputs=inputs,
        assessment_id=assessment.pk,
    )
    submission_grade(request=request, viewer=by.viewer, at=at)


def _release_one(by: User, at: datetime) -> None:
    """The demo student has something to read."""
    grading = Grading.objects.filter(submission__student_id=ACCOUNTS[-1].student_id).order_by("created_at").first()
    if grading is not None:
        grading_release(grading=grading, by_id=by.pk, at=at)
