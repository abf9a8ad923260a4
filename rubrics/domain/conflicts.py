"""Two people changed one part of a draft: what each did, side by side, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rubrics.domain.parts import Content, list_of, part_of, position_of


class Side(StrEnum):
    THEIRS = "theirs"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field that at least one of the two changed. A value of None: the field is not written."""

    name: str
    base: Any
    theirs: Any
    mine: Any

    @property
    def proposed(self) -> Side:
        """Whoever changed it alone; where both did, what was saved first stands until somebody chooses."""
        return Side.MINE if self.theirs == self.base else Side.THEIRS

    @property
    def is_contested(self) -> bool:
        return self.base not in (self.theirs, self.mine) and self.theirs != self.mine


def field_conflicts(
    base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> tuple[FieldConflict, ...]:
    """Fields that differ from what both started from, in the order in which they are written."""
    names = dict.fromkeys((*base, *theirs, *mine))
    found = (FieldConflict(name, base.get(name), theirs.get(name), mine.get(name)) for name in names)
    return tuple(conflict for conflict in found if conflict.base != conflict.theirs or conflict.base != conflict.mine)


def merged(
    theirs: Mapping[str, Any], conflicts: tuple[FieldConflict, ...], choices: Mapping[str, Side]
) -> dict[str, Any]:
    """The stored part with the chosen side of each field; what nobody chose for keeps its proposal."""
    part = dict(theirs)
    for conflict in conflicts:
        chosen = choices.get(conflict.name, conflict.proposed)
        value = conflict.mine if chosen is Side.MINE else conflict.theirs
        if value is None:
            part.pop(conflict.name, None)
        else:
            part[conflict.name] = value
    return part


def where_now(content: Content, path: str, base: Mapping[str, Any]) -> str | None:
    """The path of an edited part in what is stored now, None when it is gone. Items are found by id, not position."""
    home = list_of(path)
    if home is None:
        return path
    position = position_of(content, home, str(base.get("id")))
    return None if position is None else f"{home}.{position}"


def stored_part(content: Content, path: str | None) -> dict[str, Any]:
    return {} if path is None else part_of(content, path)
