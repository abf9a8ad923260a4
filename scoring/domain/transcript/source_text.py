"""A stretch of speech that remembers which part of the source each of its characters was read from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scoring.domain.transcript.blanks import trimmed
from scoring.domain.transcript.model import Fragment, SourceSpan


@dataclass(frozen=True, slots=True)
class SourceText:
    """Text and its fragments: ascending, gapless over the text (see `Fragment`)."""

    text: str
    fragments: tuple[Fragment, ...]

    def part(self, start: int, end: int) -> SourceText:
        """text[start:end] with its fragments; an atomic fragment cut in two keeps all of its source."""
        if start <= 0 and end >= len(self.text):
            return self
        return SourceText(self.text[start:end], tuple(_cut(self.fragments, start, end)))

    def stripped(self) -> SourceText:
        return self.part(*trimmed(self.text, 0, len(self.text)))


NOTHING = SourceText("", ())


def verbatim(source: str, start: int, end: int) -> SourceText:
    """source[start:end] as it stands."""
    if start >= end:
        return NOTHING
    return SourceText(source[start:end], (Fragment(0, end - start, SourceSpan(start, end)),))


def atomic(text: str, start: int, end: int) -> SourceText:
    """Text that source[start:end] stands for, an entity or an escape sequence."""
    return SourceText(text, (Fragment(0, len(text), SourceSpan(start, end)),)) if text else NOTHING


def joined(parts: Sequence[SourceText], separator: str, *, source: str) -> SourceText:
    """The parts in order, none of them empty, with the white space that lies between them in the source.

    Where something else lies there (a time, say) they get the separator, which has no place in the source.
    """
    if len(parts) == 1:
        return parts[0]
    pieces = list(parts[:1])
    for before, part in pairwise(parts):
        start, end = before.fragments[-1].source.end, part.fragments[0].source.start
        adjacent = start < end and source[start:end].isspace()
        pieces.append(verbatim(source, start, end) if adjacent else atomic(separator, start, start))
        pieces.append(part)
    return concatenated(pieces)


def concatenated(parts: Iterable[SourceText]) -> SourceText:
    """The parts in order, with nothing between; neighbouring verbatim fragments become one."""
    texts: list[str] = []
    fragments: list[Fragment] = []
    length = 0
    for part in parts:
        texts.append(part.text)
        for fragment in part.fragments:
            last = fragments[-1] if fragments else None
            end = fragment.end + length
            if last and last.source.end == fragment.source.start and last.verbatim and fragment.verbatim:
                fragments[-1] = Fragment(last.start, end, SourceSpan(last.source.start, fragment.source.end))
            elif length:
                fragments.append(Fragment(fragment.start + length, end, fragment.source))
            else:
                fragments.append(fragment)
        length += len(part.text)
    return SourceText("".join(texts), tuple(fragments))


def _cut(fragments: Iterable[Fragment], start: int, end: int) -> Iterable[Fragment]:
    for fragment in fragments:
        low, high = max(start, fragment.start), min(end, fragment.end)
        if low >= high:
            continue
        source = fragment.source
        if fragment.verbatim:
            shift = source.start - fragment.start
            source = SourceSpan(low + shift, high + shift)
        yield Fragment(low - start, high - start, source)
