"""The way into the audit trail for every application: say what was done, in the transaction that does it.

The trail is kept by `grader`, which stands to the right of everything that has something to report; so it subscribes
here instead of being imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

Detail: TypeAlias = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One act of one person or key.

    actor: `user:7` or `key:Ab3dEf9h`, never a name. action: verb and object, such as `approve rubric`.
    detail: identifiers and states that explain the act; no transcript, no name, no key.
    """

    actor: str
    action: str
    object_type: str
    object_id: str
    at: datetime
    detail: Detail = field(default_factory=dict)


_keepers: list[Callable[[AuditEvent], None]] = []


def subscribe(keeper: Callable[[AuditEvent], None]) -> None:
    """Have every event kept by this function too. Subscribing twice is once."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def record(event: AuditEvent) -> None:
    """Hand an event to whoever keeps the trail; what the keeper raises undoes the act itself.

    Raises RuntimeError when nobody keeps it: an act that leaves no trace must not succeed.
    """
    if not _keepers:
        raise RuntimeError("Nobody keeps the audit trail: the application `grader` subscribes when it starts.")
    for keeper in _keepers:
        keeper(event)


def actor_of(user_id: int | None) -> str:
    """A person's entry in the trail; None is the command line, which only the operator reaches."""
    return "command line" if user_id is None else f"user:{user_id}"
