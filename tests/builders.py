"""Small rubrics and transcripts for tests; each names only what the test is about."""

from __future__ import annotations

from typing import Any

from rubrics.domain.document import RubricDocument, rubric_from_mapping
from scoring.domain.segmentation.section import Section
from scoring.domain.transcript.model import Fragment, SourceSpan, Speaker, Utterance

ORDER = ["CC", "HPI", "ROS", "PMH", "SH", "FH", "Summary"]


def document(**changes: Any) -> dict[str, Any]:
    """The rubric document of the contract's example, with parts replaced."""
    base: dict[str, Any] = {
        "rubric_id": "ankle_v1",
        "version": "1.0.0",
        "title": "Ankle injury",
        "weights": {"structure": 0.2, "key_questions": 0.4, "reasoning": 0.25, "summary": 0.15, "communication": 0.0},
        "structure": {
            "anchor": "#R.structure",
            "expected_order": ORDER,
            "penalties": [
                {"id": "missing_summary", "anchor": "#R.structure.penalty.missing_summary", "value": -0.3},
                {
                    "id": "early_pmh",
                    "anchor": "#R.structure.penalty.early_pmh",
                    "value": -0.2,
                    "kind": "order",
                    "section": "PMH",
                    "before": "HPI",
                },
            ],
        },
        "key_questions": [
            {
                "id": "weight_bearing",
                "anchor": "#Q.weight_bearing",
                "label": "Could you walk on it afterwards?",
                "critical": True,
                "phrases": ["could you walk on it", "able to bear weight", "take four steps"],
            },
            {
                "id": "allergies",
                "anchor": "#Q.allergies",
                "label": "Do you have any allergies?",
                "phrases": ["any allergies", "allergic to anything"],
            },
        ],
        "key_questions_policy": {"anchor": "#R.key_questions", "critical_weight": 2.0, "noncritical_weight": 1.0},
        "reasoning": {
            "anchor": "#R.reasoning",
            "major_gap_penalty": -0.25,
            "required_links": [
                {
                    "id": "ottawa",
                    "anchor": "#R.reason.ottawa",
                    "description": "Bony tenderness or no weight bearing → radiograph",
                    "pattern": r"\b(tender|weight).*\b(x-?ray|radiograph)",
                    "major": True,
                }
            ],
        },
        "summary": {
            "anchor": "#R.summary",
            "max_tokens": 80,
            "overflow_divisor": 20,
            "required_elements": [
                {
                    "id": "problem",
                    "anchor": "#R.summary.req.problem",
                    "description": "Age, sex and problem",
                    "pattern": r"\d+.year.old",
                }
            ],
        },
    }
    return {**base, **changes}


def rubric(**changes: Any) -> RubricDocument:
    return rubric_from_mapping(document(**changes))


def utterance(turn: int, text: str, speaker: Speaker = Speaker.STUDENT) -> Utterance:
    return Utterance(turn, speaker, text, fragments=(Fragment(0, len(text), SourceSpan(0, len(text))),))


def interview(*labels: str, questions: int = 2) -> tuple[list[Utterance], list[Section | None]]:
    """For each section label so many questions, each with its answer."""
    utterances: list[Utterance] = []
    sections: list[Section | None] = []
    for label in labels:
        for _ in range(questions):
            for speaker in (Speaker.STUDENT, Speaker.PATIENT):
                utterances.append(utterance(len(utterances) + 1, "…", speaker))
                sections.append(Section(label.upper()))
    return utterances, sections
