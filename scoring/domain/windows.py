"""Neighbouring turns read as one text, so that a pattern may begin in one and end in the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scoring.domain.evidence import Evidence
from scoring.domain.transcript.model import Utterance

_JOINT = " "


@dataclass(frozen=True, slots=True)
class Window:
    utterances: Sequence[Utterance]

    @property
    def text(self) -> str:
        """The turns joined by one space."""
        return _JOINT.join(utterance.text for utterance in self.utterances)

    def evidence(self, start: int, end: int) -> tuple[Evidence, ...]:
        """text[start:end] as spans of its turns; the joining spaces belong to none."""
        return tuple(self._pieces(start, end))

    def _pieces(self, start: int, end: int) -> Iterator[Evidence]:
        offset = 0
        for utterance in self.utterances:
            low, high = max(start - offset, 0), min(end - offset, len(utterance.text))
            if low < high:
                yield Evidence(utterance.turn, low, high)
            offset += len(utterance.text) + len(_JOINT)


def windows_of(utterances: Sequence[Utterance], size: int) -> Iterator[Window]:
    """Every window of `size` neighbours, in order."""
    return (Window(utterances[first : first + size]) for first in range(len(utterances) - size + 1))
