"""What an edit is read into: operations with their patch, what was not understood, and offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

PatchOperation: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EditOperation:
    """One thing that is asked for.

    words: the part of the sentence it was read from. action: a verb and object, such as `set_weight`. target: a JSON
    Pointer into the document as it is when this operation's turn comes. value: what is put there, None for a removal.
    """

    words: str
    action: str
    target: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Misunderstanding:
    """words: quoted from the sentence. reason: why nothing could be made of them, and what to write instead."""

    words: str
    reason: str

    @property
    def text(self) -> str:
        return f"“{self.words}”: {self.reason}"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that would make the result better, for the author to take or leave; patch: the whole edit with it."""

    text: str
    patch: tuple[PatchOperation, ...]


@dataclass(frozen=True, slots=True)
class EditReading:
    """A sentence as it was understood. With any misunderstanding there is no patch: half an edit is worse than none."""

    operations: tuple[EditOperation, ...]
    patch: tuple[PatchOperation, ...]
    misunderstood: tuple[Misunderstanding, ...] = ()
    offers: tuple[Offer, ...] = ()


class NotMeant(Exception):
    """Raised while a clause is read: it can't be carried out. The text is the reason, for the author."""
