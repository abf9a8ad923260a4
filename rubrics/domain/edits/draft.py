"""The document while an edit is carried out on it, clause by clause; every change is written down as RFC 6902."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rubrics.domain.edits.model import EditOperation, PatchOperation
from rubrics.domain.edits.words import Quotations
from rubrics.domain.identity import as_json_value

Step = str | int


class Draft:
    """content: JSON as it stands after the clauses so far. touched: weights that the author named.

    last_item: list and position of the item that was spoken of last, which “it” means. direction: +1 or -1 when the
    last clause raised or lowered something, for “… and summary by 0.05”.
    """

    def __init__(self, content: Mapping[str, Any], quotations: Quotations) -> None:
        self.content: dict[str, Any] = copy.deepcopy(dict(content))
        self.quotations = quotations
        self.patch: list[PatchOperation] = []
        self.operations: list[EditOperation] = []
        self.touched: set[str] = set()
        self.last_item: tuple[str, int] | None = None
        self.direction = 0
        self.words = ""

    def get(self, *steps: Step) -> Any:
        """The value there, or None."""
        value: Any = self.content
        for step in steps:
            if isinstance(value, Mapping):
                value = value.get(str(step))
            elif isinstance(value, Sequence) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def put(self, action: str, value: Any, *steps: Step) -> None:
        """Set a field of an object that exists."""
        parent, plain = self.get(*steps[:-1]), as_json_value(value)
        self._note("replace" if str(steps[-1]) in parent else "add", action, steps, plain)
        parent[str(steps[-1])] = plain

    def put_at(self, action: str, value: Any, *steps: Step) -> None:
        """Replace one place of a list."""
        plain = as_json_value(value)
        self._note("replace", action, steps, plain)
        self.get(*steps[:-1])[steps[-1]] = plain

    def insert(self, action: str, value: Any, *steps: Step, at: int | None = None) -> int:
        """Put a value into a list, at its end by default; the position it got. An absent list is made."""
        plain, items = as_json_value(value), self.get(*steps)
        if items is None:
            self._note("add", action, steps, [plain])
            self.get(*steps[:-1])[str(steps[-1])] = [plain]
            return 0
        place: Step = "-" if at is None or at >= len(items) else at
        self._note("add", action, (*steps, place), plain)
        position = len(items) if place == "-" else int(place)
        items.insert(position, plain)
        return position

    def remove(self, action: str, *steps: Step) -> None:
        self.patch.append({"op": "remove", "path": pointer(steps)})
        self.operations.append(EditOperation(self.words, action, pointer(steps)))
        parent, last = self.get(*steps[:-1]), steps[-1]
        del parent[last if isinstance(last, int) else str(last)]

    def move(self, action: str, steps: Sequence[Step], from_: int, to: int) -> None:
        """Move an item of a list so that it ends at `to`."""
        items = self.get(*steps)
        self.patch.append({"op": "move", "from": pointer((*steps, from_)), "path": pointer((*steps, to))})
        self.operations.append(EditOperation(self.words, action, pointer((*steps, from_)), to))
        items.insert(to, items.pop(from_))

    def _note(self, verb: str, action: str, steps: Sequence[Step], value: Any) -> None:
        self.patch.append({"op": verb, "path": pointer(steps), "value": copy.deepcopy(value)})
        self.operations.append(EditOperation(self.words, action, pointer(steps), value))

    def decimal(self, *steps: Step, default: str = "0") -> Decimal:
        value = self.get(*steps)
        return Decimal(default) if value is None else Decimal(str(value))


def pointer(steps: Sequence[Step]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
