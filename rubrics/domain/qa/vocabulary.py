"""Check of the rubric's own vocabulary: does every wording say something, and only one thing?"""

from __future__ import annotations

from collections.abc import Iterator

from rubrics.domain.document import RubricDocument
from rubrics.domain.qa.findings import Problem
from rubrics.domain.qa.words import content_words

MIN_LETTERS = 3


def vocabulary_clear(rubric: RubricDocument) -> Iterator[Problem]:
    """A wording of common words is heard everywhere; one of two terms makes both of them the same."""
    owner: dict[str, str] = {}
    for index, entry in enumerate(rubric.vocabulary):
        places = [(f"vocabulary.{index}.term", entry.term)]
        places += [(f"vocabulary.{index}.synonyms.{number}", word) for number, word in enumerate(entry.synonyms)]
        for field, wording in places:
            yield from _problems(field, wording, entry.term, owner)


def _problems(field: str, wording: str, term: str, owner: dict[str, str]) -> Iterator[Problem]:
    key = " ".join(wording.casefold().split())
    if key in owner:
        yield Problem(
            field, f"“{wording}” stands in the vocabulary already, under “{owner[key]}”. Keep it in one place."
        )
    owner.setdefault(key, term)
    if not content_words(wording):
        yield Problem(
            field, f"“{wording}” has only common words, so it would be heard everywhere. Add the word that counts."
        )
    elif sum(character.isalnum() for character in wording) < MIN_LETTERS:
        yield Problem(field, f"“{wording}” is too short to be told from other words. Write it in full.")
