"""Drafts: saved in place by one of two people at a time, copied, rolled back, started from a template."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from grader.models import AuditEntry
from rubrics.domain.document import rubric_from_mapping
from rubrics.domain.drafts import StaleDraft, both_changes
from rubrics.domain.errors import Malformed, NotFound, WrongState
from rubrics.domain.identity import document_as_json
from rubrics.domain.qa import check_rubric
from rubrics.models import RubricVersion
from rubrics.services import (
    rubric_copy,
    rubric_draft_save,
    rubric_from_template,
    rubric_roll_back,
    rubric_version_approve,
    rubric_version_archive,
    rubric_version_create,
    rubric_version_delete,
    rubric_version_revise,
)
from rubrics.starters import template_document, templates
from tests.builders import document
from tests.cast import approved_rubric, make_cast

pytestmark = pytest.mark.django_db


def draft(**changes: Any) -> RubricVersion:
    return rubric_version_create(document=rubric_from_mapping(document(**changes)), author_id=None, at=timezone.now())


def save(opened: RubricVersion, author_id: int | None = None, **changes: Any) -> RubricVersion:
    return rubric_draft_save(
        rubric_version=opened,
        content={**document_as_json(opened.document), **changes},
        expected_sha256=opened.content_sha256,
        author_id=author_id,
        at=timezone.now(),
    )


def test_a_draft_is_saved_in_place_and_remembers_who_saved_it() -> None:
    cast = make_cast()
    saved = save(draft(), author_id=cast.owner.pk, title="Ankle, revised", specialty="Orthopaedics")
    assert RubricVersion.objects.count() == 1
    assert (saved.version, saved.title, saved.specialty) == ("1.0.0", "Ankle, revised", "Orthopaedics")
    assert (saved.updated_by, saved.document.title) == (cast.owner, "Ankle, revised")


def test_the_second_of_two_saves_is_refused_with_both_documents_and_nothing_is_lost() -> None:
    opened = draft()
    save(opened, title="First")
    with pytest.raises(StaleDraft) as refused:
        save(opened, title="Second")
    assert (refused.value.stored.title, refused.value.offered.title) == ("First", "Second")
    assert [problem.field for problem in refused.value.fields] == ["title"]
    assert RubricVersion.objects.get().title == "First"


def test_both_changes_are_told_apart_and_what_both_touched_is_named() -> None:
    base = document(title="Ankle", specialty="A&E")
    sides = both_changes(
        base, {**base, "title": "Theirs", "specialty": "Same"}, {**base, "title": "Mine", "specialty": "Same"}
    )
    assert {change.path for change in sides.theirs} == {change.path for change in sides.yours} == {"title", "specialty"}
    assert sides.contested == {"title"}


def test_saving_what_is_stored_already_changes_nothing_even_from_an_old_copy() -> None:
    opened = draft()
    saved = save(opened, title="First")
    again = save(opened, title="First")
    assert again.updated_at == saved.updated_at


@pytest.mark.parametrize("leave", ["approved", "archived"])
def test_a_version_that_is_no_draft_any_more_is_not_saved(leave: str) -> None:
    version = approved_rubric()
    if leave == "archived":
        version = rubric_version_archive(rubric_version=version, at=timezone.now())
    with pytest.raises(WrongState, match="next version") as refused:
        save(version, title="Other")
    assert refused.value.code == "not_a_draft"


def test_a_draft_that_was_deleted_meanwhile_says_how_to_keep_the_text() -> None:
    version = draft()
    rubric_version_delete(rubric_version=RubricVersion.objects.get(), at=timezone.now())
    with pytest.raises(NotFound, match="as a new rubric"):
        save(version, title="Other")


def test_the_author_may_raise_the_version_of_a_draft_but_neither_lower_nor_take_one() -> None:
    approved_rubric(version="1.2.0")
    version = save(draft(version="1.1.0"), version="2.0.0")
    assert version.version == "2.0.0"
    assert version.document.version == "2.0.0"
    with pytest.raises(Malformed, match="raised, not lowered"):
        save(version, version="1.9.0")
    with pytest.raises(WrongState, match="exists already"):
        save(draft(version="1.1.0"), version="1.2.0")


@pytest.mark.parametrize("wrong", [{"rubric_id": "knee_v1"}, {"weights": {}}], ids=["another rubric", "wrong shape"])
def test_a_save_of_the_wrong_document_stores_nothing(wrong: dict[str, Any]) -> None:
    version = draft()
    with pytest.raises(Malformed):
        save(version, **wrong)
    assert RubricVersion.objects.get().content_sha256 == version.content_sha256


def test_a_posted_status_does_not_approve_a_draft() -> None:
    assert save(draft(), status="approved", title="x").status == "draft"


def test_a_copy_is_a_new_rubric_at_1_0_0_and_a_draft() -> None:
    copy = rubric_copy(
        rubric_version=approved_rubric(version="3.1.0"),
        rubric_id="knee_v1",
        title="Knee",
        author_id=None,
        at=timezone.now(),
    )
    assert (str(copy), copy.status, copy.title) == ("knee_v1 1.0.0", "draft", "Knee")
    assert copy.document.key_questions == rubric_from_mapping(document()).key_questions


def test_a_copy_never_lands_on_a_rubric_that_exists() -> None:
    version = approved_rubric()
    with pytest.raises(WrongState) as refused:
        rubric_copy(rubric_version=version, rubric_id="ankle_v1", author_id=None, at=timezone.now())
    assert refused.value.code == "rubric_exists"
    with pytest.raises(Malformed):
        rubric_copy(rubric_version=version, rubric_id="../etc", author_id=None, at=timezone.now())


def test_rolling_back_makes_the_earlier_content_the_next_draft_and_keeps_everything_between() -> None:
    first = approved_rubric()
    rubric_version_revise(base=first, content=document(title="Worse"), author_id=None, at=timezone.now())
    back = rubric_roll_back(rubric_version=first, author_id=None, at=timezone.now())
    assert (back.version, back.status, back.title) == ("1.0.2", "draft", "Ankle injury")
    assert RubricVersion.objects.count() == 3
    with pytest.raises(WrongState, match="the same"):
        rubric_roll_back(rubric_version=first, author_id=None, at=timezone.now())


@pytest.mark.parametrize("name", [template.name for template in templates()])
def test_every_template_makes_a_draft_that_starts_at_1_0_0(name: str) -> None:
    version = rubric_from_template(template=name, rubric_id="new_v1", title="New", author_id=None, at=timezone.now())
    assert (str(version), version.title, version.status) == ("new_v1 1.0.0", "New", "draft")


@pytest.mark.parametrize("name", [template.name for template in templates() if template.name != "blank"])
def test_every_template_but_the_blank_one_could_be_approved_as_it_is(name: str) -> None:
    assert check_rubric(rubric_from_mapping(template_document(name))).errors == ()


def test_an_unknown_template_lists_the_known_ones() -> None:
    with pytest.raises(NotFound, match="blank"):
        rubric_from_template(
            template="../../etc/passwd", rubric_id="new_v1", title="", author_id=None, at=timezone.now()
        )


def test_the_trail_names_who_created_approved_archived_deleted_rolled_back_and_copied() -> None:
    cast = make_cast()
    at, author = timezone.now(), cast.owner.pk
    actor = f"user:{author}"
    first = rubric_version_create(document=rubric_from_mapping(document()), author_id=author, at=at)
    rubric_version_approve(rubric_version=first, by="owner", at=at, actor=actor)
    second = rubric_version_revise(base=first, content=document(title="B"), author_id=author, at=at)
    rubric_roll_back(rubric_version=first, author_id=author, at=at)
    rubric_version_delete(rubric_version=second, at=at, actor=actor)
    rubric_copy(rubric_version=first, rubric_id="knee_v1", author_id=author, at=at)
    rubric_version_archive(rubric_version=first, at=at, actor=actor)
    entries = AuditEntry.objects.filter(object_type="rubric_version").order_by("id")
    assert {entry.actor for entry in entries} == {actor}
    assert [(entry.action, entry.object_id) for entry in entries] == [
        ("create rubric version", "ankle_v1 1.0.0"),
        ("approve rubric version", "ankle_v1 1.0.0"),
        ("create rubric version", "ankle_v1 1.0.1"),
        ("create rubric version", "ankle_v1 1.0.2"),
        ("roll back rubric", "ankle_v1 1.0.2"),
        ("delete rubric draft", "ankle_v1 1.0.1"),
        ("create rubric version", "knee_v1 1.0.0"),
        ("copy rubric", "knee_v1 1.0.0"),
        ("archive rubric version", "ankle_v1 1.0.0"),
    ]
