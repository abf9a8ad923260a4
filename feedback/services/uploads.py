"""Transcripts of a class on their way in: staged with how they were read, put right by a person, then graded.

Everything staged stands in the database as a batch that is not started, so that a preview survives a closed browser
and nothing is ever half taken over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from feedback.domain.uploads.files import LeftOut, UploadedText, stem
from feedback.domain.uploads.matching import CandidateMatcher, Listed
from feedback.domain.uploads.reading import Reading, read_text
from feedback.services.batches import batch_start
from rubrics.domain.errors import FieldProblem, Malformed, NotFound, TooLarge, WrongState
from scoring.access import Viewer
from scoring.domain.pipeline import SubmissionInputs
from scoring.models import (
    Assessment,
    Batch,
    BatchItem,
    BatchKind,
    BatchState,
    Grading,
    ItemState,
    Submission,
)
from scoring.services import candidates_ensure

MAX_TRANSCRIPTS = 1_000
_READ_WITH_SECTIONS = 60


@dataclass(frozen=True, slots=True)
class FileChoice:
    """What a person chose for one file. student_id: on the class list or new to it; empty: nobody yet."""

    item_id: int
    student_id: str
    leave_out: bool = False


@transaction.atomic
def upload_stage(
    *,
    assessment: Assessment,
    texts: Sequence[UploadedText],
    left_out: Sequence[LeftOut],
    viewer: Viewer,
    at: datetime,
) -> Batch:
    """Keep the texts with how each was read and whose it seems to be; nothing is graded yet."""
    if not texts:
        raise Malformed("There is no transcript in this upload. Choose at least one file.", code="no_transcripts")
    if len(texts) > MAX_TRANSCRIPTS:
        raise TooLarge(f"At most {MAX_TRANSCRIPTS:,} transcripts fit into one upload. Upload the class in parts.")
    batch = Batch.objects.create(
        kind=BatchKind.UPLOAD,
        state=BatchState.DRAFT,
        assessment=assessment,
        created_by_id=viewer.user_id,
        created_at=at,
    )
    rows = list(_items(batch, assessment, texts))
    rows += [_dropped(batch, position, entry) for position, entry in enumerate(left_out, start=len(rows) + 1)]
    BatchItem.objects.bulk_create(rows, batch_size=100)
    return batch


def _items(batch: Batch, assessment: Assessment, texts: Sequence[UploadedText]) -> Iterable[BatchItem]:
    matcher = _matcher(assessment)
    student_ids = dict(assessment.candidates.values_list("pk", "student_id"))
    earlier = Submission.objects.filter(assessment=assessment).values_list("inputs_sha256", flat=True)
    seen = set(earlier)
    for position, entry in enumerate(texts, start=1):
        item = _item(batch, assessment, position, entry, with_sections=len(texts) <= _READ_WITH_SECTIONS)
        item.candidate_id = matcher.find(entry.name, entry.student)
        item.student_id = student_ids.get(item.candidate_id or 0) or entry.student
        if not student_ids and not item.student_id:
            # Without a class list the file's name is all that tells candidates apart; with one, a person must choose.
            item.student_id = stem(entry.name)[:100]
        if item.inputs_sha256 in seen:
            item.state = ItemState.DUPLICATE
        seen.add(item.inputs_sha256)
        yield item


def _matcher(assessment: Assessment) -> CandidateMatcher:
    rows = assessment.candidates.values_list("pk", "student_id", "code", "display_name")
    return CandidateMatcher(Listed(*row) for row in rows)


def _item(
    batch: Batch, assessment: Assessment, position: int, entry: UploadedText, *, with_sections: bool
) -> BatchItem:
    reading = read_text(entry.text, with_sections=with_sections)
    return BatchItem(
        batch=batch,
        position=position,
        source_name=entry.name,
        assessment=assessment,
        rubric_id=assessment.rubric_version.rubric.rubric_id,
        rubric_version=assessment.rubric_version.version,
        oral_transcript=entry.text,
        summary_text=entry.summary,
        inputs_sha256=SubmissionInputs(entry.text, entry.summary).sha256,
        reading=reading.model_dump(mode="json"),
    )


def _dropped(batch: Batch, position: int, entry: LeftOut) -> BatchItem:
    return BatchItem(
        batch=batch,
        position=position,
        source_name=entry.name,
        state=ItemState.DROPPED,
        error_code=entry.code,
        error_message=entry.reason,
    )


def reading_of(item: BatchItem) -> Reading:
    return Reading.model_validate(item.reading or {})


def _draft(batch: Batch) -> Batch:
    current = Batch.objects.select_for_update().get(pk=batch.pk)
    if current.state != BatchState.DRAFT:
        raise WrongState("This upload is being graded already; it can't be changed. Reload to see how far it is.")
    return current


@transaction.atomic
def upload_match(*, batch: Batch, choices: Iterable[FileChoice]) -> None:
    """Take a person's word for whose file is whose. Raises NotFound for a file that is not in this upload."""
    current = _draft(batch)
    listed = {}
    if current.assessment is not None:
        listed = {student_id: pk for pk, student_id in current.assessment.candidates.values_list("pk", "student_id")}
    items = {item.pk: item for item in current.items.without_texts()}
    changed = []
    for chosen in choices:
        item = items.get(chosen.item_id)
        if item is None or item.error_code not in {"", "left_out"}:
            raise NotFound("There is no such file in this upload. Reload the page and choose again.")
        _choose(item, chosen, listed)
        changed.append(item)
    fields = ["candidate", "student_id", "state", "error_code", "error_message"]
    BatchItem.objects.bulk_update(changed, fields, batch_size=200)


