"""Changes in words and offered mendings: shown first, applied to what was looked at, and nothing by halves."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grader.models import User
from rubrics.domain.document import rubric_from_mapping
from rubrics.models import RubricVersion
from rubrics.services import rubric_version_create
from tests.builders import document
from tests.cast import Cast, approved_rubric, make_cast

pytestmark = pytest.mark.django_db

AT = "/rubrics/ankle_v1/1.0.0/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def made(**changes: object) -> RubricVersion:
    return rubric_version_create(document=rubric_from_mapping(document(**changes)), author_id=None, at=timezone.now())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def fields_of_apply(html: str, *, last: bool = False) -> dict[str, str]:
    forms = re.findall(r'<form[^>]+describe/apply/".*?</form>', html, re.DOTALL)
    found = re.findall(r'name="(patch|etag|part)" value="([^"]*)"', forms[-1 if last else 0])
    return {name: unescape(value) for name, value in found}


@pytest.mark.parametrize("script", [True, False])
def test_a_change_in_words_is_shown_as_a_difference_and_stored_only_when_applied(cast: Cast, script: bool) -> None:
    draft, client = made(), signed_in(cast.owner)
    headers = {"HX-Request": "true"} if script else {}
    response = client.post(AT + "describe/", {"words": "Make allergies critical"}, headers=headers)
    assert response.status_code == 200
    assert ("<html" in response.content.decode()) is not script
    assert "critical" in words(response)
    draft.refresh_from_db()
    assert not draft.content["key_questions"][1].get("critical")
    applied = client.post(AT + "describe/apply/", fields_of_apply(response.content.decode()), follow=True)
    assert "Applied." in words(applied)
    draft.refresh_from_db()
    assert draft.content["key_questions"][1]["critical"] is True
    assert draft.version == "1.0.0"


def test_what_is_not_understood_is_quoted_and_nothing_can_be_applied(cast: Cast) -> None:
    made()
    response = signed_in(cast.owner).post(AT + "describe/", {"words": "Make it sing"})
    assert response.status_code == 422
    assert "Make it sing" in words(response)
    assert "describe/apply" not in response.content.decode().split("data-studio")[0]


def test_an_offer_comes_with_the_change(cast: Cast) -> None:
    draft, client = made(), signed_in(cast.owner)
    page = client.post(AT + "describe/", {"words": "Set key questions to 0.5"}, headers={"HX-Request": "true"})
    client.post(AT + "describe/apply/", fields_of_apply(page.content.decode(), last=True))
    draft.refresh_from_db()
    weights = draft.document.weights
    assert float(weights.key_questions) == 0.5
    assert sum(weights.model_dump().values()) == 1


def test_a_change_looked_at_is_not_applied_to_another_draft(cast: Cast) -> None:
    draft, client = made(), signed_in(cast.owner)
    page = client.post(AT + "describe/", {"words": "Make allergies critical"}, headers={"HX-Request": "true"})
    fields = fields_of_apply(page.content.decode())
    client.post(AT + "items/add/", {"home": "key_questions", "words": "Any swelling?"})
    assert "nothing was applied" in words(client.post(AT + "describe/apply/", fields, follow=True))
    draft.refresh_from_db()
    assert not draft.content["key_questions"][1].get("critical")


@pytest.mark.parametrize("patch", ["", "{}", "[]", "[1]", json.dumps([{"op": "remove", "path": "/nowhere"}])])
def test_a_patch_that_can_not_be_applied_is_said(cast: Cast, patch: str) -> None:
    draft = made()
    body = {"patch": patch, "etag": draft.content_sha256}
    page = signed_in(cast.owner).post(AT + "describe/apply/", body, follow=True)
    assert 'class="notice notice--error"' in page.content.decode()
    draft.refresh_from_db()
    assert draft.content["key_questions"] == document()["key_questions"]


def test_a_finding_that_can_be_mended_is_mended_with_one_button(cast: Cast) -> None:
    questions = document()["key_questions"]
    questions[1] = {**questions[1], "phrases": ["any allergies", "take four steps"]}
    draft, client = made(key_questions=questions), signed_in(cast.owner)
    page = client.get(AT).content.decode()
    assert "Applied." in words(client.post(AT + "describe/apply/", fields_of_apply(page), follow=True))
    draft.refresh_from_db()
    assert sum("take four steps" in question["phrases"] for question in draft.content["key_questions"]) == 1


@pytest.mark.parametrize("action", ["describe/", "describe/apply/"])
def test_students_and_visitors_describe_nothing(cast: Cast, action: str) -> None:
    draft = made()
    body = {"words": "Make allergies critical", "patch": "[]", "etag": draft.content_sha256}
    assert signed_in(cast.student).post(AT + action, body).status_code == 404
    assert Client().post(AT + action, body).status_code == 302


def test_an_approved_version_has_no_box_and_takes_no_patch(cast: Cast) -> None:
    version, client = approved_rubric(), signed_in(cast.owner)
    assert "describe-words" not in client.get(AT).content.decode()
    patch = json.dumps([{"op": "replace", "path": "/title", "value": "Other"}])
    page = client.post(AT + "describe/apply/", {"patch": patch, "etag": version.content_sha256}, follow=True)
    assert "can't be changed" in words(page)
