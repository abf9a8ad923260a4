"""What makes a draft and what changes one: new documents, revisions, saves in place, copies, roll-backs, templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from rubrics.audit import actor_of
from rubrics.domain.document import RubricDocument, RubricStatus, rubric_from_mapping
from rubrics.domain.drafts import StaleDraft
from rubrics.domain.errors import FieldProblem, Malformed, NotFound, WrongState
from rubrics.domain.identity import STATE_FIELDS, content_as_json, content_sha256
from rubrics.domain.semver import SemanticVersion
from rubrics.models import Rubric, RubricVersion
from rubrics.services.reading import newest_version
from rubrics.services.trail import RubricAct, note
from rubrics.starters import template_document

FIRST_VERSION = "1.0.0"


@transaction.atomic
def rubric_version_create(
    *, document: RubricDocument, author_id: int | None, at: datetime, actor: str | None = None
) -> RubricVersion:
    """Store a version as a draft, whatever status the document claims: only `rubric_version_approve` approves.

    Raises WrongState when the version exists, even with equal content: a version is made once.
    """
    rubric, _ = Rubric.objects.get_or_create(rubric_id=document.rubric_id, defaults={"created_at": at})
    # Two imports of one rubric take turns, so that the second is told instead of failing on the constraint.
    Rubric.objects.select_for_update().get(pk=rubric.pk)
    number = SemanticVersion.parse(document.version)
    _refuse_taken(document.rubric_id, number)
    version = RubricVersion(
        rubric=rubric,
        created_at=document.created_at or at,
        updated_at=document.updated_at or at,
        created_by_id=author_id,
        updated_by_id=author_id,
    )
    _take_content(version, document)
    version.save(force_insert=True)
    note(RubricAct.CREATE, version, actor=actor or actor_of(author_id), at=at)
    return version


def _take_content(version: RubricVersion, document: RubricDocument) -> None:
    number = SemanticVersion.parse(document.version)
    version.major, version.minor, version.patch = number.major, number.minor, number.patch
    version.title, version.specialty = document.title, document.specialty
    version.content, version.content_sha256 = content_as_json(document), content_sha256(document)


def _refuse_taken(rubric_id: str, number: SemanticVersion) -> None:
    if RubricVersion.objects.of(rubric_id).numbered(number).exists():
        raise WrongState(
            f"{rubric_id} {number} exists already. Raise the version, for instance to {number.next_patch()}.",
            code="version_exists",
        )


@transaction.atomic
def rubric_version_revise(
    *,
    base: RubricVersion,
    content: Mapping[str, Any],
    author_id: int | None,
    at: datetime,
    actor: str | None = None,
) -> RubricVersion:
    """Store changed content as the next draft.

    The version is the one the author wrote when it is newer than every other, else the next patch. Two revisions of
    one base, made at once, become two versions: neither is lost.
    """
    Rubric.objects.select_for_update().get(pk=base.rubric_id)
    rubric_id = base.rubric.rubric_id
    newest = newest_version(rubric_id=rubric_id)
    wanted = _wanted_version(content)
    number = wanted if wanted is not None and wanted > newest.number else newest.number.next_patch()
    document = _document_of(rubric_id, content, number)
    return rubric_version_create(document=document, author_id=author_id, at=at, actor=actor)


def _document_of(rubric_id: str, content: Mapping[str, Any], number: SemanticVersion) -> RubricDocument:
    """State is not the author's to write, and a document of another rubric must not overwrite this one."""
    named = content.get("rubric_id", rubric_id)
    if named != rubric_id:
        problem = FieldProblem("rubric_id", f"This is {rubric_id}; the document says {str(named)[:100]}.")
        raise Malformed(f"{problem.message} Copy the rubric to give it another name.", fields=(problem,))
    stateless = {key: value for key, value in content.items() if key not in STATE_FIELDS}
    return rubric_from_mapping({**stateless, "rubric_id": rubric_id, "version": str(number)})


def _wanted_version(content: Mapping[str, Any]) -> SemanticVersion | None:
    version = content.get("version")
    return SemanticVersion.parse(version) if isinstance(version, str) else None


