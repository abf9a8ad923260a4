"""Drafts and files over HTTP: saved in place, copied, rolled back, exported, imported."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grader.models import AuditEntry
from rubrics.models import RubricVersion
from tests.builders import document
from tests.cast import approved_rubric, key, make_cast
from tests.conformance import openapi

pytestmark = pytest.mark.django_db

JSON = "application/json"


@pytest.fixture
def headers() -> dict[str, str]:
    return {"X-API-Key": key()}


def put(client: Client, headers: dict[str, str], body: Any, **more: str) -> Any:
    return client.put("/api/rubrics/ankle_v1/draft", body, content_type=JSON, headers={**headers, **more})


def test_a_draft_is_changed_in_place_by_who_holds_its_newest_copy(client: Client, headers: dict[str, str]) -> None:
    tag = client.post("/api/rubrics", document(), content_type=JSON, headers=headers).headers["ETag"]
    first = put(client, headers, document(title="First"), **{"If-Match": tag})
    assert (first.status_code, first.json()["title"], first.json()["version"]) == (200, "First", "1.0.0")
    second = put(client, headers, document(title="Second"), **{"If-Match": tag})
    assert second.status_code == 412
    assert second.json()["error"]["code"] == "stale"
    assert second.json()["error"]["fields"] == [{"field": "title", "message": "Title “First” → “Second”"}]
    assert [version.title for version in RubricVersion.objects.all()] == ["First"]
    assert put(client, headers, document(title="Second"), **{"If-Match": first.headers["ETag"]}).status_code == 200


def test_saving_in_place_needs_the_tag_a_draft_and_a_document(client: Client, headers: dict[str, str]) -> None:
    approved_rubric()
    tag = client.get("/api/rubrics/ankle_v1", headers=headers).headers["ETag"]
    assert put(client, headers, document()).status_code == 400
    assert put(client, headers, [1], **{"If-Match": tag}).status_code == 400
    refused = put(client, headers, document(title="x"), **{"If-Match": tag})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_a_draft")


def test_the_document_says_that_saving_in_place_needs_the_tag() -> None:
    asked = openapi()["paths"]["/api/rubrics/{rubric_id}/draft"]["put"]["parameters"]
    assert next(one for one in asked if one["name"] == "If-Match")["required"] is True


@pytest.mark.parametrize("given", ["", "two words", "é", "x" * 256], ids=["empty", "space", "not ASCII", "too long"])
def test_an_idempotency_key_is_what_its_schema_says(client: Client, headers: dict[str, str], given: str) -> None:
    refused = client.post("/api/rubrics", document(), content_type=JSON, headers={**headers, "Idempotency-Key": given})
    assert refused.status_code == 400
    assert refused.json()["error"]["fields"][0]["field"] == "Idempotency-Key"
    assert RubricVersion.objects.count() == 0


def test_a_copy_a_roll_back_and_a_template_answer_the_new_draft(client: Client, headers: dict[str, str]) -> None:
    approved_rubric()
    client.put("/api/rubrics/ankle_v1", document(title="Worse"), content_type=JSON, headers=headers)
    copied = client.post(
        "/api/rubrics/ankle_v1/copy", {"rubric_id": "knee_v1", "title": "Knee"}, content_type=JSON, headers=headers
    )
    assert (copied.status_code, copied.json()["title"], copied.json()["version"]) == (201, "Knee", "1.0.0")
    back = client.post("/api/rubrics/ankle_v1/roll-back", {"version": "1.0.0"}, content_type=JSON, headers=headers)
    assert (back.status_code, back.json()["title"], back.json()["version"]) == (201, "Ankle injury", "1.0.2")
    body = {"template": "history", "rubric_id": "cough_v9", "title": "Cough"}
    started = client.post("/api/rubrics/from-template", body, content_type=JSON, headers=headers)
    assert (started.status_code, started.json()["title"], started.json()["status"]) == (201, "Cough", "draft")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("ankle_v1/copy", {"rubric_id": "knee_v1"}, id="a copy"),
        pytest.param("ankle_v1/roll-back", {"version": "1.0.0"}, id="a roll-back"),
        pytest.param("from-template", {"template": "history", "rubric_id": "cough_v9", "title": "Cough"}, id="a start"),
    ],
)
def test_a_retried_request_answers_the_draft_it_made_and_makes_no_other(
    client: Client, headers: dict[str, str], path: str, body: dict[str, Any]
) -> None:
    approved_rubric()
    client.put("/api/rubrics/ankle_v1", document(title="Worse"), content_type=JSON, headers=headers)
    again = {**headers, "Idempotency-Key": "retry-1"}
    first, second = (client.post(f"/api/rubrics/{path}", body, content_type=JSON, headers=again) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert RubricVersion.objects.count() == 3


def test_a_key_that_came_with_another_body_makes_nothing(client: Client, headers: dict[str, str]) -> None:
    approved_rubric()
    again = {**headers, "Idempotency-Key": "retry-1"}
    for name, status in (("knee_v1", 201), ("hip_v1", 422)):
        answer = client.post("/api/rubrics/ankle_v1/copy", {"rubric_id": name}, content_type=JSON, headers=again)
        assert answer.status_code == status
    assert RubricVersion.objects.count() == 2


REFUSED: dict[str, tuple[str, dict[str, Any], int]] = {
    "a copy onto a rubric that exists": ("ankle_v1/copy", {"rubric_id": "ankle_v1"}, 409),
    "a copy with a path for a name": ("ankle_v1/copy", {"rubric_id": "../x"}, 400),
    "a copy of nothing": ("knee_v1/copy", {"rubric_id": "x"}, 404),
    "a roll-back to a version that is not there": ("ankle_v1/roll-back", {"version": "9.0.0"}, 404),
    "a roll-back to a word": ("ankle_v1/roll-back", {"version": "first"}, 400),
    "a roll-back to the newest": ("ankle_v1/roll-back", {"version": "1.0.0"}, 409),
    "a template nobody made": ("from-template", {"template": "../../x", "rubric_id": "x", "title": ""}, 404),
    "a template without a name": ("from-template", {"template": "blank"}, 400),
}


@pytest.mark.parametrize(("path", "body", "status"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_made_is_refused(
    client: Client, headers: dict[str, str], path: str, body: dict[str, Any], status: int
) -> None:
    approved_rubric()
    response = client.post(f"/api/rubrics/{path}", body, content_type=JSON, headers=headers)
    assert (response.status_code, RubricVersion.objects.count()) == (status, 1)
    assert response.json()["error"]["message"]


@pytest.mark.parametrize(("format_", "media_type", "losses"), [
    ("json", "application/json", "0"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "0"),
    ("canvas", "text/csv", "3"),
    ("case", "application/json", "3"),
])  # fmt: skip
def test_a_rubric_leaves_as_a_file_that_comes_back(
    client: Client, headers: dict[str, str], format_: str, media_type: str, losses: str
) -> None:
    approved_rubric()
    answer = client.get(f"/api/rubrics/ankle_v1/export?format={format_}", headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0], answer.headers["X-Losses"]) == (
        200,
        media_type,
        losses,
    )
    assert 'filename="ankle_v1-1.0.0.' in answer.headers["Content-Disposition"]
    told = client.get(f"/api/rubrics/ankle_v1/export?format={format_}&report=true", headers=headers).json()
    assert len(told["losses"]) == int(losses)
    file = SimpleUploadedFile(told["file_name"], answer.content)
    back = client.post("/api/rubrics/import", {"file": file, "rubric_id": "back_v1"}, headers=headers)
    assert back.status_code == 201, back.content
    assert (back.json()["format"], back.json()["rubric"]["rubric_id"]) == (format_, "back_v1")
    assert back.json()["rubric"]["status"] == "draft"
    assert AuditEntry.objects.filter(object_id="back_v1 1.0.0", actor__startswith="key:").exists()


def test_an_export_in_a_format_nobody_knows_names_those_there_are(client: Client, headers: dict[str, str]) -> None:
    approved_rubric()
    response = client.get("/api/rubrics/ankle_v1/export?format=docx", headers=headers)
    assert response.status_code == 400
    assert "canvas" in response.json()["error"]["message"]


def test_an_import_without_a_file_or_of_one_that_is_there_already_stores_nothing(
    client: Client, headers: dict[str, str]
) -> None:
    approved_rubric()
    assert client.post("/api/rubrics/import", {"rubric_id": "x"}, headers=headers).status_code == 400
    again = SimpleUploadedFile("a.json", json.dumps(document()).encode())
    assert client.post("/api/rubrics/import", {"file": again}, headers=headers).status_code == 409
    picture = SimpleUploadedFile("a.png", b"\x89PNG")
    assert client.post("/api/rubrics/import", {"file": picture}, headers=headers).status_code == 415
    huge = SimpleUploadedFile("a.json", b" " * 1_100_000)
    assert client.post("/api/rubrics/import", {"file": huge}, headers=headers).status_code == 413
    wrong = SimpleUploadedFile("a.json", json.dumps(document()).encode())
    assert client.post("/api/rubrics/import", {"file": wrong, "rubric_id": "../x"}, headers=headers).status_code == 400
    assert RubricVersion.objects.count() == 1


def test_a_person_who_saves_a_draft_is_remembered(client: Client) -> None:
    cast = make_cast()
    client.force_login(cast.owner)
    tag = client.post("/api/rubrics", document(), content_type=JSON).headers["ETag"]
    client.force_login(cast.colleague)
    assert put(client, {}, document(title="x"), **{"If-Match": tag}).status_code == 200
    version = RubricVersion.objects.get()
    assert (version.created_by, version.updated_by) == (cast.owner, cast.colleague)
