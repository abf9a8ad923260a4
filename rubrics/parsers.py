"""Request bodies that are rubrics: JSON without duplicate keys, NaN or binary floats; and JSON Patch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from rubrics.domain.document import MAX_DOCUMENT_BYTES, strict_json
from rubrics.domain.errors import TooLarge


class StrictJsonParser(BaseParser):
    """Numbers arrive as the author wrote them: 0.1 must not become the nearest binary fraction on its way in."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(MAX_DOCUMENT_BYTES + 1)
        if len(raw) > MAX_DOCUMENT_BYTES:
            raise TooLarge(f"This is larger than {MAX_DOCUMENT_BYTES // 1024} KiB. Split the rubric or shorten it.")
        return strict_json(raw)


class JsonPatchParser(StrictJsonParser):
    media_type = "application/json-patch+json"
