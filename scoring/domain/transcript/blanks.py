"""Characters that show nothing: white space, and the zero-width ones that word processors and web pages leave."""

from __future__ import annotations

_LAST_SPACE = 0x3000
_ZERO_WIDTH = "\u200b\u2060\ufeff"

BLANKS = "".join(char for char in map(chr, range(_LAST_SPACE + 1)) if char.isspace()) + _ZERO_WIDTH


def skip_blanks(source: str, start: int, end: int) -> int:
    """The first place in source[start:end] that shows something, or end."""
    while start < end and source[start] in BLANKS:
        start += 1
    return start


def trimmed(source: str, start: int, end: int) -> tuple[int, int]:
    """source[start:end] without blanks at its ends."""
    text = source[start:end]
    left = len(text) - len(text.lstrip(BLANKS))
    return start + left, max(start + left, start + len(text.rstrip(BLANKS)))
