"""A grade put together by hand from the stateless endpoints is the grade that /api/grade gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rubrics.domain.document import rubric_from_json
from rubrics.services import rubric_version_approve, rubric_version_create
from scoring.models import Grading
from tests.cast import key
from tests.test_golden import LIBRARY, SAMPLES, sample_id, sample_inputs

pytestmark = pytest.mark.django_db

Post = Callable[[str, Any], Any]

VTT = """\
WEBVTT

00:00:02.000 --> 00:00:05.500
<v Student>Hello, I&#39;m one of the students &amp; will ask you some questions.

00:00:05.600 --> 00:00:07.000
<v Student>What brings you in today?

00:00:08.000 --> 00:00:12.000
<v Patient>My arm went weak &lt;this morning&gt;.

00:00:13.000 --> 00:00:16.000
<v Student>When did it start? Any headache, or trouble speaking?
"""
WHISPER = json.dumps(
    {
        "segments": [
            {"start": 0.0, "end": 2.5, "text": ' What brings you in "today"?', "speaker": "Student"},
            {"start": 3.0, "end": 5.0, "text": " My arm\nwent weak.", "speaker": "Patient"},
            {"start": 6.0, "end": 8.0, "text": " When did it start?", "speaker": "Student"},
        ]
    }
)
UNTIMED = "Student: What brings you in?\nPatient: My arm.\nStudent: Any diabetes?\nNo, but high blood pressure.\n"


@pytest.fixture
def post(client: Client) -> Post:
    headers = {"X-API-Key": key()}

    def send(path: str, body: Any) -> Any:
        response = client.post(f"/api{path}", json.dumps(body), content_type="application/json", headers=headers)
        assert response.status_code in {200, 201}, response.content
        return response.json()

    return send


def approved(name: str) -> dict[str, Any]:
    raw = (LIBRARY / f"{name}.json").read_bytes()
    version = rubric_version_create(document=rubric_from_json(raw), author_id=None, at=timezone.now())
    rubric_version_approve(rubric_version=version, by="coordinator", at=timezone.now())
    return dict(json.loads(raw))


def composed(post: Post, rubric: dict[str, Any], text: str, summary: str | None, style: str) -> dict[str, Any]:
    """parse → segment → match → evaluate → compute → compose, each fed with the answers before it."""
    parsed = post("/transcripts/parse", {"content": text})
    utterances = parsed["utterances"]
    labels = post("/transcripts/segment", {"utterances": utterances})["labels"]
    policy = rubric["key_questions_policy"]
    found = post(
        "/match/questions",
        {
            "rubric_questions": rubric["key_questions"],
            "utterances": utterances,
            "matching_threshold": policy.get("matching_threshold"),
        },
    )
    spoken = {
        "rubric_id": rubric["rubric_id"],
        "utterances": utterances,
        "labels": labels,
        "source_text": text,
    }
    details = {
        "structure": post("/evaluate/structure", {**spoken, "rubric_structure": rubric["structure"]}),
        "key_questions": post(
            "/evaluate/key_questions",
            {
                **spoken,
                **found,
                "rubric_questions": rubric["key_questions"],
                "key_questions_policy": policy,
            },
        ),
        "reasoning": post(
            "/evaluate/reasoning", {**spoken, "rubric_reasoning": rubric["reasoning"], "summary_text": summary}
        ),
        "summary": post("/evaluate/summary", {**spoken, "rubric_summary": rubric["summary"], "summary_text": summary}),
        "communication": post(
            "/evaluate/communication", {**spoken, "rubric_communication": rubric.get("communication", {})}
        ),
    }
    exact = {name: detail["exact_score"] for name, detail in details.items()}
    overall = post("/score/compute", {"weights": rubric["weights"], "component_scores": exact})
    component_scores = {name: part["score"] for name, part in overall["score_breakdown"].items()}
    feedback = post(
        "/feedback/compose",
        {
            "rubric": rubric,
            "overall_score": overall["overall_score"],
            "component_scores": component_scores,
            "detailed_results": details,
            "source_text": text,
            "summary_text": summary,
            "style": style,
        },
    )
    assert feedback.pop("rejected") == []
    for detail in details.values():
        del detail["exact_score"]
    return {
        "overall_score": overall["overall_score"],
        "score_breakdown": overall["score_breakdown"],
        "component_scores": component_scores,
        "warnings": parsed["warnings"],
        "feedback": feedback,
        "detailed_results": details,
    }


def assert_the_same(post: Post, rubric: dict[str, Any], text: str, summary: str | None, style: str) -> None:
    by_hand = composed(post, rubric, text, summary, style)
    assert not Grading.objects.exists()
    submission = {"oral_transcript": text, "summary_text": summary}
    body = {"rubric_id": rubric["rubric_id"], "student_id": "S-1", "submission": submission, "style": style}
    graded = post("/grade", body)
    del graded["detailed_results"]["transcript"]
    assert by_hand == {name: graded[name] for name in by_hand}


@pytest.mark.parametrize("sample", SAMPLES, ids=sample_id)
def test_every_sample_interview_is_graded_the_same_by_hand(post: Post, sample: Path) -> None:
    inputs = sample_inputs(sample)
    rubric = approved(sample.parent.name)
    style = ("constructive", "detailed", "concise")[SAMPLES.index(sample) % 3]
    assert_the_same(post, rubric, inputs.oral_transcript, inputs.summary_text, style)


@pytest.mark.parametrize("text", [VTT, WHISPER, UNTIMED], ids=["entities in captions", "escapes in JSON", "no times"])
def test_quotations_keep_their_place_in_files_that_are_not_verbatim(post: Post, text: str) -> None:
    assert_the_same(post, approved("stroke_v1"), text, "A 60 year old with a weak arm.", "detailed")


def test_without_a_source_the_texts_joined_by_line_breaks_are_quoted(post: Post) -> None:
    rubric = approved("stroke_v1")
    rows = [{"speaker": "Student", "text": "What brings you in?"}, {"speaker": "Patient", "text": "My arm."}]
    answer = post("/evaluate/structure", {"utterances": rows, "rubric_structure": rubric["structure"]})
    source = "\n".join(row["text"] for row in rows)
    (run,) = answer["runs"]
    for quote in run["evidence"]:
        assert source[quote["start"] : quote["end"]] == quote["quote"]
    assert run["citations"]["rubric"] == ["rubric://rubric#R.structure"]


def test_composing_leaves_out_what_is_not_in_the_sources_and_says_so(post: Post) -> None:
    rubric = approved("stroke_v1")
    text = sample_inputs(SAMPLES[-1]).oral_transcript
    body = {"rubric_id": "stroke_v1", "student_id": "S-1", "submission": {"oral_transcript": text}}
    graded = post("/grade", body)
    given = {
        "rubric": rubric,
        **{name: graded[name] for name in ("overall_score", "component_scores", "detailed_results")},
        "source_text": text,
    }
    assert post("/feedback/compose", given)["rejected"] == []
    question = next(q for q in given["detailed_results"]["key_questions"]["questions"] if q["evidence"])
    question["evidence"][0]["quote"] = "I never said this"
    question["citations"]["rubric"] = ["rubric://stroke_v1#Q.invented"]
    answer = post("/feedback/compose", given)
    assert len(answer["rejected"]) == 1
    assert "I never said this" not in json.dumps(answer["sections"])


def test_a_posted_result_without_any_section_is_composed(post: Post) -> None:
    rubric = approved("stroke_v1")
    text = sample_inputs(SAMPLES[-1]).oral_transcript
    graded = post("/grade", {"rubric_id": "stroke_v1", "student_id": "S-1", "submission": {"oral_transcript": text}})
    given = {name: graded[name] for name in ("overall_score", "component_scores", "detailed_results")}
    given["detailed_results"]["structure"] |= {"expected_order": [], "runs": [], "violations": []}
    answer = post("/feedback/compose", {"rubric": rubric, **given, "source_text": text})
    assert answer["sections"][0] == {"category": "structure", "items": []}


def test_a_number_beyond_any_grading_is_refused(client: Client, post: Post) -> None:
    rubric = approved("stroke_v1")
    text = sample_inputs(SAMPLES[-1]).oral_transcript
    graded = post("/grade", {"rubric_id": "stroke_v1", "student_id": "S-1", "submission": {"oral_transcript": text}})
    given = {name: graded[name] for name in ("overall_score", "component_scores", "detailed_results")}
    for question in given["detailed_results"]["key_questions"]["questions"]:
        question["confidence"] = 1e300
    body = json.dumps({"rubric": rubric, **given, "source_text": text})
    headers = {"X-API-Key": key()}
    response = client.post("/api/feedback/compose", body, content_type="application/json", headers=headers)
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "inconsistent"
