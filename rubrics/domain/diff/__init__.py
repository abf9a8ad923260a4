"""What changed between two rubrics, item by item, in sentences."""

from rubrics.domain.diff.change import Change, ChangeKind
from rubrics.domain.diff.walk import rubric_changes

__all__ = ["Change", "ChangeKind", "rubric_changes"]
