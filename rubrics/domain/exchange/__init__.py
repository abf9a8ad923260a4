"""Rubrics in and out of files: our JSON, an Excel mark sheet, Canvas rubric CSV, 1EdTech CASE 1.1."""

from rubrics.domain.exchange.files import exported, read_file
from rubrics.domain.exchange.model import MAX_FILE_BYTES, ExchangeFormat, ExportedFile, ReadFile

__all__ = ["MAX_FILE_BYTES", "ExchangeFormat", "ExportedFile", "ReadFile", "exported", "read_file"]
