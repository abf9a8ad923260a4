"""Files that rubrics are exchanged in, and what such a file holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MAX_FILE_BYTES = 1024 * 1024


class ExchangeFormat(StrEnum):
    """json: our document. xlsx: a mark sheet, one row an item. canvas: rubric CSV. case: 1EdTech CASE 1.1."""

    JSON = "json"
    XLSX = "xlsx"
    CANVAS = "canvas"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class FileKind:
    extension: str
    media_type: str


KINDS: dict[ExchangeFormat, FileKind] = {
    ExchangeFormat.JSON: FileKind("json", "application/json"),
    ExchangeFormat.XLSX: FileKind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ExchangeFormat.CANVAS: FileKind("csv", "text/csv"),
    ExchangeFormat.CASE: FileKind("case.json", "application/json"),
}


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """losses: in sentences, what the format can't hold and so the file does not; empty when it holds everything."""

    name: str
    media_type: str
    content: bytes
    losses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """document: a rubric as parsed JSON, not yet checked for its shape. losses: what of the file has no place in it."""

    format: ExchangeFormat
    document: dict[str, Any]
    losses: tuple[str, ...] = ()
