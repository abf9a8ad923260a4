"""Short words in a pattern that are also found inside longer ones: “CT” in “factors”, “no” in “diagnosis”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

MAX_LETTERS = 3
"""Longer words without a boundary are mostly stems that are meant to be open (“diabet”, “smok”)."""

_TOKEN = re.compile(
    r"\\(?:[pP](?:\{[^}]*\}|.)|x\{[0-9A-Fa-f]*\}|x..|.)"  # an escape
    r"|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]"  # a set
    r"|\(\?[imsU-]+\)"  # flags
    r"|\((?:\?(?:P?<\w+>|[imsU-]*:))?"  # the head of a group
    r"|\{\d+(?:,\d*)?\}\??|[*+?]\??"  # a repetition
    r"|.",
    re.DOTALL,
)
_LETTER = re.compile(r"[^\W_]|['’-]")
_REPETITION = re.compile(r"[*+?{].*", re.DOTALL)
_FLAGS = re.compile(r"\(\?[imsU-]+\)")
_OPEN, _CLOSE, _OR, _ANYTHING = "(", ")", "|", "."
_MIRRORED = {_OPEN: _CLOSE, _CLOSE: _OPEN}


def loose_words(pattern: str) -> tuple[str, ...]:
    r"""Words of up to three letters in the pattern that longer words would satisfy too, in order, each once.

    A word is loose where its alternative ends, or `.*` follows, without a boundary; so on its left. A single `.` stands
    for a character that is written in several ways (`don.t`). A doubtful word is not listed.

    >>> loose_words(r"fever|CT"), loose_words(r"fever|\bCT\b"), loose_words(r"\b(ct|mri)\b.*no")
    (('CT',), (), ('no',))
    """
    tokens = _TOKEN.findall(pattern)
    return tuple(dict.fromkeys("".join(tokens[word.first : word.last]) for word in _loose(tokens)))


def bounded(pattern: str) -> str:
    r"""The pattern with a boundary at every open side of its loose words.

    >>> bounded(r"fever|CT|\bmri")
    'fever|\\bCT\\b|\\bmri\\b'
    """
    tokens = _TOKEN.findall(pattern)
    loose = list(_loose(tokens))
    before = {word.first for word in loose if word.open_before}
    after = {word.last - 1 for word in loose if word.open_after}
    return "".join(
        (r"\b" if index in before else "") + token + (r"\b" if index in after else "")
        for index, token in enumerate(tokens)
    )


@dataclass(frozen=True, slots=True)
class _Loose:
    """A stretch of tokens [first, last) that longer words would satisfy on an open side."""

    first: int
    last: int
    open_before: bool
    open_after: bool


def _loose(tokens: Sequence[str]) -> Iterator[_Loose]:
    shapes = [_shape(*pair) for pair in zip(tokens, [*tokens, ""][1:], strict=True)]
    mirrored = [_MIRRORED.get(shape, shape) for shape in reversed(shapes)]
    after, before = _open_from(shapes), _open_from(mirrored)
    for first, last in _words(shapes):
        if _is_short(shapes[first:last]):
            word = _Loose(first, last, before[len(shapes) - first], after[last])
            if word.open_before or word.open_after:
                yield word


@lru_cache(maxsize=4096)
def _shape(token: str, following: str) -> str:
    """`a` a letter, `?` a repetition, `(` the head of a group, `.` anything at all; another token stands for itself."""
    if token == _ANYTHING and following[:1] not in ("*", "+", "{"):
        return "a"
    if len(token) == 1 and _LETTER.fullmatch(token):
        return "a"
    if _REPETITION.fullmatch(token) or _FLAGS.fullmatch(token):
        return "?"
    return _OPEN if token.startswith(_OPEN) else token


def _words(shapes: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Stretches of letters, with their repetitions: `x-?rays?` is one."""
    first = 0
    while first < len(shapes):
        last = first
        while last < len(shapes) and (shapes[last] == "a" or (last > first and shapes[last] == "?")):
            last += 1
        if last > first:
            yield first, last
        first = max(last, first + 1)


def _is_short(shapes: Sequence[str]) -> bool:
    return sum(shape == "a" for shape in shapes) <= MAX_LETTERS


def _open_from(shapes: Sequence[str]) -> list[bool]:
    """For every position, and the end: whether what follows there leaves a word open.

    From right to left, so that a pattern of a thousand alternatives costs a thousand steps and not their square.
    closings: the brackets that close the groups around the position, the innermost last.
    """
    found = [True] * (len(shapes) + 1)
    closings: list[int] = []
    for position in range(len(shapes) - 1, -1, -1):
        shape = shapes[position]
        if shape == _OR:
            found[position] = found[closings[-1] if closings else len(shapes)]
        elif shape in (_OPEN, _CLOSE, "?"):
            found[position] = found[position + 1]
        else:
            found[position] = shape == _ANYTHING
        if shape == _CLOSE:
            closings.append(position)
        elif shape == _OPEN and closings:
            closings.pop()
    return found