@transaction.atomic
def rubric_draft_save(
    *,
    rubric_version: RubricVersion,
    content: Mapping[str, Any],
    expected_sha256: str,
    author_id: int | None,
    at: datetime,
    actor: str | None = None,
) -> RubricVersion:
    """Change a draft in place, as the studio's autosave does.

    expected_sha256: the `content_sha256` the author started from. Raises StaleDraft, which carries both documents, when
    somebody saved in between; WrongState when it is no draft (any more) or the raised version exists; Malformed for a
    document of the wrong shape. Content that is equal to what is stored changes nothing, its time included.
    """
    Rubric.objects.select_for_update().get(pk=rubric_version.rubric_id)
    version = _locked_draft(rubric_version)
    document = _document_of(version.rubric.rubric_id, content, _draft_number(version, content))
    if content_sha256(document) == version.content_sha256:
        return version
    if expected_sha256 != version.content_sha256:
        raise StaleDraft(stored=version.document, offered=document)
    before = version.version
    _take_content(version, document)
    version.updated_at, version.updated_by_id = at, author_id
    version.save()
    if version.version != before:
        note(RubricAct.RENUMBER, version, actor=actor or actor_of(author_id), at=at, was=before)
    return RubricVersion.objects.select_related("rubric").get(pk=version.pk)


def _locked_draft(rubric_version: RubricVersion) -> RubricVersion:
    try:
        version = RubricVersion.objects.locked(rubric_version.pk)
    except RubricVersion.DoesNotExist as error:
        raise NotFound("This draft was deleted meanwhile. Save your text as a new rubric to keep it.") from error
    if version.status != RubricStatus.DRAFT:
        raise WrongState(
            f"{version} is {version.status} and can't be changed. Save your change as the next version.",
            code="not_a_draft",
        )
    return version


def _draft_number(version: RubricVersion, content: Mapping[str, Any]) -> SemanticVersion:
    """The author may raise a draft's version, never lower it."""
    wanted = _wanted_version(content) or version.number
    if wanted < version.number:
        message = f"The version can be raised, not lowered: this draft is {version.version}."
        raise Malformed(message, fields=(FieldProblem("version", message),))
    if wanted != version.number:
        _refuse_taken(version.rubric.rubric_id, wanted)
    return wanted


@transaction.atomic
def rubric_copy(
    *,
    rubric_version: RubricVersion,
    rubric_id: str,
    author_id: int | None,
    at: datetime,
    title: str | None = None,
    actor: str | None = None,
) -> RubricVersion:
    """A new rubric, 1.0.0 and a draft, with the content of a version. Raises WrongState when the name is taken."""
    content = {**rubric_version.content, "rubric_id": rubric_id, "version": FIRST_VERSION}
    if title is not None:
        content["title"] = title
    copy = _new_rubric(content, author_id, at, actor)
    note(RubricAct.COPY, copy, actor=actor or actor_of(author_id), at=at, of=str(rubric_version))
    return copy


@transaction.atomic
def rubric_from_template(
    *, template: str, rubric_id: str, title: str, author_id: int | None, at: datetime, actor: str | None = None
) -> RubricVersion:
    """A new rubric, 1.0.0 and a draft, from a template of `rubrics.starters`.

    Raises NotFound for an unknown template, WrongState when the name is taken.
    """
    content = {**template_document(template), "rubric_id": rubric_id, "version": FIRST_VERSION, "title": title}
    return _new_rubric(content, author_id, at, actor)


def _new_rubric(content: Mapping[str, Any], author_id: int | None, at: datetime, actor: str | None) -> RubricVersion:
    document = rubric_from_mapping({key: value for key, value in content.items() if key not in STATE_FIELDS})
    if Rubric.objects.filter(rubric_id=document.rubric_id).exists():
        problem = FieldProblem("rubric_id", f"There is a rubric {document.rubric_id} already. Choose another name.")
        raise WrongState(problem.message, code="rubric_exists", fields=(problem,))
    return rubric_version_create(document=document, author_id=author_id, at=at, actor=actor)


@transaction.atomic
def rubric_roll_back(
    *, rubric_version: RubricVersion, author_id: int | None, at: datetime, actor: str | None = None
) -> RubricVersion:
    """Make an earlier version the newest again, as a new draft; everything between stays as it is.

    Raises WrongState when nothing newer says anything else.
    """
    Rubric.objects.select_for_update().get(pk=rubric_version.rubric_id)
    newest = newest_version(rubric_id=rubric_version.rubric.rubric_id)
    number = newest.number.next_patch()
    document = _document_of(rubric_version.rubric.rubric_id, rubric_version.content, number)
    if content_sha256(document) == content_sha256(_document_of(document.rubric_id, newest.content, number)):
        raise WrongState(f"The newest version, {newest.version}, says the same as {rubric_version.version} already.")
    version = rubric_version_create(document=document, author_id=author_id, at=at, actor=actor)
    note(RubricAct.ROLL_BACK, version, actor=actor or actor_of(author_id), at=at, to=rubric_version.version)
    return version
