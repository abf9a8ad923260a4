"""Two people at one draft: what each of them changed, so that neither change is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rubrics.domain.diff import Change, rubric_changes
from rubrics.domain.document import RubricDocument
from rubrics.domain.errors import FieldProblem, Stale
from rubrics.domain.identity import document_as_json


class StaleDraft(Stale):
    """Somebody saved the draft in between. Nothing was stored; both documents are here to be shown side by side.

    `fields` names what the offered document would change in the stored one.
    """

    def __init__(self, *, stored: RubricDocument, offered: RubricDocument) -> None:
        changes = rubric_changes(document_as_json(stored), document_as_json(offered))
        super().__init__(
            "Somebody else saved this draft since you opened it, so yours was not stored. Compare the two, then save "
            "again from the newer one.",
            fields=tuple(FieldProblem(change.path, change.text) for change in changes),
        )
        self.stored = stored
        self.offered = offered
        self.changes = changes


@dataclass(frozen=True, slots=True)
class BothChanges:
    """theirs, yours: what each side changed since `base`. contested: paths that both changed, each differently."""

    theirs: tuple[Change, ...]
    yours: tuple[Change, ...]
    contested: frozenset[str]


def both_changes(base: Mapping[str, Any], stored: Mapping[str, Any], offered: Mapping[str, Any]) -> BothChanges:
    """What two people made of one document, side by side. base: what both had opened."""
    theirs, yours = rubric_changes(base, stored), rubric_changes(base, offered)
    after = {change.path: change.after for change in theirs}
    contested = frozenset(c.path for c in yours if c.path in after and after[c.path] != c.after)
    return BothChanges(theirs, yours, contested)
