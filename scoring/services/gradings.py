"""Submissions with their gradings, and the proof that they can be repeated."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from rubrics.domain.canonical import text_sha256
from rubrics.models import RubricVersion
from scoring.access import Viewer
from scoring.domain.overall import COMPONENTS
from scoring.domain.pipeline import Graded, SubmissionInputs, grade
from scoring.domain.result import stored_digest
from scoring.domain.statistics.verdicts import machine_verdicts
from scoring.domain.terms import Style
from scoring.models import Assessment, Grading, Submission
from scoring.school import school_engine
from scoring.services.candidates import candidates_ensure


@transaction.atomic
def grading_create(
    *,
    inputs: SubmissionInputs,
    graded: Graded,
    feedback: dict[str, object],
    rubric_version: RubricVersion,
    student_id: str,
    style: Style,
    assessment: Assessment | None,
    viewer: Viewer,
    at: datetime,
) -> Grading:
    """Store a submission with its grading, both or neither; in an assessment, as that of one of its candidates."""
    candidate = None
    if assessment is not None:
        candidate = candidates_ensure(assessment=assessment, student_ids=[student_id], at=at)[student_id]
    submission = Submission.objects.create(
        assessment=assessment,
        candidate=candidate,
        student_id=student_id,
        oral_transcript=inputs.oral_transcript,
        summary_text=inputs.summary_text,
        format=inputs.format or "",
        speaker_map=dict(inputs.speaker_map),
        transcript_sha256=text_sha256(inputs.oral_transcript),
        inputs_sha256=inputs.sha256,
        submitted_by_id=viewer.user_id,
        submitted_with_key=viewer.key_prefix,
        created_at=at,
    )
    result = graded.result
    return Grading.objects.create(
        submission=submission,
        rubric_version=rubric_version,
        style=style,
        result=result.as_json(),
        feedback=feedback,
        overall_score=result.overall_score,
        **{f"{name}_score": result.component_scores[name] for name in COMPONENTS},
        verdicts=machine_verdicts(result),
        uncertain_items=result.uncertain_items,
        warning_count=len(result.warnings),
        engine_version=result.fingerprint.engine_version,
        digest=result.fingerprint.digest,
        created_at=at,
    )


def submission_inputs(submission: Submission) -> SubmissionInputs:
    return SubmissionInputs(
        oral_transcript=submission.oral_transcript,
        summary_text=submission.summary_text,
        format=submission.format or None,
        speaker_map=submission.speaker_map,
    )


@dataclass(frozen=True, slots=True)
class Verification:
    """match is None when another engine version made the grading: it can't be repeated here, which proves nothing."""

    match: bool | None
    stored_digest: str
    recomputed_digest: str | None
    engine_version: str


def grading_verify(*, grading: Grading) -> Verification:
    """Grade the stored submission again and compare; stores nothing.

    False also when the stored result itself no longer has its digest, that is, when somebody altered the row.
    """
    engine = school_engine()
    if grading.engine_version != engine.version:
        return Verification(None, grading.digest, None, grading.engine_version)
    inputs = submission_inputs(grading.submission)
    again = grade(grading.rubric_version.document, inputs, engine).result.fingerprint.digest
    intact = stored_digest(grading.result) == grading.digest
    return Verification(intact and again == grading.digest, grading.digest, again, grading.engine_version)


@dataclass(slots=True)
class VerificationTally:
    """mismatching: ids of the gradings that could not be reproduced."""

    matching: int = 0
    of_other_engines: int = 0
    mismatching: list[str] = field(default_factory=list)


def grading_verify_all(*, since: datetime | None) -> VerificationTally:
    """Verify every grading since a moment, oldest first, holding one at a time in memory."""
    tally = VerificationTally()
    gradings = Grading.objects.since(since).with_context().order_by("created_at", "id")
    for grading in gradings.iterator(chunk_size=100):
        verification = grading_verify(grading=grading)
        if verification.match is None:
            tally.of_other_engines += 1
        elif verification.match:
            tally.matching += 1
        else:
            tally.mismatching.append(str(grading.pk))
    return tally
