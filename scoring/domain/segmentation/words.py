"""Words as the segmenter compares them: lower case, light stems, one spelling of apostrophes and numbers."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
_APOSTROPHES = ("\N{RIGHT SINGLE QUOTATION MARK}", "\N{MODIFIER LETTER APOSTROPHE}")
_MAX_WORDS = 400
_MAX_LETTERS = 8_000
_KEPT_WORDS = 16_384
_SHORT = 4
_NUMBER = "0"


def words_of(text: str) -> tuple[str, ...]:
    """Stems of the first 400 words of `text`, in order; every number reads "0".

    Longer speech is cut: its opening tells the section, and the cost of one turn stays bounded.

    >>> words_of("Any ALLERGIES? I'm 54.")
    ('any', 'allergy', "i'm", '0')
    """
    opening = text[:_MAX_LETTERS].lower()
    for apostrophe in _APOSTROPHES:
        opening = opening.replace(apostrophe, "'")
    return tuple(map(_compared, _WORD.findall(opening)[:_MAX_WORDS]))


@lru_cache(maxsize=_KEPT_WORDS)
def _compared(word: str) -> str:
    return _NUMBER if word[0].isdigit() else stem(word)


def stem(word: str) -> str:
    """The word without a plural ending. Deliberately weak: "smoking" (habit) and "smoke" (fumes) stay apart."""
    if len(word) < _SHORT or not word.endswith("s") or word.endswith(("ss", "us", "is", "'s")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1]
