"""Everything that changes a rubric. Pages, API, admin and commands all call these."""

from rubrics.services.drafts import (
    rubric_copy,
    rubric_draft_save,
    rubric_from_template,
    rubric_roll_back,
    rubric_version_create,
    rubric_version_revise,
)
from rubrics.services.edits import EditProposal, rubric_edit_preview, rubric_edit_propose, rubric_edit_read
from rubrics.services.exchange import ImportedRubric, rubric_export, rubric_import
from rubrics.services.life_cycle import rubric_version_approve, rubric_version_archive, rubric_version_delete
from rubrics.services.reading import (
    newest_version,
    rubric_version_for_grading,
    rubric_version_read,
    rubric_version_to_edit,
)

__all__ = [
    "EditProposal",
    "ImportedRubric",
    "newest_version",
    "rubric_copy",
    "rubric_draft_save",
    "rubric_edit_preview",
    "rubric_edit_propose",
    "rubric_edit_read",
    "rubric_export",
    "rubric_from_template",
    "rubric_import",
    "rubric_roll_back",
    "rubric_version_approve",
    "rubric_version_archive",
    "rubric_version_create",
    "rubric_version_delete",
    "rubric_version_for_grading",
    "rubric_version_read",
    "rubric_version_revise",
    "rubric_version_to_edit",
]
