"""How a structure penalty is read: from its kind, or from an id such as `missing_summary` or `swap_pmh_before_hpi`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rubrics.domain.document import PenaltyKind, StructurePenalty

_MISSING = re.compile(r"missing_(?P<section>.+)")
_SWAP = re.compile(r"swap_(?P<section>.+)_before_(?P<before>.+)")


@dataclass(frozen=True, slots=True)
class PenaltyReading:
    """section and before are spelled as the rubric's order spells them, where it does."""

    kind: PenaltyKind
    section: str
    before: str | None = None


def read_penalty(penalty: StructurePenalty, labels: Sequence[str]) -> PenaltyReading | None:
    """None when the penalty can be read neither way: a QA error, and it never applies.

    Ids are compared with the labels without regard to case; spaces, hyphens and underscores are one:
    `missing_summary` means `Summary`. Comparing them as they are is how a penalty comes to fire on every transcript.
    """
    if penalty.kind is not None and penalty.section is not None:
        before = None if penalty.before is None else _spelled(penalty.before, labels) or penalty.before
        return PenaltyReading(penalty.kind, _spelled(penalty.section, labels) or penalty.section, before)
    return _read_id(penalty.id.casefold(), labels)


def _read_id(identifier: str, labels: Sequence[str]) -> PenaltyReading | None:
    missing = _MISSING.fullmatch(identifier)
    if missing is not None:
        section = _spelled(missing["section"], labels)
        return None if section is None else PenaltyReading(PenaltyKind.MISSING, section)
    swap = _SWAP.fullmatch(identifier)
    if swap is None:
        return None
    section, before = _spelled(swap["section"], labels), _spelled(swap["before"], labels)
    return None if section is None or before is None else PenaltyReading(PenaltyKind.ORDER, section, before)


def _spelled(name: str, labels: Sequence[str]) -> str | None:
    return next((label for label in labels if _key(label) == _key(name)), None)


def _key(name: str) -> str:
    return "_".join(name.casefold().replace("_", " ").replace("-", " ").split())
