"""Words of a rubric or of a school: other names of one thing, which the engine would not know by itself.

Plain words only, so that faculty can write them and nothing in them is read as a pattern.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.types import StringConstraints

from rubrics.domain.errors import Malformed
from rubrics.domain.json_text import strict_json

MAX_ENTRIES = 200
MAX_SYNONYMS = 50
MAX_SCHOOL_ENTRIES = 2000
MAX_FILE_BYTES = 1024 * 1024


def _has_a_letter(wording: str) -> str:
    if not any(character.isalpha() for character in wording):
        raise ValueError("a wording needs at least one letter")
    return wording


Wording = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=100, pattern=r"^[\w '’.,&()+-]+$"),
    AfterValidator(_has_a_letter),
]


class VocabularyEntry(BaseModel):
    """`synonyms` are other ways to say `term`; where the engine knows the term, they are added to what it knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    term: Wording
    synonyms: Annotated[list[Wording], Field(min_length=1, max_length=MAX_SYNONYMS)]


Vocabulary = Annotated[list[VocabularyEntry], Field(max_length=MAX_ENTRIES)]
_SCHOOL: TypeAdapter[list[VocabularyEntry]] = TypeAdapter(
    Annotated[list[VocabularyEntry], Field(max_length=MAX_SCHOOL_ENTRIES)]
)


def vocabulary_from_json(raw: str | bytes) -> tuple[VocabularyEntry, ...]:
    """A school's file: a JSON list of `{"term": …, "synonyms": […]}`. Raises Malformed naming the place."""
    if len(raw) > MAX_FILE_BYTES:
        raise Malformed(f"This vocabulary is larger than {MAX_FILE_BYTES // 1024} KiB. Shorten it.")
    try:
        return tuple(_SCHOOL.validate_python(strict_json(raw)))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "the whole"
        raise Malformed(
            f'The vocabulary is wrong at {place}: {first["msg"]}. Write a list of {{"term": "…", "synonyms": ["…"]}}.'
        ) from error


def wordings_of(entries: Sequence[VocabularyEntry]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each term with its synonyms, as hashable values."""
    return tuple((entry.term, tuple(entry.synonyms)) for entry in entries)
