"""Whose transcript a file is, by its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from feedback.domain.uploads.files import stem


@dataclass(frozen=True, slots=True)
class Listed:
    """A candidate as far as matching needs them."""

    pk: int
    student_id: str
    code: str
    name: str = ""


class CandidateMatcher:
    """Finds the candidate whose ID, code or name a file bears; nobody where two would do.

    An ID or a code counts as a whole word of the name: `S-1` is not in `S-12.txt`.
    """

    def __init__(self, candidates: Iterable[Listed]) -> None:
        self._candidates = list(candidates)
        self._ids = _unique((_words(one.student_id), one.pk) for one in self._candidates)
        self._codes = _unique((_words(one.code), one.pk) for one in self._candidates)
        self._names = [(frozenset(_words(one.name)), one.pk) for one in self._candidates if len(_words(one.name)) > 1]

    def find(self, name: str, student: str = "") -> int | None:
        """The candidate's key. student: an ID that the upload states itself; then the file's name says nothing."""
        said = _words(student or stem(name))
        if student:
            return self._ids.get(said)
        return self._by_part(self._ids, said) or self._by_part(self._codes, said) or self._by_name(said)

    def _by_part(self, known: dict[tuple[str, ...], int], said: Sequence[str]) -> int | None:
        found = {known[part] for part in _runs(said) if part in known}
        return found.pop() if len(found) == 1 else None

    def _by_name(self, said: Sequence[str]) -> int | None:
        found = {pk for words, pk in self._names if words <= set(said)}
        return found.pop() if len(found) == 1 else None


def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return tuple(re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c))))


def _runs(words: Sequence[str], longest: int = 4) -> Iterator[tuple[str, ...]]:
    for start in range(len(words)):
        for end in range(start + 1, min(start + longest, len(words)) + 1):
            yield tuple(words[start:end])


def _unique(pairs: Iterable[tuple[tuple[str, ...], int]]) -> dict[tuple[str, ...], int]:
    """Without what is empty or two candidates share."""
    found: dict[tuple[str, ...], int | None] = {}
    for words, pk in pairs:
        found[words] = None if words in found else pk
    return {words: pk for words, pk in found.items() if words and pk is not None}
