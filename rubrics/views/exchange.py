"""Rubrics in and out of files, with what a format can't hold said before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from rubrics.domain.errors import Malformed, Refusal, TooLarge, UnsupportedFormat, WrongState
from rubrics.domain.exchange import MAX_FILE_BYTES, ExchangeFormat
from rubrics.models import RubricVersion
from rubrics.services import rubric_export, rubric_import
from rubrics.views.access import faculty_page, person_id, version_or_404
from rubrics.views.studio import studio_address

_STATUS: tuple[tuple[type[Refusal], int], ...] = ((WrongState, 409), (TooLarge, 413), (UnsupportedFormat, 415))
_FORMATS = {
    ExchangeFormat.JSON: ("JSON", "The whole document, as this system and its API read it."),
    ExchangeFormat.XLSX: ("Excel mark sheet", "One row an item, for colleagues who work on paper or in a spreadsheet."),
    ExchangeFormat.CANVAS: ("Canvas rubric", "CSV that Canvas imports as a rubric of a course."),
    ExchangeFormat.CASE: ("CASE 1.1", "JSON for systems that exchange rubrics by the 1EdTech standard."),
}


@dataclass(frozen=True, slots=True)
class OfferedFormat:
    """losses: what the file would not hold. refusal: why this rubric can't be written so at all."""

    format: str
    title: str
    words: str
    losses: tuple[str, ...]
    refusal: str


@require_http_methods(["GET", "HEAD", "POST"])
@faculty_page
def rubric_import_page(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "rubrics/import.html", {"most": MAX_FILE_BYTES // (1024 * 1024)})
    name = request.POST.get("rubric_id", "").strip()
    try:
        imported = rubric_import(
            content=_content(request.FILES.get("file")),
            file_name=getattr(request.FILES.get("file"), "name", "") or "",
            author_id=person_id(request),
            at=timezone.now(),
            rubric_id=name or None,
        )
    except Refusal as refusal:
        status = next((number for kind, number in _STATUS if isinstance(refusal, kind)), 400)
        context = {"most": MAX_FILE_BYTES // (1024 * 1024), "refusal": refusal, "rubric_id": name}
        return render(request, "rubrics/import.html", context, status=status)
    messages.success(request, f"Imported as a draft, {imported.version.version}.")
    for loss in imported.losses:
        messages.warning(request, loss)
    return redirect(f"{studio_address(imported.version, part='about')}#form")


def _content(file: UploadedFile[bytes] | None) -> bytes:
    if file is None:
        raise Malformed("Choose a file first.")
    if file.size is None or file.size > MAX_FILE_BYTES:
        raise TooLarge(
            f"This file is larger than {MAX_FILE_BYTES // (1024 * 1024)} MB. Split the rubric or shorten it."
        )
    return bytes(file.read())


@require_safe
@faculty_page
def rubric_export_page(request: HttpRequest, rubric_id: str, version: str) -> HttpResponse:
    """Every format with what it would lose; with ?format= the file itself."""
    chosen = version_or_404(rubric_id, version)
    wanted = request.GET.get("format")
    if wanted is None:
        return render(request, "rubrics/export.html", {"version": chosen, "formats": list(_described(chosen))})
    if wanted not in set(ExchangeFormat):
        raise Http404
    try:
        file = rubric_export(rubric_version=chosen, format=ExchangeFormat(wanted), at=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("rubric-export", rubric_id, version)
    disposition = f'attachment; filename="{file.name}"'
    return HttpResponse(file.content, content_type=file.media_type, headers={"Content-Disposition": disposition})


def _described(version: RubricVersion) -> Iterator[OfferedFormat]:
    for kind, (title, words) in _FORMATS.items():
        losses: tuple[str, ...] = ()
        refusal = ""
        try:
            losses = rubric_export(rubric_version=version, format=kind, at=timezone.now()).losses
        except Refusal as problem:
            refusal = problem.message
        yield OfferedFormat(kind.value, title, words, losses, refusal)
