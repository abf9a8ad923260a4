"""Request bodies: JSON without duplicate keys, NaN or binary floats; and JSON Patch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from rubrics.domain.document import MAX_DOCUMENT_BYTES
from rubrics.domain.errors import TooLarge
from rubrics.domain.json_text import strict_json

MAX_BODY_BYTES = 8 * 1024 * 1024


class JsonParser(BaseParser):
    """The parser of every endpoint.

    Numbers arrive as the author wrote them: 0.1 must not become the nearest binary fraction on its way in.
    """

    media_type = "application/json"
    max_bytes = MAX_BODY_BYTES
    too_large = "Send one transcript a request, and texts alone."
    null_characters = False

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(self.max_bytes + 1)
        if len(raw) > self.max_bytes:
            raise TooLarge(f"This body is larger than {self.max_bytes // 1024} KiB. {self.too_large}")
        return strict_json(raw, null_characters=self.null_characters)


class TranscriptParser(JsonParser):
    """Bodies that are a transcript: a binary file sent as one is recognised by its NULs, and told so."""

    null_characters = True


class BatchParser(JsonParser):
    """Bodies that hold a class or a term of transcripts."""

    max_bytes = 32 * 1024 * 1024
    too_large = "Send the batch in parts."


class StrictJsonParser(JsonParser):
    """Bodies that are rubrics."""

    max_bytes = MAX_DOCUMENT_BYTES
    too_large = "Split the rubric or shorten it."


class JsonPatchParser(StrictJsonParser):
    media_type = "application/json-patch+json"
