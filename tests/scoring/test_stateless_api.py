"""The parts of the pipeline over HTTP: each alone, nothing stored."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from scoring.models import Submission
from tests.cast import TRANSCRIPT, key

pytestmark = pytest.mark.django_db

QUESTIONS = [
    {"id": "headache", "anchor": "#Q.headache", "label": "Any headache?", "phrases": ["any headache"]},
    {
        "id": "stroke",
        "anchor": "#Q.stroke",
        "label": "Have you had a stroke before?",
        "phrases": ["have you had a stroke"],
    },
]


@pytest.fixture
def post(client: Client) -> Any:
    headers = {"X-API-Key": key()}

    def send(path: str, body: Any, status: int = 200) -> Any:
        response = client.post(f"/api{path}", json.dumps(body), content_type="application/json", headers=headers)
        assert response.status_code == status, response.content
        return response.json()

    return send


def spoken(*texts: str) -> list[dict[str, Any]]:
    return [{"speaker": "student", "text": text} for text in texts]


def test_parsing_shows_speakers_times_and_offsets_into_the_source(post: Any) -> None:
    answer = post("/transcripts/parse", {"content": TRANSCRIPT})
    third = answer["utterances"][2]
    assert (third["turn"], third["speaker"], third["timestamp_start"]) == (3, "student", 10.0)
    assert TRANSCRIPT[third["start"] : third["end"]] == third["text"]
    assert answer["dropped"] == []


@pytest.mark.parametrize("path", ["/transcripts/parse", "/transcripts/segment"])
def test_a_guess_who_the_student_is_and_what_was_dropped_are_told_and_a_speaker_map_corrects_it(
    post: Any, path: str
) -> None:
    content = "---\nSpeaker 1: I feel ill.\nSpeaker 2: What brings you in, and since when?\nSpeaker 1: Since Monday.\n"
    guessed = post(path, {"content": content})
    assert guessed["dropped"] == [{"line": 1, "text": "---", "reason": "a separator"}]
    assert guessed["speakers"] == [
        {"label": "Speaker 1", "speaker": "patient", "basis": "guess", "utterances": 2},
        {"label": "Speaker 2", "speaker": "student", "basis": "guess", "utterances": 1},
    ]
    assert "speakers_guessed" in {warning["code"] for warning in guessed["warnings"]}
    corrected = post(path, {"content": content, "speaker_map": {"Speaker 1": "student", "speaker_2": "patient"}})
    assert [(s["speaker"], s["basis"]) for s in corrected["speakers"]] == [
        ("student", "speaker_map"),
        ("patient", "speaker_map"),
    ]


def test_utterances_that_are_given_have_nothing_to_report(post: Any) -> None:
    answer = post("/transcripts/segment", {"utterances": [{"speaker": "Student", "text": "Any pain?"}]})
    assert (answer["warnings"], answer["dropped"], answer["speakers"]) == ([], [], [])


def test_segmenting_gives_one_label_per_utterance_of_a_transcript_or_a_list(post: Any) -> None:
    utterances = post("/transcripts/parse", {"content": TRANSCRIPT})["utterances"]
    by_text = post("/transcripts/segment", {"content": TRANSCRIPT})
    by_list = post("/transcripts/segment", {"utterances": utterances})
    assert all(by_text[name] == by_list[name] for name in ("sections", "detected_order", "labels"))
    assert len(by_list["labels"]) == len(utterances)
    assert by_list["labels"][0] == "CC"
    assert by_list["detected_order"][-1] == "SUMMARY"
    post("/transcripts/segment", {}, 400)
    post("/transcripts/segment", {"content": TRANSCRIPT, "utterances": utterances}, 400)


@pytest.mark.parametrize("name", ["utterances", "student_utterances"])
def test_matching_names_the_utterance_that_asked(post: Any, name: str) -> None:
    rows = spoken("Hello there.", "Any headache, vision changes, or difficulty speaking?")
    answer = post("/match/questions", {"rubric_questions": QUESTIONS, name: rows})
    (match,) = answer["matches"]
    assert (match["question_id"], match["question_anchor"]) == ("headache", "#Q.headache")
    assert match["matched_utterance"] == {**rows[1], "turn": 2}
    assert match["matching_phrase"] in {"any headache", "Any headache?"}
    assert 0 < match["confidence"] <= 1
    assert [row["question_id"] for row in answer["unmatched_questions"]] == ["stroke"]


def test_a_stroke_in_the_family_is_not_the_patients_own(post: Any) -> None:
    rows = spoken("Does anyone in your family have a history of stroke?")
    rows.append({"speaker": "patient", "text": "No."})
    assert post("/match/questions", {"rubric_questions": QUESTIONS, "utterances": rows})["matches"] == []


def test_the_threshold_of_the_request_overrides_the_engines(post: Any) -> None:
    rows = [*spoken("Any headache?"), {"speaker": "patient", "text": "No."}]
    body = {"rubric_questions": QUESTIONS, "utterances": rows}
    (match,) = post("/match/questions", body)["matches"]
    confidence = match["confidence"]
    assert post("/match/questions", {**body, "matching_threshold": confidence})["matches"]
    assert not post("/match/questions", {**body, "matching_threshold": round(confidence + 0.0001, 4)})["matches"]


def test_a_threshold_of_0_credits_nothing_that_was_not_said(post: Any) -> None:
    rows = spoken("Any headache?")
    body = {"rubric_questions": QUESTIONS, "utterances": rows, "matching_threshold": 0}
    assert [match["question_id"] for match in post("/match/questions", body)["matches"]] == ["headache"]


def test_the_worked_example_gives_its_overall_score(post: Any) -> None:
    answer = post(
        "/score/compute",
        {
            "weights": {"structure": 0.2, "key_questions": 0.4, "reasoning": 0.25, "summary": 0.15},
            "component_scores": {"structure": 0.65, "key_questions": 0.8, "reasoning": 0.5, "summary": 0.75},
        },
    )
    assert answer["overall_score"] == 0.6875
    assert answer["score_breakdown"]["summary"] == {"score": 0.75, "weight": 0.15, "contribution": 0.1125}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/transcripts/parse", {"content": ""}, 400),
        ("/transcripts/parse", {"content": "Student: hi", "format": "docx"}, 400),
        ("/transcripts/parse", {"contents": "Student: hi"}, 400),
        ("/transcripts/parse", {"content": "\x00\x01\x02\x03PNG"}, 415),
        ("/transcripts/segment", {"utterances": [{"text": "hi"}]}, 400),
        ("/transcripts/segment", {"utterances": [{"speaker": "student", "text": "hi", "timestamp_start": {}}]}, 400),
        ("/match/questions", {"rubric_questions": [], "utterances": []}, 200),
        ("/match/questions", {"rubric_questions": QUESTIONS}, 400),
        ("/match/questions", {"rubric_questions": [QUESTIONS[0]] * 2, "utterances": []}, 422),
        ("/match/questions", {"rubric_questions": QUESTIONS, "utterances": [], "matching_threshold": 2}, 400),
        ("/score/compute", {"weights": {"structure": 2}, "component_scores": {}}, 400),
        ("/score/compute", [], 400),
    ],
    ids=lambda value: json.dumps(value)[:50],
)
def test_bad_bodies_are_refused(post: Any, path: str, body: Any, status: int) -> None:
    post(path, body, status)
    assert not Submission.objects.exists()


@pytest.mark.parametrize("score", [2, "3/2", "half", None], ids=json.dumps)
def test_a_score_that_is_none_is_named_once_and_in_the_callers_words(post: Any, score: Any) -> None:
    names = ("structure", "key_questions", "reasoning", "summary")
    body = {"weights": dict.fromkeys(names, 0.25), "component_scores": {**dict.fromkeys(names, 0.5), "summary": score}}
    fields = post("/score/compute", body, 400)["error"]["fields"]
    assert [field["field"] for field in fields] == ["component_scores.summary"]