def _choose(item: BatchItem, chosen: FileChoice, listed: Mapping[str, int]) -> None:
    item.student_id = " ".join(chosen.student_id.replace("\0", "").split())[:100]
    item.candidate_id = listed.get(item.student_id)
    if item.state == ItemState.DUPLICATE:
        return
    if chosen.leave_out:
        item.state, item.error_code, item.error_message = ItemState.DROPPED, "left_out", "Left out by hand."
    else:
        item.state, item.error_code, item.error_message = ItemState.WAITING, "", ""


@transaction.atomic
def upload_grade_twin(*, batch: Batch, item: BatchItem) -> None:
    """A person wants this graded although the same content was handed in before."""
    _draft(batch)
    batch.items.filter(pk=item.pk, state=ItemState.DUPLICATE).update(state=ItemState.WAITING, allow_duplicate=True)


@transaction.atomic
def upload_map_speakers(*, batch: Batch, item: BatchItem, speaker_map: Mapping[str, str], everywhere: bool) -> int:
    """Read a file anew with a person's word for who speaks; everywhere: every file of the upload with the same labels.

    Returns how many files were read anew. Raises Malformed when nobody is the student then.
    """
    current = _draft(batch)
    labels = _labels(item)
    again = [item] if not everywhere else [i for i in current.items.exclude(reading=None) if _labels(i) == labels]
    if "student" not in speaker_map.values():
        message = "Nobody is the student then. Choose who of these speaks as the student."
        raise Malformed(message, fields=(FieldProblem("speakers", message),))
    for row in again:
        row.speaker_map = dict(speaker_map)
        row.reading = read_text(row.oral_transcript, speaker_map=speaker_map).model_dump(mode="json")
        row.inputs_sha256 = SubmissionInputs(row.oral_transcript, row.summary_text, None, row.speaker_map).sha256
    BatchItem.objects.bulk_update(again, ["speaker_map", "reading", "inputs_sha256"], batch_size=100)
    return len(again)


def _labels(item: BatchItem) -> frozenset[str]:
    return frozenset(speaker.label for speaker in reading_of(item).speakers)


@transaction.atomic
def upload_start(*, batch: Batch, viewer: Viewer, at: datetime) -> Batch:
    """Put new candidates on the class list and grade what can be graded.

    Raises WrongState while a file has no candidate, or when nothing is left to grade. Files with a problem fail with
    it, so that they can be seen, put right and tried again.
    """
    current = _draft(batch)
    if current.assessment is None:
        raise WrongState("This upload belongs to no assessment.")
    waiting = list(current.items.filter(state=ItemState.WAITING).without_texts())
    if not waiting:
        raise WrongState("There is nothing to grade in this upload. Take a file in, or upload others.")
    nameless = [item.source_name for item in waiting if not item.student_id]
    if nameless:
        files = ", ".join(nameless[:3]) + (" and others" if len(nameless) > len(nameless[:3]) else "")
        raise WrongState(f"Say whose transcript this is, or leave it out: {files}.", code="no_candidate")
    candidates = candidates_ensure(
        assessment=current.assessment, student_ids=[item.student_id for item in waiting], at=at
    )
    for item in waiting:
        item.candidate = candidates[item.student_id]
    BatchItem.objects.bulk_update(waiting, ["candidate"], batch_size=200)
    return batch_start(batch=current, viewer=viewer, at=at)


def twin_of(item: BatchItem) -> Grading | None:
    """The grading of the same content in the same assessment."""
    if item.assessment_id is None:
        return None
    same = Submission.objects.filter(assessment_id=item.assessment_id, inputs_sha256=item.inputs_sha256)
    return Grading.objects.filter(submission__in=same).order_by("created_at").first()
