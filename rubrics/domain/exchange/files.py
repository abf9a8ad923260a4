"""Writing a rubric to a file of any format, and reading one from a file of any."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from typing import Any

from rubrics.domain.diff import Change, ChangeKind, rubric_changes
from rubrics.domain.document import RubricDocument, rubric_from_mapping
from rubrics.domain.errors import Malformed, TooLarge, UnsupportedFormat
from rubrics.domain.exchange.canvas import canvas_csv, read_canvas
from rubrics.domain.exchange.case import case_rubric, is_case, read_case
from rubrics.domain.exchange.model import KINDS, MAX_FILE_BYTES, ExchangeFormat, ExportedFile, ReadFile
from rubrics.domain.exchange.sheet import mark_sheet, read_sheet
from rubrics.domain.identity import STATE_FIELDS, as_json_value, document_as_json
from rubrics.domain.json_text import strict_json

_ZIP = b"PK\x03\x04"


def exported(rubric: RubricDocument, format: ExchangeFormat, at: datetime) -> ExportedFile:  # noqa: A002 - its name
    """The file, and what it does not hold: found by reading it back, so that nothing is claimed or forgotten."""
    content = _written(rubric, format, at)
    kind = KINDS[format]
    name = f"{rubric.rubric_id}-{rubric.version}.{kind.extension}"
    back = rubric_from_mapping(read_file(content, name, rubric.rubric_id).document)
    losses = tuple(_loss(change) for change in rubric_changes(_whole(rubric), _whole(back)))
    return ExportedFile(name, kind.media_type, content, losses)


def _loss(change: Change) -> str:
    if change.kind is ChangeKind.REMOVED:
        return f"Not in this file: {change.text.removesuffix(' removed')}"
    return f"Reads back differently: {change.text}"


def _whole(rubric: RubricDocument) -> dict[str, Any]:
    """With every default, so that leaving one out is no loss."""
    return dict(as_json_value(rubric.model_dump(exclude=set(STATE_FIELDS) | {"rubric_id"})))


def _written(rubric: RubricDocument, format: ExchangeFormat, at: datetime) -> bytes:  # noqa: A002 - its name
    if format is ExchangeFormat.XLSX:
        return mark_sheet(rubric)
    if format is ExchangeFormat.CANVAS:
        return canvas_csv(rubric)
    whole = case_rubric(rubric, at) if format is ExchangeFormat.CASE else document_as_json(rubric)
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def read_file(content: bytes, name: str, rubric_id: str | None = None) -> ReadFile:
    """The document in a file; its shape is not yet checked.

    rubric_id: what to call it, for files that carry no name of ours. Raises TooLarge, UnsupportedFormat for a file that
    is none of ours, Malformed saying what is wrong and where.
    """
    if len(content) > MAX_FILE_BYTES:
        raise TooLarge(
            f"This file is larger than {MAX_FILE_BYTES // 1024 // 1024} MiB. Split the rubric or shorten it."
        )
    if content.startswith(_ZIP):
        return ReadFile(ExchangeFormat.XLSX, _named(read_sheet(content), rubric_id))
    text = _decoded(content)
    if name.casefold().endswith(".json") or text.lstrip().startswith(("{", "[")):
        return _read_json(text, rubric_id)
    if name.casefold().endswith(".csv") or text.lstrip("\ufeff").startswith("Rubric Name"):
        try:
            return ReadFile(ExchangeFormat.CANVAS, *read_canvas(text, rubric_id))
        except csv.Error as error:
            raise Malformed(f"This CSV can't be read: {error}. Save it again as CSV (UTF-8).") from error
    raise UnsupportedFormat("This is none of: rubric JSON, CASE JSON, Canvas rubric CSV, Excel mark sheet (.xlsx).")


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnsupportedFormat("This file is not text in UTF-8. Save it as UTF-8, JSON, CSV or .xlsx.") from error
    if "\x00" in text:
        raise UnsupportedFormat("This file is binary. Send JSON, CSV or .xlsx.")
    return text


def _read_json(text: str, rubric_id: str | None) -> ReadFile:
    parsed = strict_json(text)
    if is_case(parsed):
        return ReadFile(ExchangeFormat.CASE, *read_case(parsed, rubric_id))
    if not isinstance(parsed, dict):
        raise Malformed("A rubric is a JSON object. Send {…} with rubric_id, version, weights and the other parts.")
    return ReadFile(ExchangeFormat.JSON, _named(parsed, rubric_id))


def _named(document: dict[str, Any], rubric_id: str | None) -> dict[str, Any]:
    return document if rubric_id is None else {**document, "rubric_id": rubric_id}
