"""Rubrics in and out of files, from the pages."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from grader.models import User
from rubrics.domain.document import rubric_from_mapping
from rubrics.models import RubricVersion
from rubrics.services import rubric_version_create
from tests.builders import document
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db

AT = "/rubrics/ankle_v1/1.0.0/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def draft() -> RubricVersion:
    return rubric_version_create(document=rubric_from_mapping(document()), author_id=None, at=timezone.now())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def upload(client: Client, content: bytes, name: str = "ankle.json", **more: str) -> Any:
    return client.post("/rubrics/import/", {"file": SimpleUploadedFile(name, content), **more}, follow=True)


@pytest.mark.parametrize("kind", ["json", "xlsx", "canvas", "case"])
def test_a_rubric_goes_out_and_comes_in_again_under_another_name(cast: Cast, draft: RubricVersion, kind: str) -> None:
    client = signed_in(cast.owner)
    file = client.get(f"{AT}export/?format={kind}")
    assert file.status_code == 200
    name = re.search(r'filename="([^"]+)"', file.headers["Content-Disposition"])
    assert name is not None
    content = file.content
    if kind == "json":
        content = json.dumps({**json.loads(content), "rubric_id": "again_v1"}).encode()
    page = upload(client, content, name[1], rubric_id="again_v1")
    assert "Imported as a draft" in words(page)
    version = RubricVersion.objects.select_related("rubric").get(rubric__rubric_id="again_v1")
    labels = [question["label"] for question in version.content["key_questions"]]
    assert labels == ["Could you walk on it afterwards?", "Do you have any allergies?"]


def test_every_format_says_what_it_can_not_hold(cast: Cast, draft: RubricVersion) -> None:
    text = words(signed_in(cast.owner).get(f"{AT}export/"))
    assert "Holds everything." in text
    assert re.search(r"\d+ things? it can't hold", text)


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"{", 400, "not JSON"),
        (b'{"rubric_id": "a"}', 400, "key_questions"),
        (json.dumps(document()).encode(), 409, "exists already"),
        (b"x" * (2 * 1024 * 1024 + 1), 413, "larger than"),
        (b"\x89PNG\r\n", 415, ""),
    ],
    ids=["broken", "wrong shape", "taken", "too large", "a picture"],
)
def test_a_file_that_can_not_be_taken_is_told_why(
    cast: Cast, draft: RubricVersion, content: bytes, status: int, said: str
) -> None:
    page = upload(signed_in(cast.owner), content, "a.png" if status == 415 else "a.json")
    assert page.status_code == status
    assert 'role="alert"' in page.content.decode()
    assert said in words(page)
    assert RubricVersion.objects.count() == 1


def test_a_form_without_a_file_is_told_so(cast: Cast) -> None:
    assert "Choose a file first." in words(signed_in(cast.owner).post("/rubrics/import/"))


def test_an_unknown_format_is_not_there(cast: Cast, draft: RubricVersion) -> None:
    assert signed_in(cast.owner).get(f"{AT}export/?format=pdf").status_code == 404


@pytest.mark.parametrize("page", ["/rubrics/import/", f"{AT}export/", f"{AT}export/?format=json"])
def test_students_and_visitors_exchange_nothing(cast: Cast, draft: RubricVersion, page: str) -> None:
    assert signed_in(cast.student).get(page).status_code == 404
    assert Client().get(page).headers["Location"].startswith("/sign-in/")
    assert signed_in(cast.student).post("/rubrics/import/").status_code == 404
