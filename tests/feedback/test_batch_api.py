"""POST /api/gradings/batch and asking after it: what is answered, each item's own fate, who may look."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from feedback.tasks import grade_batch
from grader.models import Scope
from scoring.models import Batch, Grading
from tests.cast import TRANSCRIPT, approved_rubric, key

pytestmark = pytest.mark.django_db

GOOD = {"rubric_id": "ankle_v1", "student_id": "S-1", "submission": {"oral_transcript": TRANSCRIPT}}
UNKNOWN = {**GOOD, "student_id": "S-2", "rubric_id": "nobody_knows"}
SILENT = {**GOOD, "student_id": "S-3", "submission": {"oral_transcript": "Patient: It hurts.\nPatient: A lot."}}


@pytest.fixture(autouse=True)
def _rubric() -> None:
    approved_rubric()


@pytest.fixture
def given() -> dict[str, str]:
    return {"X-API-Key": key(Scope.GRADE, Scope.READ)}


def post(client: Client, body: Any, given: dict[str, str], path: str = "", **headers: str) -> Any:
    address = f"/api/gradings/batch{path}"
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(address, data, content_type="application/json", headers={**given, **headers})


def made(client: Client, given: dict[str, str], *items: Any) -> str:
    response = post(client, {"items": items}, given)
    assert response.status_code == 202
    return str(response.json()["batch_id"])


def test_a_batch_is_taken_at_once_and_says_where_to_ask(client: Client, given: dict[str, str]) -> None:
    response = post(client, {"items": [GOOD, SILENT]}, given)
    assert response.status_code == 202
    answer = response.json()
    assert (answer["state"], answer["total"], answer["waiting"]) == ("running", 2, 2)
    assert response.headers["Location"] == answer["url"]
    assert not Grading.objects.exists()
    assert client.get(answer["url"], headers=given).json()["batch_id"] == answer["batch_id"]


def test_each_item_has_its_own_grading_or_its_own_error(client: Client, given: dict[str, str]) -> None:
    batch = made(client, given, GOOD, UNKNOWN, SILENT, GOOD)
    grade_batch.func(batch_id=batch)
    answer = client.get(f"/api/gradings/batch/{batch}", headers=given).json()
    assert (answer["state"], answer["done"], answer["failed"]) == ("done", 2, 2)
    rows = answer["results"]
    assert [row["position"] for row in rows] == [1, 2, 3, 4]
    assert [row["error"] and row["error"]["code"] for row in rows] == [None, "not_found", "no_student_speech", None]
    for row in (rows[0], rows[3]):
        grading = client.get(f"/api/gradings/{row['grading_id']}", headers=given)
        assert grading.json()["student_id"] == "S-1"


def test_items_are_paged_and_filtered_by_state(client: Client, given: dict[str, str]) -> None:
    batch = made(client, given, GOOD, UNKNOWN, SILENT)
    grade_batch.func(batch_id=batch)
    failed = client.get(f"/api/gradings/batch/{batch}?state=failed&page_size=1", headers=given).json()
    assert [row["student_id"] for row in failed["results"]] == ["S-2"]
    assert [row["student_id"] for row in client.get(failed["next"], headers=given).json()["results"]] == ["S-3"]


def test_the_same_idempotency_key_makes_one_batch(client: Client, given: dict[str, str]) -> None:
    again = {"Idempotency-Key": "night-1"}
    ids = {post(client, {"items": [GOOD]}, given, **again).json()["batch_id"] for _ in range(2)}
    assert len(ids) == 1
    refused = post(client, {"items": [GOOD, GOOD]}, given, **again)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "idempotency_key_reused")
    assert Batch.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"items": []}, 400, "empty"),
        ({}, 400, "items"),
        ({"items": [GOOD, {**GOOD, "student": "S-1"}]}, 400, "items.1.student"),
        ({"items": [GOOD] * 1001}, 413, "1000"),
        (b" " * (32 * 1024 * 1024 + 1), 413, "in parts"),
    ],
    ids=["empty", "no items", "a misspelt field", "too many", "too large"],
)
def test_a_batch_that_cannot_be_read_is_refused_whole(
    client: Client, given: dict[str, str], body: Any, status: int, says: str
) -> None:
    response = post(client, body, given)
    assert response.status_code == status
    assert says in response.json()["error"]["message"]
    assert not Batch.objects.exists()


def test_a_batch_is_cancelled_and_its_failures_tried_again(client: Client, given: dict[str, str]) -> None:
    batch = made(client, given, UNKNOWN)
    grade_batch.func(batch_id=batch)
    assert post(client, {}, given, f"/{batch}/retry").json()["waiting"] == 1
    assert post(client, {}, given, f"/{batch}/cancel").json()["state"] == "cancelled"
    assert post(client, {}, given, f"/{batch}/cancel").status_code == 409


def test_anothers_batch_is_like_none(client: Client, given: dict[str, str]) -> None:
    batch = made(client, given, GOOD)
    stranger = {"X-API-Key": key(Scope.GRADE)}
    answers = [client.get(f"/api/gradings/batch/{name}", headers=stranger) for name in (batch, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({answer.json()["error"]["message"] for answer in answers}) == 1
    assert post(client, {}, stranger, f"/{batch}/cancel").status_code == 404
    assert client.get(f"/api/gradings/batch/{batch}", headers={"X-API-Key": key(Scope.READ)}).status_code == 403


def test_an_item_for_an_assessment_that_is_not_the_callers_fails_alone(client: Client, given: dict[str, str]) -> None:
    batch = made(client, given, {**GOOD, "assessment": 10_442_632}, GOOD)
    grade_batch.func(batch_id=batch)
    rows = client.get(f"/api/gradings/batch/{batch}", headers=given).json()["results"]
    assert [(row["state"], row["error"] and row["error"]["code"]) for row in rows] == [
        ("failed", "not_found"),
        ("done", None),
    ]
