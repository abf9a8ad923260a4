"""The phrases that the communication measures listen for: data/communication.txt and data/jargon.txt.

Each lexicon is built once, when first asked for.
"""

from __future__ import annotations

from functools import cache

from scoring.domain.lexicon import Entry, Lexicon, Tables, read_tables, spelled_out

_PLAIN = "plain words"
_TERMS = "terms"


@cache
def cues(*tables: str) -> Lexicon:
    """The phrases of tables of communication.txt; a hit's entry names its table."""
    return Lexicon(
        (words, Entry(table, name))
        for table in tables
        for name, phrases in _communication()[table]
        for phrase in phrases
        for words in spelled_out(phrase)
    )


@cache
def technical_terms() -> Lexicon:
    """A hit's entry is named by the term that its line begins with."""
    return Lexicon(
        (words, Entry(_TERMS, name))
        for name, phrases in _jargon()[_TERMS]
        for phrase in (name, *phrases)
        for words in spelled_out(phrase)
    )


@cache
def plain_words(term: str) -> Lexicon:
    """What explains a technical term when it is said beside it."""
    rows = dict(_jargon()[_PLAIN])
    return Lexicon((words, Entry(_PLAIN, term)) for phrase in rows.get(term, ()) for words in spelled_out(phrase))


@cache
def _communication() -> Tables:
    return read_tables("communication.txt")


@cache
def _jargon() -> Tables:
    return read_tables("jargon.txt")
