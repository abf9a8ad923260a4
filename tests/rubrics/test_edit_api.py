"""/api/edit: parse and preview, from words to a readable difference, with nothing stored."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rubrics.models import RubricVersion
from tests.builders import document
from tests.cast import approved_rubric, key

pytestmark = pytest.mark.django_db

WORDS = "Increase the weight of key questions to 0.45 and decrease structure to 0.15"
PATCH = [
    {"op": "replace", "path": "/weights/key_questions", "value": 0.45},
    {"op": "replace", "path": "/weights/structure", "value": 0.15},
]


@pytest.fixture
def post(client: Client) -> Any:
    secret = key()

    def send(path: str, **body: Any) -> Any:
        body = {"rubric_id": "ankle_v1", **body}
        return client.post(f"/api/edit/{path}", body, content_type="application/json", headers={"X-API-Key": secret})

    approved_rubric()
    return send


def test_words_become_operations_and_a_patch(post: Any) -> None:
    answer = post("parse", edit_request=WORDS).json()
    assert answer["json_patch"] == PATCH
    assert [operation["target"] for operation in answer["parsed_intent"]["operations"]] == [
        step["path"] for step in PATCH
    ]
    assert answer["offers"] == []


def test_an_offer_brings_the_weights_back_to_one(post: Any) -> None:
    (offer,) = post("parse", edit_request="set summary to 20%").json()["offers"]
    previewed = post("preview", patch=offer["json_patch"]).json()
    assert previewed["qa_validation"]["passed"] is True


def test_what_is_not_understood_is_quoted_with_422(post: Any) -> None:
    response = post("parse", edit_request=f"{WORDS} and then frobnicate the summary")
    assert response.status_code == 422
    error = response.json()["error"]
    assert error["code"] == "not_understood"
    assert "frobnicate the summary" in error["message"]


@pytest.mark.parametrize(
    "given", [{"patch": PATCH}, {"json_patch": PATCH}, {"edit_request": WORDS}], ids=["patch", "json_patch", "words"]
)
def test_a_preview_shows_both_documents_the_difference_and_the_checks_and_stores_nothing(
    post: Any, given: dict[str, Any]
) -> None:
    answer = post("preview", **given).json()
    assert answer["preview"]["original"]["weights"] == document()["weights"]
    assert answer["preview"]["modified"]["weights"]["key_questions"] == 0.45
    assert [entry["text"] for entry in answer["preview"]["diff"]] == [
        "Weight of structure 0.20 → 0.15",
        "Weight of key questions 0.40 → 0.45",
    ]
    assert answer["qa_validation"]["passed"] is True
    assert RubricVersion.objects.count() == 1


REFUSED: dict[str, tuple[str, dict[str, Any], int]] = {
    "a patch that leads nowhere": ("preview", {"patch": [{"op": "remove", "path": "/nowhere"}]}, 400),
    "a patch to a wrong shape": ("preview", {"patch": [{"op": "remove", "path": "/weights"}]}, 400),
    "a test that fails": ("preview", {"patch": [{"op": "test", "path": "/title", "value": "x"}]}, 409),
    "an empty patch": ("preview", {"patch": []}, 400),
    "neither patch nor words": ("preview", {}, 400),
    "patch and words": ("preview", {"patch": PATCH, "edit_request": WORDS}, 400),
    "no words": ("parse", {"edit_request": " "}, 400),
    "words that are a number": ("parse", {"edit_request": 7}, 400),
    "too many words": ("parse", {"edit_request": "x " * 4000}, 400),
    "an unknown rubric": ("parse", {"rubric_id": "knee_v1", "edit_request": WORDS}, 404),
    "an unknown version": ("parse", {"version": "9.0.0", "edit_request": WORDS}, 404),
    "a version that is none": ("parse", {"version": "new", "edit_request": WORDS}, 400),
    "an unknown field": ("parse", {"edit_request": WORDS, "apply": True}, 400),
}


@pytest.mark.parametrize(("path", "body", "status"), REFUSED.values(), ids=REFUSED)
def test_a_bad_request_is_refused_in_words(post: Any, path: str, body: dict[str, Any], status: int) -> None:
    response = post(path, **body)
    assert response.status_code == status, response.content
    assert response.json()["error"]["message"]
