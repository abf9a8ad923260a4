"""Words of a text with their places, reduced so that spellings and inflections of one word compare equal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from scoring.domain.matching.resources import read_pairs, read_words

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.?!;:]|\n\s*\n|…")
_VOWEL = re.compile(r"[aeiouy]")
_KEPT_DOUBLE = frozenset("lsfzeo")
_MIN_STEM = 3


class Token(NamedTuple):
    """One word: `stem` is what is compared, `word` its lower-case form, [start, end) its place in the text."""

    word: str
    stem: str
    start: int
    end: int


def tokens_of(text: str) -> Iterator[Token]:
    """Words in reading order; “it's” is one word whose stem is that of “it”."""
    for match in _WORD.finditer(text):
        word, core = _reading(match.group())
        start, end = match.span()
        yield Token(word, core, start, end)


@lru_cache(maxsize=65_536)
def _reading(written: str) -> tuple[str, str]:
    word = written.lower().replace("’", "'")
    return word, stem(word)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The comparable core of a lower-case word.

    It only has to put forms of one word together, so it need not be a word itself.

    >>> stem("smoking") == stem("smokes") == stem("smoked")
    True
    >>> stem("diarrhoea") == stem("diarrhea")
    True
    >>> stem("mi") == stem("family")
    False
    """
    bare = word.split("'", 1)[0] if not word.endswith("n't") else word
    return _without_suffix(_respelt(_irregular().get(bare, bare)))


def stems_of(text: str) -> tuple[str, ...]:
    return tuple(token.stem for token in tokens_of(text))


@lru_cache(maxsize=1)
def _irregular() -> dict[str, str]:
    return dict(read_pairs("irregular_words.txt"))


@lru_cache(maxsize=1)
def _spellings() -> tuple[tuple[str, str], ...]:
    return read_pairs("spelling.txt")


@lru_cache(maxsize=1)
def function_stems() -> frozenset[str]:
    """Stems of the words that carry no content of their own."""
    return frozenset(stem(word) for word in read_words("function_words.txt"))


def _respelt(word: str) -> str:
    for variant, common in _spellings():
        if variant in word:
            word = word.replace(variant, common)
    return word


def _without_suffix(word: str) -> str:
    if len(word) <= _MIN_STEM:
        return word
    word = _singular(word)
    for suffix in ("ingly", "edly", "ing", "ness", "ed", "ly"):
        core = word.removesuffix(suffix)
        if core != word and len(core) >= _MIN_STEM and _VOWEL.search(core):
            word = _undoubled(core) if suffix in {"ing", "ed"} else core
            break
    if len(word) > _MIN_STEM and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > _MIN_STEM and word.endswith("y") else word


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _undoubled(core: str) -> str:
    last = core[-1]
    if last != core[-2] or (last in _KEPT_DOUBLE and not (last == "l" and len(core) > 5)):  # noqa: PLR2004
        return core
    return core[:-1]


def ends_sentence(gap: str) -> bool:
    """Whether the characters between two words close a sentence."""
    return gap != " " and _SENTENCE_END.search(gap) is not None
