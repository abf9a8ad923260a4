"""Rubrics over HTTP: versions, edits, approval, checks; and who may do what."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grader.models import Scope
from rubrics.models import RubricVersion
from rubrics.services.retries import KEPT, retried_requests_forget
from tests.builders import document
from tests.cast import Cast, approved_rubric, assessment_of, key, make_cast

pytestmark = pytest.mark.django_db

JSON = "application/json"


class Api:
    def __init__(self, client: Client, *scopes: Scope) -> None:
        self.client = client
        self.key = key(*scopes)

    def __call__(self, method: str, path: str, body: Any = None, content_type: str = JSON, **headers: str) -> Any:
        data = body if isinstance(body, str) else json.dumps(body)
        return getattr(self.client, method)(
            f"/api{path}",
            data=data if body is not None else "",
            content_type=content_type,
            headers={"X-API-Key": self.key, **headers},
        )


@pytest.fixture
def api(client: Client) -> Api:
    return Api(client)


def error(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    return dict(response.json()["error"])


def test_a_posted_rubric_is_a_draft_answered_as_the_document_itself(api: Api) -> None:
    response = api("post", "/rubrics/", document(status="approved"))
    assert response.status_code == 201
    answer = response.json()
    assert answer["status"] == "draft"
    assert {name: answer[name] for name in document()} == document()


def test_reading_gives_the_latest_approved_version_unless_one_is_named(api: Api) -> None:
    approved_rubric(version="1.9.0")
    approved_rubric(version="1.10.0")
    api("post", "/rubrics", document(version="2.0.0"))
    assert api("get", "/rubrics/ankle_v1").json()["version"] == "1.10.0"
    assert api("get", "/rubrics/ankle_v1?version=2.0.0").json()["status"] == "draft"
    assert error(api("get", "/rubrics/ankle"), 404)
    assert error(api("get", "/rubrics/ankle_v1?version=3.0.0"), 404)
    assert error(api("get", "/rubrics/ankle_v1?version=new"), 400)
    assert error(api("get", "/rubrics/..%2Fetc"), 404)


def test_without_an_approved_version_reading_says_how_to_ask_for_a_draft(api: Api) -> None:
    api("post", "/rubrics", document())
    assert "?version=" in error(api("get", "/rubrics/ankle_v1"), 404)["message"]


def test_two_edits_in_a_row_make_two_versions_and_lose_neither(api: Api) -> None:
    approved_rubric()
    first = api("patch", "/rubrics/ankle_v1", [{"op": "replace", "path": "/title", "value": "Ankle"}])
    second = api("patch", "/rubrics/ankle_v1", {"operations": [{"op": "add", "path": "/specialty", "value": "EM"}]})
    assert (first.json()["version"], second.json()["version"]) == ("1.0.1", "1.0.2")
    assert (second.json()["title"], second.json()["specialty"]) == ("Ankle", "EM")
    assert [row["version"] for row in api("get", "/rubrics/ankle_v1/versions").json()["results"]] == [
        "1.0.2",
        "1.0.1",
        "1.0.0",
    ]


def test_put_stores_the_document_as_the_next_draft_and_the_author_may_raise_the_version(api: Api) -> None:
    approved_rubric()
    assert api("put", "/rubrics/ankle_v1", document(title="B")).json()["version"] == "1.0.1"
    assert api("put", "/rubrics/ankle_v1", document(version="2.0.0")).json()["version"] == "2.0.0"
    assert api("put", "/rubrics/ankle_v1", document(version="1.5.0")).json()["version"] == "2.0.1"


@pytest.mark.parametrize("media_type", [JSON, "application/json-patch+json"])
def test_all_six_patch_operations_are_honoured(api: Api, media_type: str) -> None:
    approved_rubric()
    operations = [
        {"op": "test", "path": "/key_questions/0/id", "value": "weight_bearing"},
        {"op": "add", "path": "/key_questions/0/phrases/-", "value": "put weight on it"},
        {"op": "replace", "path": "/weights/structure", "value": 0.25},
        {"op": "copy", "from": "/weights/structure", "path": "/weights/reasoning"},
        {"op": "move", "from": "/key_questions/1", "path": "/key_questions/0"},
        {"op": "remove", "path": "/structure/penalties/0"},
    ]
    body = operations if media_type != JSON else {"operations": operations}
    answer = api("patch", "/rubrics/ankle_v1", body, media_type).json()
    assert [q["id"] for q in answer["key_questions"]] == ["allergies", "weight_bearing"]
    assert answer["key_questions"][1]["phrases"][-1] == "put weight on it"
    assert (answer["weights"]["structure"], answer["weights"]["reasoning"]) == (0.25, 0.25)
    assert [p["id"] for p in answer["structure"]["penalties"]] == ["early_pmh"]


@pytest.mark.parametrize(
    ("operations", "status"),
    [
        ([{"op": "replace", "path": "/nowhere/deep", "value": 1}], 400),
        ([{"op": "remove", "path": "/key_questions/99"}], 400),
        ([{"op": "explode", "path": "/title"}], 400),
        ([{"op": "add", "path": "no-slash", "value": 1}], 400),
        ([{"path": "/title"}], 400),
        (["title"], 400),
        ([], 400),
        ("operations", 400),
        ([{"op": "replace", "path": "/rubric_id", "value": "knee"}], 400),
        ([{"op": "replace", "path": "", "value": {}}], 400),
        ([{"op": "replace", "path": "/weights/structure", "value": 7}], 400),
        ([{"op": "test", "path": "/title", "value": "Knee"}], 409),
    ],
    ids=lambda value: json.dumps(value)[:60],
)
def test_a_patch_that_cannot_be_applied_names_the_operation_and_changes_nothing(
    api: Api, operations: Any, status: int
) -> None:
    approved_rubric()
    good = {"op": "replace", "path": "/title", "value": "Half-done"}
    body = [good, *operations] if isinstance(operations, list) and operations else operations
    error(api("patch", "/rubrics/ankle_v1", body, "application/json-patch+json"), status)
    assert RubricVersion.objects.count() == 1


def test_a_stale_copy_is_refused(api: Api) -> None:
    approved_rubric()
    tag = api("get", "/rubrics/ankle_v1").headers["ETag"]
    change = [{"op": "replace", "path": "/title", "value": "A"}]
    assert api("patch", "/rubrics/ankle_v1", {"operations": change}, **{"If-Match": tag}).status_code == 200
    assert error(api("patch", "/rubrics/ankle_v1", {"operations": change}, **{"If-Match": tag}), 412)
    assert RubricVersion.objects.count() == 2


def test_approval_refuses_errors_and_records_who(api: Api) -> None:
    api("post", "/rubrics", document(weights={**document()["weights"], "structure": 1.0}))
    refusal = error(api("post", "/rubrics/ankle_v1/approve", {}), 409)
    assert refusal["code"] == "qa_failed"
    assert refusal["fields"][0]["field"] == "weights"
    api("put", "/rubrics/ankle_v1", document())
    answer = api("post", "/rubrics/ankle_v1/approve", {"note": "spring"}).json()
    assert (answer["status"], answer["version"], answer["approval"]["note"]) == ("approved", "1.0.1", "spring")
    assert answer["approval"]["by"].startswith("API key")


def test_only_approved_versions_are_archived_and_only_drafts_deleted(api: Api) -> None:
    approved_rubric()
    assert error(api("delete", "/rubrics/ankle_v1"), 409)
    api("put", "/rubrics/ankle_v1", document())
    assert error(api("post", "/rubrics/ankle_v1/archive?version=1.0.1", {}), 409)
    assert api("delete", "/rubrics/ankle_v1").status_code == 204
    assert api("post", "/rubrics/ankle_v1/archive", {}).json()["status"] == "archived"
    assert error(api("get", "/rubrics/ankle_v1"), 404)


def test_a_draft_that_an_assessment_uses_is_not_deleted(api: Api) -> None:
    api("post", "/rubrics", document())
    assessment_of(make_cast(), RubricVersion.objects.get())
    assert error(api("delete", "/rubrics/ankle_v1"), 409)


def test_a_diff_reads_as_a_person_would_say_it(api: Api) -> None:
    approved_rubric()
    questions = document()["key_questions"]
    extra = {"id": "fever", "anchor": "#Q.fever", "label": "Any fever?", "phrases": ["any fever"]}
    changed = [questions[1], {**questions[0], "critical": False}, extra]
    api("put", "/rubrics/ankle_v1", document(key_questions=changed))
    diff = api("get", "/rubrics/ankle_v1/diff?from=1.0.0&to=1.0.1").json()
    assert {change["text"] for change in diff["changes"]} == {
        "Version 1.0.0 → 1.0.1",
        "Question “Could you walk on it afterwards?” is no longer critical",
        "Question “Any fever?” added",
        "Questions reordered: allergies, weight_bearing",
    }
    assert error(api("get", "/rubrics/ankle_v1/diff?from=1.0.0"), 400)


def test_validation_reports_every_check_and_stores_nothing(api: Api) -> None:
    report = api("post", "/qa/validate", {"rubric": document(weights={**document()["weights"], "summary": 0.9})}).json()
    assert report["passed"] is False
    failed = [check["name"] for check in report["checks"] if not check["passed"]]
    assert failed == ["weights_sum"]
    assert {"critical_questions", "unique_anchors", "summary_token_bounds", "no_duplicate_phrases",
            "patterns_compile", "penalties_readable", "elements_checkable"} <= {c["name"] for c in report["checks"]}  # fmt: skip
    assert not RubricVersion.objects.exists()
    assert error(api("post", "/qa/validate", {"rubric": {"rubric_id": "x"}}), 400)["fields"]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ('{"rubric_id": "a", "rubric_id": "b"}', "appears twice"),
        ('{"weights": NaN}', "NaN"),
        ('{"title": "a\\u0000b"}', "u0000"),
        ('{"n": ' + "9" * 5000 + "}", "thousands of digits"),
        ("[" * 50_000, "JSON"),
        ("\\xff", "JSON"),
        ('{"title": "' + "x" * 1_100_000 + '"}', "1024 KiB"),
        ('{"title": "\\ud800"}', "wrong shape"),
        ("[]", "JSON object"),
    ],
    ids=["duplicate key", "NaN", "NUL", "huge number", "deep", "no JSON", "too large", "lone surrogate", "list"],
)
def test_hostile_bodies_get_a_clear_refusal(api: Api, raw: str, says: str) -> None:
    response = api("post", "/rubrics", raw)
    assert response.status_code in {400, 413}
    assert says in response.json()["error"]["message"]


PATHS = [
    ("get", "/rubrics"),
    ("post", "/rubrics"),
    ("get", "/rubrics/ankle_v1"),
    ("put", "/rubrics/ankle_v1"),
    ("patch", "/rubrics/ankle_v1"),
    ("delete", "/rubrics/ankle_v1"),
    ("get", "/rubrics/ankle_v1/versions"),
    ("get", "/rubrics/ankle_v1/diff?from=1.0.0&to=1.0.0"),
    ("post", "/rubrics/ankle_v1/approve"),
    ("post", "/rubrics/ankle_v1/archive"),
    ("get", "/rubrics/ankle_v1/export"),
    ("post", "/rubrics/import"),
    ("post", "/rubrics/from-template"),
    ("put", "/rubrics/ankle_v1/draft"),
    ("post", "/rubrics/ankle_v1/copy"),
    ("post", "/rubrics/ankle_v1/roll-back"),
    ("post", "/qa/validate"),
    ("post", "/edit/parse"),
    ("post", "/edit/preview"),
]
READING = {"get /rubrics", "get /rubrics/ankle_v1", "get /rubrics/ankle_v1/versions", "get /rubrics/ankle_v1/diff", "get /rubrics/ankle_v1/export",
           "post /qa/validate", "post /edit/parse", "post /edit/preview"}  # fmt: skip
APPROVING = {"post /rubrics/ankle_v1/approve", "post /rubrics/ankle_v1/archive"}


def allowed(client: Client) -> set[str]:
    """Every operation that is not answered by 401 or 403."""
    found = set()
    for method, path in PATHS:
        response = client.generic(method.upper(), f"/api{path}", "{}", JSON)
        if response.status_code not in {401, 403}:
            found.add(f"{method} {path.split('?')[0]}")
    return found


def test_who_may_do_what_with_rubrics(client: Client) -> None:
    approved_rubric()
    cast: Cast = make_cast()
    everything = {f"{method} {path.split('?')[0]}" for method, path in PATHS}
    assert allowed(client) == set()
    for person, expected in (
        (cast.student, set()),
        (cast.owner, everything - APPROVING),
        (cast.coordinator, everything),
    ):
        client.force_login(person)
        assert allowed(client) == expected, person.username


@pytest.mark.parametrize(
    ("scope", "expected"),
    [(Scope.READ, READING), (Scope.GRADE, set()), (Scope.ADMIN, APPROVING)],
    ids=["read", "grade", "admin"],
)
def test_a_key_does_with_rubrics_what_its_scope_says(scope: Scope, expected: set[str]) -> None:
    approved_rubric()
    assert allowed(Client(headers={"X-API-Key": key(scope)})) == expected


def test_the_same_idempotency_key_stores_a_rubric_once(api: Api) -> None:
    again = {"Idempotency-Key": "retry-1"}
    first, second = (api("post", "/rubrics", document(), **again) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert RubricVersion.objects.count() == 1
    assert error(api("post", "/rubrics", document(version="2.0.0"), **again), 422)["code"] == "idempotency_key_reused"


def test_approving_and_archiving_again_with_the_same_key_answer_as_before(api: Api) -> None:
    api("post", "/rubrics", document())
    for act in ("approve", "archive"):
        again = {"Idempotency-Key": "one-key-two-acts"}
        first, second = (api("post", f"/rubrics/ankle_v1/{act}?version=1.0.0", {}, **again) for _ in range(2))
        assert (first.status_code, second.status_code) == (200, 200)
        assert first.json() == second.json()
    assert error(api("post", "/rubrics/ankle_v1/archive?version=1.0.0", {}), 409)


def test_a_refusal_is_not_remembered_under_its_key(api: Api) -> None:
    again = {"Idempotency-Key": "retry-1"}
    assert error(api("post", "/rubrics/ankle_v1/approve", {}, **again), 404)
    api("post", "/rubrics", document())
    assert api("post", "/rubrics/ankle_v1/approve", {}, **again).status_code == 200


def test_keys_of_long_ago_are_forgotten(api: Api) -> None:
    api("post", "/rubrics", document(), **{"Idempotency-Key": "retry-1"})
    assert retried_requests_forget(before=timezone.now() - KEPT) == 0
    assert retried_requests_forget(before=timezone.now()) == 1
    assert error(api("post", "/rubrics", document(), **{"Idempotency-Key": "retry-1"}), 409)["code"] == "version_exists"


def test_lists_are_cut_by_cursors_that_lead_through_every_row_and_back(api: Api) -> None:
    for rubric_id, version in (("a", "1.0.0"), ("a", "1.10.0"), ("a", "1.9.0"), ("b", "1.0.0"), ("c", "1.0.0")):
        api("post", "/rubrics", document(rubric_id=rubric_id, version=version))
    pages, address = [], "/rubrics?page_size=2"
    while address:
        page = api("get", address).json()
        pages.append([(row["rubric_id"], row["version"]) for row in page["results"]])
        address = (page["next"] or "").removeprefix("http://testserver/api")
    assert pages == [[("a", "1.10.0"), ("a", "1.9.0")], [("a", "1.0.0"), ("b", "1.0.0")], [("c", "1.0.0")]]
    back = api("get", page["previous"].removeprefix("http://testserver/api")).json()
    assert [(row["rubric_id"], row["version"]) for row in back["results"]] == pages[1]
    assert back["next"]


def test_a_row_stored_meanwhile_neither_repeats_nor_hides_another(api: Api) -> None:
    for rubric_id in "bcd":
        api("post", "/rubrics", document(rubric_id=rubric_id))
    first = api("get", "/rubrics?page_size=2").json()
    api("post", "/rubrics", document(rubric_id="a"))
    second = api("get", first["next"].removeprefix("http://testserver/api")).json()
    assert [row["rubric_id"] for row in first["results"] + second["results"]] == ["b", "c", "d"]


def test_lists_are_ordered_filtered_and_cut_to_the_fields_asked_for(api: Api) -> None:
    for rubric_id, title in (("a", "Cough"), ("b", "Ankle"), ("c", "Back")):
        api("post", "/rubrics", document(rubric_id=rubric_id, title=title))
    rows = api("get", "/rubrics?ordering=-title&fields=title,version").json()["results"]
    assert rows == [{"version": "1.0.0", "title": title} for title in ("Cough", "Back", "Ankle")]
    assert [row["rubric_id"] for row in api("get", "/rubrics?title=ANK").json()["results"]] == ["b"]


@pytest.mark.parametrize(
    "query",
    ["page_size=0", "page_size=201", "page_size=x", "cursor=nonsense", "cursor=WyJuIl0", "ordering=secret", "fields=nope",
     "titel=x", "status=new", "title=%00", "title=a&title=b", "fields="],
)  # fmt: skip
def test_a_parameter_that_cannot_be_honoured_is_refused_and_named(api: Api, query: str) -> None:
    assert error(api("get", f"/rubrics?{query}"), 400)["fields"][0]["field"] == query.split("=", maxsplit=1)[0]
