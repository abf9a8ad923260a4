"""Uploaded files as rows of the preview."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedback.domain.uploads.reading import Reading
from feedback.services.uploads import reading_of
from scoring.models import BatchItem


@dataclass(frozen=True, slots=True)
class FileRow:
    item: BatchItem
    reading: Reading

    @property
    def speakers(self) -> str:
        """“Student 52, Patient 47”; empty where the file has no labels."""
        return ", ".join(f"{speaker.label} {speaker.turns}" for speaker in self.reading.speakers)

    @property
    def candidate_name(self) -> str:
        return self.item.candidate.display_name if self.item.candidate else ""

    @property
    def is_new(self) -> bool:
        return self.item.candidate_id is None and bool(self.item.student_id)


def file_rows(items: Iterable[BatchItem]) -> list[FileRow]:
    return [FileRow(item, reading_of(item)) for item in items]
