"""Rubrics in and out of files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from rubrics.domain.document import rubric_from_mapping
from rubrics.domain.exchange import ExchangeFormat, ExportedFile, exported, read_file
from rubrics.domain.identity import STATE_FIELDS
from rubrics.models import RubricVersion
from rubrics.services.drafts import rubric_version_create


@dataclass(frozen=True, slots=True)
class ImportedRubric:
    """losses: in sentences, what of the file has no place in a rubric of ours."""

    version: RubricVersion
    format: ExchangeFormat
    losses: tuple[str, ...]


def rubric_export(*, rubric_version: RubricVersion, format: ExchangeFormat, at: datetime) -> ExportedFile:  # noqa: A002
    """The version as a file, with what the format can't hold. Raises TooLarge for a text that fits no cell."""
    return exported(rubric_version.document, format, at)


@transaction.atomic
def rubric_import(
    *,
    content: bytes,
    file_name: str,
    author_id: int | None,
    at: datetime,
    rubric_id: str | None = None,
    actor: str | None = None,
) -> ImportedRubric:
    """Store what a file holds as a draft; its format is told from its content, then from its name.

    rubric_id: what to call it. Raises Malformed, TooLarge or UnsupportedFormat for a file that can't be read,
    WrongState when the version exists already.
    """
    read = read_file(content, file_name, rubric_id)
    stateless = {key: value for key, value in read.document.items() if key not in STATE_FIELDS}
    document = rubric_from_mapping(stateless)
    version = rubric_version_create(document=document, author_id=author_id, at=at, actor=actor)
    return ImportedRubric(version, read.format, read.losses)
