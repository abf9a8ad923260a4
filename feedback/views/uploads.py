"""Transcripts of a class: choose files, see how they were read, put it right, start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from feedback.domain.uploads.files import MAX_UPLOAD_BYTES, LeftOut, UploadedText, read_upload
from feedback.domain.uploads.reading import read_text
from feedback.forms import UploadForm
from feedback.services.uploads import (
    FileChoice,
    reading_of,
    twin_of,
    upload_grade_twin,
    upload_map_speakers,
    upload_match,
    upload_stage,
    upload_start,
)
from feedback.views.reach import visible_batch
from rubrics.domain.errors import Refusal, TooLarge
from scoring.models import Assessment, Batch, BatchItem
from scoring.refusals import add_refusal
from scoring.views.reach import faculty_viewer, managed_assessment, visible_assessment

_ROLES = ("student", "patient", "examiner", "unknown")
_EXCERPT_CHARACTERS = 6_000


def uploading_assessment(request: HttpRequest, assessment_id: int) -> Assessment:
    """Who matches files with students learns who is who: where grading is anonymous, only whoever manages the list."""
    assessment = visible_assessment(request, assessment_id)
    return managed_assessment(request, assessment_id) if assessment.anonymous_grading else assessment


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload_new(request: HttpRequest, assessment_id: int) -> HttpResponse:
    assessment = uploading_assessment(request, assessment_id)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            batch = _stage(request, assessment, form)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("batch", batch_id=batch.pk)
    context = {"assessment": assessment, "form": form, "candidates": assessment.candidates.order_by("student_id")}
    return render(request, "feedback/upload_new.html", context, status=422 if form.errors else 200)


def _stage(request: HttpRequest, assessment: Assessment, form: UploadForm) -> Batch:
    given = form.cleaned_data
    texts: list[UploadedText] = []
    left_out: list[LeftOut] = []
    if given["chosen"]:
        for entry in _read(given["chosen"]):
            (texts if isinstance(entry, UploadedText) else left_out).append(entry)  # type: ignore[arg-type]
    else:
        texts.append(UploadedText("pasted", given["transcript"], given["summary"] or None, given["student_id"].strip()))
    return upload_stage(
        assessment=assessment, texts=texts, left_out=left_out, viewer=faculty_viewer(request), at=timezone.now()
    )


def _read(files: Sequence[UploadedFile[Any]]) -> Iterator[UploadedText | LeftOut]:
    """One file's refusal is the upload's; of several, one that can't be read is left out with its reason."""
    if sum(file.size or 0 for file in files) > MAX_UPLOAD_BYTES:
        raise TooLarge("These files are larger than 8 MB together. Put them into a ZIP, or upload the class in parts.")
    for file in files:
        try:
            upload = read_upload(file.read(), file.name or "file")
        except Refusal as refusal:
            if len(files) == 1:
                raise
            yield LeftOut(file.name or "file", refusal.code, refusal.message)
        else:
            yield from upload.texts
            yield from upload.left_out


@require_POST
@login_required
def upload_choose(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Keeps the choices of the shown rows; the primary button then starts grading."""
    batch = _own_upload(request, batch_id)
    try:
        upload_match(batch=batch, choices=list(_choices(request)))
        if request.POST.get("action") == "start":
            upload_start(batch=batch, viewer=faculty_viewer(request), at=timezone.now())
        else:
            messages.success(request, "Saved.")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    page = request.POST.get("page", "")
    response = redirect("batch", batch_id=batch.pk)
    if page.isdigit() and page != "1":
        response["Location"] += f"?page={page}"
    return response


def _choices(request: HttpRequest) -> Iterator[FileChoice]:
    for number in request.POST.getlist("item"):
        if number.isdigit():
            yield FileChoice(
                item_id=int(number),
                student_id=request.POST.get(f"student-{number}", ""),
                leave_out=f"leave-{number}" in request.POST,
            )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload_item(request: HttpRequest, batch_id: UUID, item_id: int) -> HttpResponse:
    """How one file was read, and who of its speakers is the student."""
    batch = _own_upload(request, batch_id)
    item = get_object_or_404(batch.items.exclude(reading=None), pk=item_id)
    error = ""
    if request.method == "POST":
        try:
            return _map(request, batch, item)
        except Refusal as refusal:
            error = refusal.message
    context = {
        "batch": batch,
        "assessment": batch.assessment,
        "item": item,
        "reading": read_text(item.oral_transcript, speaker_map=item.speaker_map),
        "excerpt": item.oral_transcript[:_EXCERPT_CHARACTERS],
        "cut": len(item.oral_transcript) > _EXCERPT_CHARACTERS,
        "roles": _ROLES,
        "twin": twin_of(item) if item.state == "duplicate" else None,
        "error": error,
    }
    return render(request, "feedback/upload_item.html", context, status=422 if error else 200)


def _map(request: HttpRequest, batch: Batch, item: BatchItem) -> HttpResponse:
    speakers = reading_of(item).speakers
    chosen = {speaker.label: request.POST.get(f"role-{n}", "") for n, speaker in enumerate(speakers)}
    count = upload_map_speakers(
        batch=batch,
        item=item,
        speaker_map={label: role for label, role in chosen.items() if role in _ROLES},
        everywhere="everywhere" in request.POST,
    )
    messages.success(request, f"{count} file{'s' if count > 1 else ''} read anew.")
    return redirect("upload-item", batch_id=batch.pk, item_id=item.pk)


@require_POST
@login_required
def upload_keep_twin(request: HttpRequest, batch_id: UUID, item_id: int) -> HttpResponse:
    batch = _own_upload(request, batch_id)
    item = get_object_or_404(batch.items, pk=item_id)
    try:
        upload_grade_twin(batch=batch, item=item)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("batch", batch_id=batch.pk)


def _own_upload(request: HttpRequest, batch_id: UUID) -> Batch:
    batch = visible_batch(request, batch_id)
    if batch.assessment is not None and batch.assessment.anonymous_grading:
        managed_assessment(request, batch.assessment.pk)
    if batch.assessment is None:
        raise PermissionDenied
    return batch
