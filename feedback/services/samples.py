"""A sample class, so that somebody new sees the whole way in five minutes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction

from feedback.domain.sample_class import class_of
from feedback.domain.uploads.files import UploadedText
from feedback.services.uploads import upload_stage, upload_start
from rubrics.domain.document import RubricStatus, rubric_from_json
from rubrics.domain.errors import NotFound
from rubrics.models import RubricVersion
from rubrics.services import rubric_version_approve, rubric_version_create
from scoring.access import Viewer
from scoring.models import Assessment, Batch, Candidate
from scoring.services.assessments import AssessmentPlan, assessment_create
from scoring.services.candidates import candidates_with_codes, class_list_lock

LIBRARY = Path(settings.BASE_DIR) / "rubrics" / "library"
COURSE = "Sample course"
_RUBRIC = "stroke_v1"
_SIZE = 24


@transaction.atomic
def sample_class_load(*, viewer: Viewer, at: datetime, size: int = _SIZE, rubric_id: str = _RUBRIC) -> Batch:
    """A station of one's own with a class list and transcripts, grading started. Loading it again makes another."""
    if viewer.user_id is None:
        raise NotFound("A sample class belongs to a person. Sign in first.")
    version = _approved(rubric_id, at)
    plan = AssessmentPlan(
        course=COURSE,
        station=version.title or rubric_id,
        date=at.date(),
        rubric_version=version,
        owner_id=viewer.user_id,
        cut_score=Decimal("0.6"),
    )
    assessment = assessment_create(plan=plan, viewer=viewer, at=at)
    candidates = sample_candidates(assessment, size, at)
    texts = [
        UploadedText(f"{candidate.student_id}.txt", text, student=candidate.student_id)
        for candidate, text in zip(candidates, class_of(interviews(rubric_id), size), strict=True)
    ]
    batch = upload_stage(assessment=assessment, texts=texts, left_out=[], viewer=viewer, at=at)
    return upload_start(batch=batch, viewer=viewer, at=at)


def sample_candidates(assessment: Assessment, size: int, at: datetime) -> list[Candidate]:
    """Numbered, since nobody real is meant."""
    class_list_lock(assessment)
    rows = [
        Candidate(student_id=f"SAMPLE-{number:03d}", display_name=f"Sample student {number}", created_at=at)
        for number in range(1, size + 1)
    ]
    return Candidate.objects.bulk_create(candidates_with_codes(assessment, rows))


def interviews(rubric_id: str) -> list[str]:
    """The library's interviews for this rubric, strong before weak."""
    folder = LIBRARY / "samples" / rubric_id
    paths = sorted(path for path in folder.glob("*.txt") if not path.name.endswith(".summary.txt"))
    return [path.read_text(encoding="utf-8") for path in paths]


def _approved(rubric_id: str, at: datetime) -> RubricVersion:
    """The latest approved version; where the rubric is not there at all, the library's own."""
    versions = RubricVersion.objects.of(rubric_id)
    approved = versions.approved().newest_first().first()
    if approved is not None:
        return approved
    if versions.exists():
        raise NotFound(f"The sample class needs an approved version of {rubric_id}. Approve one, then try again.")
    document = rubric_from_json((LIBRARY / f"{rubric_id}.json").read_bytes())
    version = rubric_version_create(document=document, author_id=None, at=at)
    if version.status == RubricStatus.DRAFT:
        version = rubric_version_approve(rubric_version=version, by="sample class", at=at)
    return version
