"""The school's vocabulary file, read once as the process starts."""

from __future__ import annotations

from grader.env import Environment, SettingError
from rubrics.domain.errors import Malformed
from rubrics.domain.vocabulary import vocabulary_from_json, wordings_of

VARIABLE = "SCHOOL_VOCABULARY_FILE"


def school_words(environment: Environment) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The file's terms with their synonyms, none without one. Raises SettingError for a file that can't be used."""
    raw = environment.file_text(VARIABLE)
    if raw is None:
        return ()
    try:
        return wordings_of(vocabulary_from_json(raw))
    except Malformed as error:
        raise SettingError(f"{VARIABLE} names a file that can't be used. {error}") from None
