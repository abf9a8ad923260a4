"""Cutting a monologue into sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scoring.domain.transcript.passage import Line

_OPENING = "\"'“‘(["
_CLOSING = "\"'”’)]"
_ENDS = tuple(".?!…")
_TITLES = ("dr", "mr", "mrs", "ms", "mx", "prof", "st", "sr", "jr")
_CLINICAL = ("pt", "pts", "q.d", "b.i.d", "t.i.d", "q.i.d", "p.r.n", "dept", "hosp")
_GENERAL = ("a.m", "p.m", "e.g", "i.e", "eg", "ie", "cf", "al", "vs", "approx", "gen", "fig")
_ABBREVIATIONS = frozenset((*_TITLES, *_CLINICAL, *_GENERAL))
_BOUNDARY = re.compile(rf"[.?!…][{re.escape(_CLOSING)}]*+\s++(?=\S)")
_BEGINNING = re.compile(rf"[{re.escape(_OPENING)}\-–—*•]*+(\S)")
_LONGEST_ABBREVIATION = 24
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
    text = source[start:end]
    begin = len(text) - len(text.lstrip())
    last = len(text.rstrip())
    for boundary in _BOUNDARY.finditer(text, begin, last):
        if _begins_sentence(text, boundary.end()) and _closes_sentence(text, boundary.start()):
            yield start + begin, start + boundary.start() + len(boundary[0].rstrip())
            begin = boundary.end()
    if begin < last:
        yield start + begin, start + last


def _ends_sentence(word: str) -> bool:
    bare = word.rstrip(_CLOSING)
    if not bare.endswith(_ENDS):
        return False
    stem = bare.rstrip(".").lstrip(_OPENING)
    is_initial = len(stem) == 1 and stem.isupper() and stem != "I"
    return not (bare.endswith(".") and (stem.casefold() in _ABBREVIATIONS or is_initial))


def _closes_sentence(text: str, mark: int) -> bool:
    """Whether the word that text[mark] ends also ends its sentence; only the end of a long word is looked at."""
    before = text[max(0, mark - _LONGEST_ABBREVIATION) : mark]
    word = "" if not before or before[-1].isspace() else before.split()[-1]
    return _ends_sentence(word + text[mark])


def _begins_sentence(text: str, place: int) -> bool:
    first = _BEGINNING.match(text, place)
    return first is not None and not first[1].islower()


def _begins_afresh(source: str, before: Line, line: Line) -> bool:
    """Whether a line starts a sentence although the one before did not end: a new paragraph, a bullet, a short line."""
    if line.number - before.number > 1 or _BULLET.match(source, line.start, line.end):
        return True
    wrapped = before.end - before.start >= _LONGEST_UNWRAPPED or source[line.start].islower()
    return not wrapped
