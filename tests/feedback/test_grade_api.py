"""POST /api/grade, GET /api/gradings/{id} and …/verify: what is answered, what is refused, who sees what."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from grader.models import ApiKey, Scope
from rubrics.domain.canonical import canonical_sha256
from rubrics.domain.document import rubric_from_mapping
from rubrics.services import rubric_version_create
from scoring.domain.engine import ENGINE_VERSION
from scoring.domain.result import stored_digest
from scoring.models import Grading, IdempotencyKey, Submission
from tests.builders import document
from tests.cast import TRANSCRIPT, Cast, approved_rubric, assessment_of, key, make_cast

pytestmark = pytest.mark.django_db

BODY = {"rubric_id": "ankle_v1", "student_id": "S-1", "submission": {"oral_transcript": TRANSCRIPT}}


@pytest.fixture(autouse=True)
def _rubric() -> None:
    approved_rubric()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def post(client: Client, body: Any, path: str = "/api/grade", **headers: str) -> Any:
    headers = headers or {"X-API-Key": key()}
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(path, data=data, content_type="application/json", headers=headers)


def changed(**submission: Any) -> dict[str, Any]:
    return {**BODY, "submission": {**BODY["submission"], **submission}}  # type: ignore[dict-item]


def error_of(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    (body,) = response.json().values()
    assert set(body) == {"code", "message", "fields", "request_id"}
    assert body["request_id"] == response.headers["X-Request-ID"]
    return dict(body)


def test_a_grading_has_everything_the_contract_names(client: Client) -> None:
    response = post(client, BODY)
    assert response.status_code == 201
    answer = response.json()
    assert set(answer) == {
        "grading_id", "rubric_id", "rubric_version", "student_id", "timestamp", "style", "overall_score",
        "component_scores", "score_breakdown", "feedback", "detailed_results", "warnings", "fingerprint",
    }  # fmt: skip
    assert answer["rubric_version"] == "1.0.0"
    assert set(answer["fingerprint"]) == {
        "transcript_sha256", "inputs_sha256", "rubric_version", "rubric_sha256", "engine_version", "digest",
    }  # fmt: skip
    assert isinstance(answer["overall_score"], float)
    for name, part in answer["score_breakdown"].items():
        assert part["score"] == answer["component_scores"][name]
    assert set(answer["feedback"]) == {"overall_summary", "overall_citations", "sections"}


def test_every_item_is_cited_once_and_every_quotation_is_verbatim(client: Client) -> None:
    feedback = post(client, BODY).json()["feedback"]
    items = [item for section in feedback["sections"] for item in section["items"]]
    assert {section["category"] for section in feedback["sections"]} == {
        "structure", "key_questions", "reasoning", "summary", "communication",
    }  # fmt: skip
    assert len({item["text"] for item in items}) == len(items)
    for item in items:
        assert item["citations"]["rubric"]
        for uri in item["citations"]["rubric"] + item["citations"]["student"]:
            assert uri.count("#") == 1
        for quote in item["evidence"]:
            assert TRANSCRIPT[quote["start"] : quote["end"]] == quote["quote"]


def test_what_the_student_asked_is_credited_where_it_was_said(client: Client) -> None:
    questions = {q["id"]: q for q in post(client, BODY).json()["detailed_results"]["key_questions"]["questions"]}
    assert questions["weight_bearing"]["asked"]
    assert "walk on it" in questions["weight_bearing"]["evidence"][0]["quote"]
    assert questions["weight_bearing"]["citations"]["student"] == ["student://oral#00:17–00:20"]


def test_the_digest_can_be_recomputed_from_the_answer_alone(client: Client) -> None:
    answer = post(client, BODY).json()
    outside = ("grading_id", "student_id", "timestamp", "style", "feedback")
    result = {name: value for name, value in answer.items() if name not in outside}
    assert stored_digest(result) == answer["fingerprint"]["digest"]
    assert answer["fingerprint"]["inputs_sha256"] == canonical_sha256(
        {"text": TRANSCRIPT, "summary_text": None, "format": None, "speaker_map": {}}
    )


@pytest.mark.parametrize("style", ["constructive", "detailed", "concise"])
def test_the_style_changes_words_and_not_points(client: Client, style: str) -> None:
    plain, styled = post(client, BODY).json(), post(client, {**BODY, "style": style}).json()
    assert styled["fingerprint"]["digest"] == plain["fingerprint"]["digest"]
    assert (styled["feedback"] == plain["feedback"]) == (style == "constructive")


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (changed(oral_transcript=""), 400, "empty"),
        (changed(oral_transcript="  \n\n "), 400, "empty"),
        (changed(oral_transcript="\x00\x01\x02PNG"), 415, "binary"),
        (changed(oral_transcript="Patient: My head hurts.\nPatient: A lot."), 422, "no lines by a student"),
        (changed(oral_transcript="Student: hello. " * 100_000), 413, "1024 KiB"),
        (changed(format="docx"), 400, "format"),
        (changed(summary_txt="typo"), 400, "Unknown field"),
        (changed(oral_transcript=7 * [1]), 400, "oral_transcript"),
        ({**BODY, "style": "sarcastic"}, 400, "style"),
        ({**BODY, "rubric_id": "ankle"}, 404, "no rubric ankle"),
        ({**BODY, "rubric_version": "9.9.9"}, 404, "9.9.9"),
        ({**BODY, "rubric_version": "latest"}, 400, "three numbers"),
        ({**BODY, "assessment": 12345}, 404, "assessment 12345"),
        ({"rubric_id": "ankle_v1"}, 400, "required"),
        ([1, 2, 3], 400, ""),
        ('{"rubric_id": ', 400, "JSON"),
        (b'{"rubric_id": "\xff"}', 400, ""),
        ({**BODY, "student_id": "\ud800"}, 400, "student_id"),
        ({**BODY, "student_id": " "}, 400, "student_id"),
    ],
    ids=[
        "empty", "blank", "binary", "no student", "too large", "unknown format", "unknown field", "wrong type",
        "unknown style", "prefix of a rubric", "unknown version", "version word", "unknown assessment", "missing fields",
        "list", "broken JSON", "bad encoding", "lone surrogate", "blank student",
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_what_to_do_and_stores_nothing(
    client: Client, body: Any, status: int, says: str
) -> None:
    assert says in error_of(post(client, body), status)["message"]
    assert not Submission.objects.exists()
    assert not Grading.objects.exists()


def test_a_rubric_that_nobody_approved_does_not_grade(client: Client) -> None:
    draft = rubric_from_mapping(document(rubric_id="draft_v1"))
    rubric_version_create(document=draft, author_id=None, at=timezone.now())
    for body in ({**BODY, "rubric_id": "draft_v1"}, {**BODY, "rubric_id": "draft_v1", "rubric_version": "1.0.0"}):
        assert "approve" in error_of(post(client, body), 409)["message"].lower()
    assert not Grading.objects.exists()


def test_the_latest_approved_version_grades_unless_another_is_named(client: Client) -> None:
    approved_rubric(version="1.10.0")
    approved_rubric(version="1.9.0")
    assert post(client, BODY).json()["rubric_version"] == "1.10.0"
    assert post(client, {**BODY, "rubric_version": "1.9.0"}).json()["rubric_version"] == "1.9.0"


def test_without_a_key_or_a_session_the_answer_is_401(client: Client) -> None:
    response = client.post("/api/grade", data=BODY, content_type="application/json")
    assert error_of(response, 401)["code"] == "not_authenticated"


def test_a_wrong_revoked_or_expired_key_is_refused_alike(client: Client) -> None:
    revoked, expired = key(), key()
    ApiKey.objects.filter(prefix=revoked.split(".")[0]).update(revoked=True)
    ApiKey.objects.filter(prefix=expired.split(".")[0]).update(expiry_date=timezone.now())
    half = key().split(".")[0] + ".guess"
    for given in ("nonsense", "", revoked, expired, half, "a.b"):
        assert error_of(post(client, BODY, **{"X-API-Key": given}), 403)["message"] == "Invalid API key"
    assert not Grading.objects.exists()


def test_a_key_does_what_its_scopes_say(client: Client) -> None:
    reader = key(Scope.READ)
    assert error_of(post(client, BODY, **{"X-API-Key": reader}), 403)["code"] == "forbidden"
    grader = key(Scope.GRADE)
    made = post(client, BODY, **{"X-API-Key": grader}).json()["grading_id"]
    assert error_of(client.get(f"/api/gradings/{made}", headers={"X-API-Key": grader}), 403)


def test_paths_answer_with_and_without_a_trailing_slash(client: Client) -> None:
    given = {"X-API-Key": key()}
    made = post(client, BODY, "/api/grade/", **given).json()["grading_id"]
    for path in (f"/api/gradings/{made}", f"/api/gradings/{made}/", "/api/gradings", "/api/gradings/"):
        assert client.get(path, headers=given).status_code == 200


def test_the_same_idempotency_key_and_body_give_the_same_grading(client: Client) -> None:
    given = {"X-API-Key": key(), "Idempotency-Key": "retry-1"}
    first, second = post(client, BODY, **given), post(client, BODY, **given)
    assert first.json() == second.json()
    assert (Grading.objects.count(), IdempotencyKey.objects.count()) == (1, 1)


def test_an_idempotency_key_with_another_body_is_refused(client: Client) -> None:
    given = {"X-API-Key": key(), "Idempotency-Key": "retry-1"}
    post(client, BODY, **given)
    assert error_of(post(client, {**BODY, "student_id": "S-2"}, **given), 422)["code"] == "idempotency_key_reused"
    assert Grading.objects.count() == 1


def test_one_callers_idempotency_key_is_not_anothers(client: Client) -> None:
    ids = {post(client, BODY, **{"X-API-Key": key(), "Idempotency-Key": "x"}).json()["grading_id"] for _ in range(2)}
    assert len(ids) == 2


def test_verifying_matches_and_stores_nothing(client: Client) -> None:
    given = {"X-API-Key": key()}
    made = post(client, BODY, **given).json()
    verdict = post(client, {}, f"/api/gradings/{made['grading_id']}/verify", **given).json()
    digest = made["fingerprint"]["digest"]
    assert verdict == {
        "match": True, "stored_digest": digest, "recomputed_digest": digest, "engine_version": ENGINE_VERSION,
    }  # fmt: skip
    assert Grading.objects.count() == 1


@pytest.mark.parametrize(
    ("column", "value", "match"),
    [
        ("result", "jsonb_set(result, '{overall_score}', '0.9999')", False),
        ("digest", "repeat('0', 64)", False),
        ("engine_version", "'0.0.1'", None),
    ],
    ids=["altered result", "altered digest", "another engine"],
)
def test_verifying_tells_an_altered_grading_from_one_of_another_engine(
    client: Client, column: str, value: str, match: bool | None
) -> None:
    given = {"X-API-Key": key()}
    made = post(client, BODY, **given).json()["grading_id"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE scoring_grading DISABLE TRIGGER gradings_are_immutable")
        cursor.execute(f"UPDATE scoring_grading SET {column} = {value}")
        cursor.execute("ALTER TABLE scoring_grading ENABLE TRIGGER gradings_are_immutable")
    assert post(client, {}, f"/api/gradings/{made}/verify", **given).json()["match"] is match


OURS = [{"term": "allergies", "synonyms": ["the jitterbugs"]}]
JITTERBUGS = "Student: Any trouble with the jitterbugs?\nPatient: No."


def allergies_asked(client: Client, version: str = "1.0.0") -> tuple[bool, dict[str, Any]]:
    body = {**changed(oral_transcript=JITTERBUGS), "rubric_version": version}
    made = post(client, body).json()
    questions = made["detailed_results"]["key_questions"]["questions"]
    return next(entry["asked"] for entry in questions if entry["id"] == "allergies"), made


def test_a_rubric_s_own_words_are_graded_by_and_identify_it(client: Client) -> None:
    approved_rubric(version="1.1.0", vocabulary=OURS)
    (plain, before), (own, after) = allergies_asked(client), allergies_asked(client, "1.1.0")
    assert (plain, own) == (False, True)
    assert before["fingerprint"]["rubric_sha256"] != after["fingerprint"]["rubric_sha256"]


def test_a_school_s_words_are_graded_by_and_are_another_engine(client: Client, settings: Any) -> None:
    _, before = allergies_asked(client)
    settings.SCHOOL_VOCABULARY = (("allergies", ("the jitterbugs",)),)
    asked, after = allergies_asked(client)
    assert asked
    assert after["fingerprint"]["engine_version"].startswith(f"{ENGINE_VERSION}+school.")
    given = {"X-API-Key": key()}
    assert post(client, {}, f"/api/gradings/{after['grading_id']}/verify", **given).json()["match"] is True
    assert post(client, {}, f"/api/gradings/{before['grading_id']}/verify", **given).json()["match"] is None


def test_who_sees_a_grading(client: Client, cast: Cast) -> None:
    assessment = assessment_of(cast, Grading.objects.none().first() or approved_rubric(version="2.0.0"))
    client.force_login(cast.owner)
    body = {**BODY, "rubric_version": "2.0.0", "assessment": assessment.pk}
    made = client.post("/api/grade", data=body, content_type="application/json").json()["grading_id"]
    seen = {
        name: _status_for(client, getattr(cast, name), made)
        for name in ("owner", "colleague", "outsider", "coordinator", "student", "other_student")
    }
    assert seen == {
        "owner": 200, "colleague": 200, "outsider": 404, "coordinator": 200, "student": 403, "other_student": 403,
    }  # fmt: skip
    assert client.get(f"/api/gradings/{made}", headers={"X-API-Key": key(Scope.READ)}).status_code == 404
    assert client.get(f"/api/gradings/{made}", headers={"X-API-Key": key(Scope.READ, Scope.ADMIN)}).status_code == 200


def _status_for(client: Client, person: Any, grading_id: str) -> int:
    client.force_login(person)
    status = client.get(f"/api/gradings/{grading_id}").status_code
    client.logout()
    return int(status)


def test_without_an_assessment_only_its_key_and_coordinators_see_a_grading(client: Client, cast: Cast) -> None:
    mine = key(Scope.GRADE, Scope.READ)
    made = post(client, BODY, **{"X-API-Key": mine}).json()["grading_id"]
    assert client.get(f"/api/gradings/{made}", headers={"X-API-Key": mine}).status_code == 200
    assert client.get(f"/api/gradings/{made}", headers={"X-API-Key": key(Scope.READ)}).status_code == 404
    assert _status_for(client, cast.owner, made) == 404
    assert _status_for(client, cast.coordinator, made) == 200


def test_absent_and_not_yours_answer_alike(client: Client) -> None:
    made = post(client, BODY).json()["grading_id"]
    stranger = {"X-API-Key": key(Scope.READ)}
    absent = error_of(client.get(f"/api/gradings/{uuid.uuid4()}", headers=stranger), 404)
    foreign = error_of(client.get(f"/api/gradings/{made}", headers=stranger), 404)
    assert absent["message"] == foreign["message"]


def test_a_grader_cannot_put_gradings_into_anothers_assessment(client: Client, cast: Cast) -> None:
    assessment = assessment_of(cast, approved_rubric(version="2.0.0"))
    client.force_login(cast.outsider)
    response = client.post("/api/grade", data={**BODY, "assessment": assessment.pk}, content_type="application/json")
    assert error_of(response, 404)
    assert not Grading.objects.exists()


def test_an_assessment_is_graded_by_its_own_rubric_version(client: Client, cast: Cast) -> None:
    assessment = assessment_of(cast, approved_rubric(version="2.0.0"))
    client.force_login(cast.owner)
    body = {**BODY, "rubric_version": "1.0.0", "assessment": assessment.pk}
    assert error_of(client.post("/api/grade", data=body, content_type="application/json"), 409)


def test_the_list_shows_the_callers_gradings_newest_first(client: Client) -> None:
    given = {"X-API-Key": key(Scope.GRADE, Scope.READ)}
    made = [post(client, {**BODY, "student_id": f"S-{n}"}, **given).json()["grading_id"] for n in range(3)]
    post(client, BODY)
    listed = client.get("/api/gradings/", headers=given).json()
    assert [row["grading_id"] for row in listed["results"]] == made[::-1]


def test_the_list_costs_the_same_queries_however_long(client: Client, django_assert_num_queries: Any) -> None:
    given = {"X-API-Key": key(Scope.GRADE, Scope.READ)}
    for n in range(5):
        post(client, {**BODY, "student_id": f"S-{n}"}, **given)
    client.get("/api/gradings/", headers=given)
    with django_assert_num_queries(2):
        assert len(client.get("/api/gradings/", headers=given).json()["results"]) == 5


def test_an_unknown_path_answers_in_the_one_shape(client: Client) -> None:
    error_of(client.get("/api/nothing-here"), 404)
    error_of(client.delete("/api/grade", headers={"X-API-Key": key()}), 405)
