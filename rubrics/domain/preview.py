"""What a student would read about each item of a rubric, whichever way it turned out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PreviewedItem:
    """One item of the rubric. done, missed: what the student reads either way; "" where there is nothing to say.

    part: the dotted path of the item in the document.
    """

    part: str
    label: str
    done: str
    missed: str


@dataclass(frozen=True, slots=True)
class PreviewedSection:
    title: str
    items: tuple[PreviewedItem, ...]


Preview = tuple[PreviewedSection, ...]
