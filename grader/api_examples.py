"""Examples of requests in the OpenAPI document, by operation. All are about one small rubric and one short interview,
so that one can be sent after the other; what an earlier answer holds is worked out by the engine itself.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rubrics.domain.document import rubric_from_mapping
from scoring.api.questions import MatchBody, matched_questions
from scoring.domain.pipeline import SubmissionInputs, grade
from scoring.school import school_engine

RUBRIC: dict[str, Any] = {
    "rubric_id": "ankle_v1",
    "version": "1.0.0",
    "title": "Ankle injury",
    "specialty": "Emergency medicine",
    "weights": {"structure": 0.2, "key_questions": 0.4, "reasoning": 0.25, "summary": 0.15, "communication": 0},
    "structure": {
        "anchor": "#R.structure",
        "expected_order": ["CC", "HPI", "PMH", "Summary"],
        "penalties": [
            {
                "id": "missing_summary",
                "anchor": "#R.structure.penalty.missing_summary",
                "description": "Missing summary section",
                "value": -0.3,
            }
        ],
    },
    "key_questions": [
        {
            "id": "weight_bearing",
            "anchor": "#Q.weight_bearing",
            "label": "Could you walk on it afterwards?",
            "critical": True,
            "phrases": ["could you walk on it", "able to bear weight"],
        },
        {
            "id": "allergies",
            "anchor": "#Q.allergies",
            "label": "Do you have any allergies?",
            "phrases": ["any allergies", "allergic to anything"],
        },
    ],
    "key_questions_policy": {"anchor": "#R.key_questions", "critical_weight": 2, "noncritical_weight": 1},
    "reasoning": {
        "anchor": "#R.reasoning",
        "major_gap_penalty": -0.25,
        "required_links": [
            {
                "id": "ottawa",
                "anchor": "#R.reason.ottawa",
                "description": "No weight bearing → radiograph",
                "pattern": r"\bweight.*\b(x-?ray|radiograph)",
                "major": True,
            }
        ],
    },
    "summary": {
        "anchor": "#R.summary",
        "max_tokens": 80,
        "required_elements": [
            {
                "id": "problem",
                "anchor": "#R.summary.req.problem",
                "description": "Age and problem",
                "pattern": r"\d+.year.old",
            }
        ],
    },
    "communication": {
        "anchor": "#R.communication",
        "rules": [
            {
                "id": "open",
                "anchor": "#C.open",
                "description": "Starts openly",
                "kind": "open_question_ratio",
                "min": 0.3,
            }
        ],
    },
}
TRANSCRIPT = """\
[00:02] Student: What brings you in today?
[00:06] Patient: I rolled my ankle at football.
[00:10] Student: Could you walk on it afterwards?
[00:14] Patient: Only a couple of steps.
"""
SUMMARY = "A 23-year-old who twisted the ankle and could not bear weight, so I would order an x-ray."
_SPOKEN = [
    {"speaker": "student", "text": "What brings you in today?"},
    {"speaker": "patient", "text": "I rolled my ankle at football."},
    {"speaker": "student", "text": "Could you walk on it afterwards?"},
    {"speaker": "patient", "text": "Only a couple of steps."},
]
_GRADE = {
    "rubric_id": "ankle_v1",
    "student_id": "S-017",
    "submission": {"oral_transcript": TRANSCRIPT, "summary_text": SUMMARY},
}
_SPOKEN_BODY = {"rubric_id": "ankle_v1", "utterances": _SPOKEN}


@lru_cache(maxsize=1)
def request_examples() -> dict[str, Any]:
    """The body of each operation that takes one, by operation id."""
    match = {"rubric_questions": RUBRIC["key_questions"], "utterances": _SPOKEN}
    graded = grade(rubric_from_mapping(RUBRIC), SubmissionInputs(TRANSCRIPT, SUMMARY), school_engine()).result.as_json()
    scores = {name: graded[name] for name in ("overall_score", "component_scores", "detailed_results")}
    weights, components = RUBRIC["weights"], scores["component_scores"]
    return {
        "grade": _GRADE,
        "batch_create": {"items": [_GRADE, {**_GRADE, "student_id": "S-018"}]},
        "transcript_parse": {"content": TRANSCRIPT},
        "transcript_segment": {"utterances": _SPOKEN},
        "questions_match": match,
        "evaluate_structure": {**_SPOKEN_BODY, "rubric_structure": RUBRIC["structure"]},
        "evaluate_key_questions": {
            **_SPOKEN_BODY,
            **matched_questions(MatchBody.model_validate(match)),
            "rubric_questions": RUBRIC["key_questions"],
            "key_questions_policy": RUBRIC["key_questions_policy"],
        },
        "evaluate_reasoning": {**_SPOKEN_BODY, "rubric_reasoning": RUBRIC["reasoning"], "summary_text": SUMMARY},
        "evaluate_summary": {**_SPOKEN_BODY, "rubric_summary": RUBRIC["summary"], "summary_text": SUMMARY},
        "evaluate_communication": {**_SPOKEN_BODY, "rubric_communication": RUBRIC["communication"]},
        "score_compute": {"weights": weights, "component_scores": components},
        "feedback_compose": {"rubric": RUBRIC, **scores, "source_text": TRANSCRIPT, "summary_text": SUMMARY},
        "rubric_create": RUBRIC,
        "rubric_replace": {**RUBRIC, "title": "Ankle injury, revised"},
        "rubric_patch": {"operations": [{"op": "replace", "path": "/title", "value": "Ankle injury, adults"}]},
        "rubric_approve": {"note": "Agreed by the station's examiners."},
        "qa_validate": {"rubric": RUBRIC},
        "edit_parse": {"rubric_id": "ankle_v1", "edit_request": "Rename the rubric to “Ankle injury, adults”"},
        "grading_decide": {
            "item": "question:allergies",
            "action": "accept",
            "client_token": "3f0c9a52-6c1e-4f6f-9d0a-0f0b7a1c2d3e",
        },
    }
