"""The words of phrases and labels, as the checks compare them."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_STEM = 4

FUNCTION_WORDS = frozenset(
    """
    a about all also am an and any anything are as at be been before being but by can could did do does doing done else
    ever every for from get go going got had has have having he her him his how i if in into is it it's its just
    like may me might mind more most my no not now of off ok okay on one or other our out over please right she should
    so some something tell than that the their them then there these they thing things this those through to too
    up us very was we well were what what's when where whether which while who whom whose why will with would yes yet
    you your yourself you've you're i'd
    """.split()  # noqa: SIM905 - a hundred quoted words would fill the page
)
"""Words that a question may hold whatever it asks about. Alone they tell no question from another."""


@lru_cache(maxsize=32_768)
def words(text: str) -> tuple[str, ...]:
    """Case and punctuation do not make another word.

    >>> words("Chest pain, or tightness?")
    ('chest', 'pain', 'or', 'tightness')
    """
    return tuple(_WORD.findall(text.casefold()))


@lru_cache(maxsize=32_768)
def content_words(text: str) -> tuple[str, ...]:
    """The words that say what is asked.

    >>> content_words("Do you have any allergies?"), content_words("what about it")
    (('allergies',), ())
    """
    return tuple(word for word in words(text) if word not in FUNCTION_WORDS)


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """Enough of a word to see that two are of one family.

    >>> stem("smoking") == stem("smoke"), stem("drinking") == stem("smoking")
    (True, False)
    """
    return word[:_STEM] if len(word) > _STEM else word.rstrip("s")
