"""Cutting a monologue into sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scoring.domain.transcript.passage import Line

_WORD = re.compile(r"\S+")
_OPENING = "\"'“‘(["
_CLOSING = "\"'”’)]"
_ENDS = tuple(".?!…")
_TITLES = ("dr", "mr", "mrs", "ms", "mx", "prof", "st", "sr", "jr")
_CLINICAL = ("pt", "pts", "q.d", "b.i.d", "t.i.d", "q.i.d", "p.r.n", "dept", "hosp")
_GENERAL = ("a.m", "p.m", "e.g", "i.e", "eg", "ie", "cf", "al", "vs", "approx", "gen", "fig")
_ABBREVIATIONS = frozenset((*_TITLES, *_CLINICAL, *_GENERAL))
_BULLET = re.compile(r"(?:[-*•·–]|[0-9]{1,2}[.)])\s")
_LONGEST_UNWRAPPED = 50


def sentence_spans(source: str, lines: Sequence[Line]) -> Iterator[tuple[int, int, int]]:
    """(line number, start, end) of each sentence of the lines, in source order."""
    begun: tuple[int, int] | None = None
    last_end = 0
    for index, line in enumerate(lines):
        if begun and _begins_afresh(source, lines[index - 1], line):
            yield *begun, last_end
            begun = None
        for start, end in sentence_parts(source, line.start, line.end):
            if begun and start != line.start:
                yield *begun, last_end
                begun = None
            begun = begun or (line.number, start)
            last_end = end
        if begun and _ends_sentence(source[line.start : line.end].rsplit(None, 1)[-1]):
            yield *begun, last_end
            begun = None
    if begun:
        yield *begun, last_end


def sentence_parts(source: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of source[start:end]; time grows with its length only.

    >>> [ "Seen by Dr. Lee. Pain 7.5 of 10."[a:b] for a, b in sentence_parts("Seen by Dr. Lee. Pain 7.5 of 10.", 0, 32)]
    ['Seen by Dr. Lee.', 'Pain 7.5 of 10.']
    """
    begin: int | None = None
    ended = 0
    closing = False
    for word in _WORD.finditer(source, start, end):
        if begin is not None and closing and _begins_sentence(word[0]):
            yield begin, ended
            begin = None
        begin = word.start() if begin is None else begin
        ended = word.end()
        closing = _ends_sentence(word[0])
    if begin is not None:
        yield begin, ended


def _ends_sentence(word: str) -> bool:
    bare = word.rstrip(_CLOSING)
    if not bare.endswith(_ENDS):
        return False
    stem = bare.rstrip(".").lstrip(_OPENING)
    is_initial = len(stem) == 1 and stem.isupper() and stem != "I"
    return not (bare.endswith(".") and (stem.casefold() in _ABBREVIATIONS or is_initial))


def _begins_sentence(word: str) -> bool:
    first = word.lstrip(_OPENING + "-–—*•")[:1]
    return bool(first) and not first.islower()


def _begins_afresh(source: str, before: Line, line: Line) -> bool:
    """Whether a line starts a sentence although the one before did not end: a new paragraph, a bullet, a short line."""
    if line.number - before.number > 1 or _BULLET.match(source, line.start, line.end):
        return True
    wrapped = before.end - before.start >= _LONGEST_UNWRAPPED or source[line.start].islower()
    return not wrapped
