"""The versions of a rubric, and what a person would say changed between two of them."""

from __future__ import annotations

from dataclasses import dataclass

from rubrics.domain.diff import rubric_changes
from rubrics.domain.identity import document_as_json
from rubrics.models import RubricVersion

SHOWN_CHANGES = 100


@dataclass(frozen=True, slots=True)
class History:
    """since: the version compared with, None when there is no other. changes: sentences, the first hundred of them."""

    versions: tuple[RubricVersion, ...]
    since: RubricVersion | None
    changes: tuple[str, ...]
    more: int


def history_of(version: RubricVersion, *, since: str) -> History:
    """All versions, newest first, and the changes since one of them: the one named, else the latest approved before."""
    versions = tuple(RubricVersion.objects.of(version.rubric.rubric_id).newest_first().with_people())
    other = _named(versions, since) or _approved_before(versions, version) or _any_before(versions, version)
    changes = () if other is None else changes_between(other, version)
    return History(versions, other, changes[:SHOWN_CHANGES], max(0, len(changes) - SHOWN_CHANGES))


def changes_between(before: RubricVersion, after: RubricVersion) -> tuple[str, ...]:
    """Sentences; that the version's number differs goes without saying."""
    changes = rubric_changes(document_as_json(before.document), document_as_json(after.document))
    return tuple(change.text for change in changes if change.path != "version")


def latest_approved_before(version: RubricVersion) -> RubricVersion | None:
    versions = tuple(RubricVersion.objects.of(version.rubric.rubric_id).approved().newest_first())
    return _approved_before(versions, version)


def _named(versions: tuple[RubricVersion, ...], number: str) -> RubricVersion | None:
    return next((version for version in versions if version.version == number), None)


def _approved_before(versions: tuple[RubricVersion, ...], version: RubricVersion) -> RubricVersion | None:
    return next((v for v in _older(versions, version) if v.approved_at is not None), None)


def _any_before(versions: tuple[RubricVersion, ...], version: RubricVersion) -> RubricVersion | None:
    return next(iter(_older(versions, version)), None)


def _older(versions: tuple[RubricVersion, ...], version: RubricVersion) -> tuple[RubricVersion, ...]:
    return tuple(other for other in versions if other.number < version.number)
