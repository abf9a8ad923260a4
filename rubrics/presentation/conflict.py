"""Two changes of one part, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rubrics.domain.conflicts import Side, field_conflicts
from rubrics.presentation.forms import form_of


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One field: as both found it, as it is stored now, as the author wrote it."""

    name: str
    label: str
    base: str
    theirs: str
    mine: str
    chosen: Side
    is_contested: bool


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """rows: empty when neither changed this part. is_gone: the other person removed the item."""

    rows: tuple[ConflictRow, ...]
    is_gone: bool

    @property
    def contested(self) -> int:
        return sum(row.is_contested for row in self.rows)

    @property
    def only_elsewhere(self) -> bool:
        return not self.is_gone and all(row.theirs == row.base for row in self.rows)


def conflict_page(
    path: str, base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any], *, is_gone: bool
) -> ConflictPage:
    labels = {field.name: field.label for field in form_of(path).fields}
    rows = tuple(
        ConflictRow(
            conflict.name,
            labels.get(conflict.name, conflict.name),
            _shown(conflict.base),
            _shown(conflict.theirs),
            _shown(conflict.mine),
            chosen=conflict.proposed,
            is_contested=conflict.is_contested,
        )
        for conflict in field_conflicts(base, theirs, mine)
    )
    return ConflictPage(rows, is_gone)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "\n".join(str(line) for line in value) if isinstance(value, list | tuple) else str(value)
