"""Forms of uploads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """Any number of files from one input; Django's own field takes the last alone."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = data if isinstance(data, list | tuple) else [data]
        clean = super().clean
        return [clean(file, initial) for file in files if file]


class UploadForm(forms.Form):
    """Files, or one transcript pasted with the candidate it is of; not both at once."""

    chosen = SeveralFiles(
        required=False,
        label="Files",
        help_text="Transcripts one by one, a ZIP of a class, or a CSV with the columns student_id and transcript. "
        "A written summary lies beside its transcript: 017.txt and 017.summary.txt. At most 8 MB at once.",
        widget=SeveralFilesInput(attrs={"multiple": True, "accept": ".txt,.vtt,.srt,.json,.csv,.tsv,.zip"}),
    )
    student_id = forms.CharField(
        required=False, max_length=100, label="Candidate", widget=forms.TextInput(attrs={"list": "candidates"})
    )
    transcript = forms.CharField(
        required=False,
        strip=False,
        label="Transcript",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    summary = forms.CharField(
        required=False, strip=False, label="Written summary", widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        pasted = bool((given.get("transcript") or "").strip())
        if pasted and given.get("chosen"):
            raise forms.ValidationError("Upload files or paste a transcript, one of the two.")
        if not pasted and not given.get("chosen"):
            raise forms.ValidationError("Choose files, or paste a transcript.")
        if pasted and not given.get("student_id"):
            self.add_error("student_id", "Say whose transcript this is: their student ID.")
        return given
