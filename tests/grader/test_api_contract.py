"""What holds for every operation of the API: its example runs, and no bad body gets anything but a 4xx that helps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from grader.api_examples import RUBRIC, TRANSCRIPT, request_examples
from rubrics.domain.document import rubric_from_mapping
from tests.cast import approved_rubric, key, make_cast
from tests.conformance import openapi

pytestmark = pytest.mark.django_db

JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """One entry of the OpenAPI document."""

    method: str
    path: str
    described: dict[str, Any]

    @property
    def takes_json(self) -> bool:
        return JSON in self.described.get("requestBody", {}).get("content", {})

    @property
    def name(self) -> str:
        return str(self.described["operationId"])


OPERATIONS = [
    Operation(method.upper(), path, described)
    for path, found in openapi()["paths"].items()
    for method, described in found.items()
]
with_a_body = pytest.mark.parametrize(
    "operation", [operation for operation in OPERATIONS if operation.takes_json], ids=lambda o: o.name
)


@pytest.fixture
def given() -> dict[str, str]:
    return {"X-API-Key": key()}


@pytest.fixture
def address(client: Client, given: dict[str, str]) -> Any:
    """The path with the ids of a rubric and a grading that there are."""

    def filled(path: str) -> str:
        if "{rubric_id}" in path:
            client.post("/api/rubrics", json.dumps(RUBRIC), content_type=JSON, headers=given)
        if "{grading_id}" in path:
            approved_rubric()
            body = {"rubric_id": "ankle_v1", "student_id": "S-1", "submission": {"oral_transcript": TRANSCRIPT}}
            made = client.post("/api/grade", json.dumps(body), content_type=JSON, headers=given).json()
            path = path.replace("{grading_id}", made["grading_id"])
        filled_in = path.replace("{rubric_id}", "ankle_v1")
        if path.endswith("/draft"):  # refused without the copy that is changed, before the body is looked at
            draft = client.get("/api/rubrics/ankle_v1?version=1.0.0", headers=given)
            given["If-Match"] = draft.headers["ETag"]
        return filled_in

    return filled


@with_a_body
def test_the_example_of_an_operation_runs(
    client: Client, given: dict[str, str], address: Any, operation: Operation
) -> None:
    example = operation.described["requestBody"]["content"][JSON].get("example")
    if example is None:
        pytest.skip("has no example")
    if "ankle_v1" in json.dumps(example) and operation.name in {"grade", "batch_create", "edit_parse"}:
        approved_rubric()
    path = address(operation.path)
    if operation.name == "grading_decide":  # a grade is decided by a person
        client.force_login(make_cast().coordinator)
        given = {}
    response = client.generic(operation.method, path, json.dumps(example), JSON, headers=given)
    assert response.status_code in {200, 201, 202}, response.content


def test_every_example_belongs_to_an_operation() -> None:
    assert set(request_examples()) <= {operation.name for operation in OPERATIONS}
    rubric_from_mapping(RUBRIC)


HOSTILE: dict[str, tuple[bytes, str, int]] = {
    "broken JSON": (b'{"a": ', JSON, 400),
    "nothing": (b"", JSON, 400),
    "bad encoding": (b'{"a": "\xff"}', JSON, 400),
    "a duplicate key": (b'{"a": 1, "a": 2}', JSON, 400),
    "NaN": (b'{"a": NaN}', JSON, 400),
    "infinity": (b'{"a": -Infinity}', JSON, 400),
    "a number of thousands of digits": (b'{"a": ' + b"9" * 5000 + b"}", JSON, 400),
    "a number beyond floats": (b'{"a": 1e-999999999}', JSON, 400),
    "a NUL in a name": (b'{"nobody\\u0000": 1}', JSON, 400),
    "a deep body": (b"[" * 50_000, JSON, 400),
    "an unknown field": (b'{"nobody_knows_this_field": 1}', JSON, 400),
    "a string": (b'"text"', JSON, 400),
    "a number": (b"7", JSON, 400),
    "a list": (b"[1, 2, 3]", JSON, 400),
    "null": (b"null", JSON, 400),
    "a form": (b"a=1", "application/x-www-form-urlencoded", 415),
    "another media type": (b"<a/>", "application/xml", 415),
}


@pytest.mark.parametrize("hostile", HOSTILE)
@with_a_body
def test_a_bad_body_gets_a_4xx_in_the_one_shape(
    client: Client, given: dict[str, str], address: Any, operation: Operation, hostile: str
) -> None:
    if (operation.name, hostile) == ("rubric_approve", "nothing"):
        pytest.skip("approving needs no note")
    body, media_type, status = HOSTILE[hostile]
    path = address(operation.path)
    response = client.generic(operation.method, path, body, media_type, headers=given)
    assert response.status_code == status, response.content
    assert len(response.json()["error"]["message"]) > 10


@with_a_body
def test_ten_megabytes_are_too_large_wherever_one_transcript_is_asked_for(
    client: Client, given: dict[str, str], address: Any, operation: Operation
) -> None:
    body = b'{"content": "' + b"x" * 10 * 1024 * 1024 + b'"}'
    path = address(operation.path)
    response = client.generic(operation.method, path, body, JSON, headers=given)
    assert response.status_code == (400 if operation.name == "batch_create" else 413)


@pytest.mark.parametrize(
    "operation",
    [operation for operation in OPERATIONS if "401" in operation.described["responses"]],
    ids=lambda o: o.name,
)
def test_nothing_but_the_front_door_and_the_schema_answers_without_a_key(client: Client, operation: Operation) -> None:
    path = operation.path
    address = path.replace("{grading_id}", "3f0c9a52-6c1e-4f6f-9d0a-0f0b7a1c2d3e").replace("{rubric_id}", "ankle_v1")
    address = address.replace("{batch_id}", "3f0c9a52-6c1e-4f6f-9d0a-0f0b7a1c2d3e")
    response = client.generic(operation.method, address, b"{}", JSON)
    assert response.status_code == 401
    assert "WWW-Authenticate" in response.headers


def test_no_body_and_no_answer_is_a_free_form_object() -> None:
    schemas = openapi()["components"]["schemas"]
    free = [
        name
        for name, schema in schemas.items()
        if schema.get("type") == "object" and not {"properties", "additionalProperties"} & set(schema)
    ]
    assert free == []


def test_a_rubric_is_named_alike_in_addresses_and_in_bodies() -> None:
    named = [
        parameter["schema"]["pattern"]
        for operation in OPERATIONS
        for parameter in operation.described.get("parameters", [])
        if (parameter["in"], parameter["name"]) == ("path", "rubric_id")
    ]
    in_bodies = openapi()["components"]["schemas"]["RubricDocument"]["properties"]["rubric_id"]["pattern"]
    assert set(named) == {in_bodies}


@pytest.mark.parametrize("name", ["-a", "a.b", "a%20b", "a" * 101], ids=["hyphen first", "dot", "space", "too long"])
def test_an_address_with_no_rubrics_name_is_not_found(client: Client, given: dict[str, str], name: str) -> None:
    assert client.get(f"/api/rubrics/{name}", headers=given).status_code == 404
