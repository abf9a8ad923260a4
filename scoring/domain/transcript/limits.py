"""How much one transcript may hold, so that no file keeps a worker busy for seconds (docs/transcripts.md, “Refused”).

An interview of an hour has some hundred turns and a few thousand captions; what is far beyond is no interview.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rubrics.domain.errors import TooLarge

MAX_TRANSCRIPT_BYTES = 1024 * 1024
MAX_LINES = 40_000
"""Lines, captions, rows or segments that are not empty, before captions are put together to utterances."""
MAX_MARKUP = 40_000
"""Tags inside captions, counted by their opening brackets."""
MAX_UTTERANCES = 5_000

_ONE_FILE_EACH = "Upload one interview or case presentation per file."

_T = TypeVar("_T")


def at_most_lines(items: Iterable[_T]) -> Iterator[_T]:
    """The items; TooLarge as soon as there is one too many."""
    return _at_most(items, MAX_LINES, "lines or captions")


def at_most_utterances(items: Iterable[_T]) -> Iterator[_T]:
    return _at_most(items, MAX_UTTERANCES, "turns")


def check_markup(tags: int) -> None:
    """TooLarge when captions hold more tags than are read."""
    if tags > MAX_MARKUP:
        raise _too_many(MAX_MARKUP, "tags in its captions")


def _at_most(items: Iterable[_T], limit: int, what: str) -> Iterator[_T]:
    for number, item in enumerate(items, start=1):
        if number > limit:
            raise _too_many(limit, what)
        yield item


def _too_many(limit: int, what: str) -> TooLarge:
    return TooLarge(f"The transcript has more than {limit:,} {what}. {_ONE_FILE_EACH}")
