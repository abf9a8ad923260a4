"""Decisions over HTTP: who may, what is answered, what is refused."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from grader.models import Scope, User
from scoring.models import Assessment, Grading, ReviewDecision
from tests.cast import Cast, approved_rubric, assessment_of, key, make_cast
from tests.scoring.review.test_decision_record import graded

pytestmark = pytest.mark.django_db

ASKED = "question:weight_bearing"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    return assessment_of(cast, approved_rubric())


@pytest.fixture
def grading(assessment: Assessment) -> Grading:
    return graded(assessment)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def body(**parts: Any) -> dict[str, Any]:
    return {
        "item": ASKED, "action": "override", "verdict": "missed", "reason": "Not asked.", "client_token": str(uuid4()),
        **parts,
    }  # fmt: skip


def post(client: Client, grading: Grading, sent: dict[str, Any], status: int) -> dict[str, Any]:
    response = client.post(f"/api/gradings/{grading.pk}/decisions", sent, content_type="application/json")
    assert response.status_code == status, response.content
    answer: dict[str, Any] = response.json()
    return answer


def get(client: Client, path: str) -> dict[str, Any]:
    response = client.get(path)
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize("who", ["owner", "colleague", "coordinator"])
def test_whoever_grades_the_assessment_decides(cast: Cast, grading: Grading, who: str) -> None:
    answer = post(signed_in(getattr(cast, who)), grading, body(), 201)
    assert (answer["decision"]["by"], answer["decision"]["sequence"]) == (who, 1)
    assert answer["final"]["component_scores"]["key_questions"] == 0.3333


@pytest.mark.parametrize("who", ["outsider", "student", "other_student"])
def test_others_neither_read_nor_decide(cast: Cast, grading: Grading, who: str) -> None:
    client = signed_in(getattr(cast, who))
    assert client.get(f"/api/gradings/{grading.pk}/decisions").status_code in (403, 404)
    refused = client.post(f"/api/gradings/{grading.pk}/decisions", body(), content_type="application/json")
    assert refused.status_code in (403, 404)
    assert not ReviewDecision.objects.exists()


def test_a_key_reads_and_does_not_decide(grading: Grading) -> None:
    client = Client(headers={"X-API-Key": key(Scope.ADMIN, Scope.READ, Scope.GRADE)})
    assert get(client, f"/api/gradings/{grading.pk}/decisions")["decisions"] == []
    assert post(client, grading, body(), 403)["error"]["code"] == "forbidden"


def test_the_grading_carries_the_final_score_beside_the_machine_s(cast: Cast, grading: Grading) -> None:
    client = signed_in(cast.owner)
    assert "final" not in get(client, f"/api/gradings/{grading.pk}")
    post(client, grading, body(), 201)
    answer = get(client, f"/api/gradings/{grading.pk}")
    assert answer["overall_score"] == float(grading.overall_score)
    assert answer["final"]["overall_score"] == pytest.approx(float(grading.overall_score) - 0.2667, abs=1e-9)
    assert answer["final"].keys() >= {"overall_score", "component_scores", "by", "at"}


def test_decisions_do_not_touch_the_digest(cast: Cast, grading: Grading) -> None:
    client = signed_in(cast.owner)
    post(client, grading, body(), 201)
    verified = client.post(f"/api/gradings/{grading.pk}/verify")
    assert verified.json()["match"] is True


def test_the_history_is_answered_whole_with_what_every_item_counts_for(cast: Cast, grading: Grading) -> None:
    client = signed_in(cast.owner)
    post(client, grading, body(), 201)
    post(client, grading, body(action="not_applicable", verdict=None, reason="", seen=1), 201)
    post(client, grading, body(item="grading", action="rate", verdict=None, reason="", rating="pass"), 201)
    answer = get(client, f"/api/gradings/{grading.pk}/decisions")
    assert [row["action"] for row in answer["decisions"]] == ["override", "not_applicable", "rate"]
    assert answer["final"]["global_rating"] == "pass"
    (item,) = [row for row in answer["items"] if row["item"] == ASKED]
    assert (item["machine"], item["final"], item["applicable"]) == (True, None, False)


def test_the_same_token_again_answers_the_same_decision(cast: Cast, grading: Grading) -> None:
    client, sent = signed_in(cast.owner), body()
    first, again = post(client, grading, sent, 201), post(client, grading, sent, 200)
    assert first["decision"] == again["decision"]


def test_evidence_is_answered_as_it_was_verified(cast: Cast, grading: Grading) -> None:
    quote = "could you walk on it"
    start = grading.submission.oral_transcript.index(quote)
    evidence = {"source": "oral", "start": start, "end": start + len(quote), "quote": quote}
    answer = post(signed_in(cast.owner), grading, body(evidence=evidence), 201)
    assert answer["decision"]["evidence"] == {**evidence, "turn": 5}


REFUSALS = [
    ({"action": "guess"}, 400, "malformed"),
    ({"client_token": "7"}, 400, "malformed"),
    ({"seen": -1}, 400, "malformed"),
    ({"item": "question:nobody"}, 400, "malformed"),
    ({"reason": ""}, 400, "malformed"),
    ({"surprise": 1}, 400, "malformed"),
    ({"evidence": {"source": "oral", "start": 5, "end": 3, "quote": "xx"}}, 422, "citation_rejected"),
    ({"action": "withdraw", "verdict": None, "reason": ""}, 409, "nothing_to_undo"),
]


@pytest.mark.parametrize(("change", "status", "code"), REFUSALS, ids=[f"{row[2]} {list(row[0])}" for row in REFUSALS])
def test_a_refusal_has_its_status_and_code(
    cast: Cast, grading: Grading, change: dict[str, Any], status: int, code: str
) -> None:
    assert post(signed_in(cast.owner), grading, body(**change), status)["error"]["code"] == code


def test_a_conflict_is_refused_with_who_and_when(cast: Cast, grading: Grading) -> None:
    post(signed_in(cast.colleague), grading, body(), 201)
    error = post(signed_in(cast.owner), grading, body(), 412)["error"]
    assert error["code"] == "decision_conflict"
    assert "colleague decided about this item at" in error["message"]


def test_the_schema_describes_both(client: Client) -> None:
    schema = client.get("/api/schema/").content.decode()
    assert "grading_decisions" in schema
    assert "grading_decide" in schema
