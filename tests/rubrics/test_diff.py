"""A diff reads as a person would describe the change to a colleague."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from rubrics.domain.diff import ChangeKind, rubric_changes
from tests.builders import document

Edit = Callable[[dict[str, Any]], object]
VISION = {
    "id": "vision",
    "anchor": "#Q.vision",
    "label": "Vision changes",
    "critical": True,
    "phrases": ["any blurring"],
}
PLAN = {
    "id": "missing_fh",
    "anchor": "#R.structure.penalty.missing_fh",
    "description": "No family history",
    "value": -0.1,
}


def put(path: str, value: Any) -> Edit:
    *steps, last = (int(step) if step.isdecimal() else step for step in path.split("."))

    def edit(doc: Any) -> None:
        for step in steps:
            doc = doc[step]
        doc[last] = value

    return edit


TOLD: dict[str, tuple[Edit, list[str]]] = {
    "a weight": (put("weights.key_questions", 0.45), ["Weight of key questions 0.40 → 0.45"]),
    "a weight of three decimals": (put("weights.summary", 0.125), ["Weight of summary 0.15 → 0.125"]),
    "a new critical question": (lambda d: d["key_questions"].append(VISION), ["Question “Vision changes” added, critical"]),
    "a new question": (lambda d: d["key_questions"].append({**VISION, "critical": False}), ["Question “Vision changes” added"]),
    "a question gone": (lambda d: d["key_questions"].pop(), ["Question “Do you have any allergies?” removed"]),
    "no longer critical": (put("key_questions.0.critical", False), ["Question “Could you walk on it afterwards?” is no longer critical"]),
    "now critical": (put("key_questions.1.critical", True), ["Question “Do you have any allergies?” is now critical"]),
    "a label": (put("key_questions.1.label", "Allergies?"), ["Question “Allergies?”: label “Do you have any allergies?” → “Allergies?”"]),
    "a phrase more": (lambda d: d["key_questions"][1]["phrases"].append("nut allergy"), ["Question “Do you have any allergies?”: phrase “nut allergy” added"]),
    "a phrase less": (lambda d: d["key_questions"][1]["phrases"].pop(), ["Question “Do you have any allergies?”: phrase “allergic to anything” removed"]),
    "questions in another order": (lambda d: d["key_questions"].reverse(), ["Questions reordered: allergies, weight_bearing"]),
    "a penalty more": (lambda d: d["structure"]["penalties"].append(PLAN), ["Penalty “No family history” added, −0.10"]),
    "a penalty's value": (put("structure.penalties.0.value", -0.25), ["Penalty “missing_summary”: value −0.30 → −0.25"]),
    "a section more": (lambda d: d["structure"].update(expected_order=[*d["structure"]["expected_order"], "Plan"]), ["Section “Plan” added to the expected order"]),
    "another order": (lambda d: d["structure"].update(expected_order=["CC", "HPI", "PMH", "ROS", "SH", "FH", "Summary"]), ["Expected order reordered: CC, HPI, PMH, ROS, SH, FH, Summary"]),
    "the policy": (put("key_questions_policy.critical_weight", 3), ["Weight of a critical question 2 → 3"]),
    "a threshold set": (put("key_questions_policy.matching_threshold", 0.6), ["Matching threshold set to 0.60"]),
    "a threshold taken out": (lambda d: d["key_questions_policy"].pop("noncritical_weight"), ["Weight of another question taken out (was 1)"]),
    "a link's mark": (put("reasoning.required_links.0.major", False), ["Link “Bony tenderness or no weight bearing → radiograph” is no longer major"]),
    "a link's pattern": (put("reasoning.required_links.0.pattern", "x-?ray"), [r"Link “Bony tenderness or no weight bearing → radiograph”: pattern “\b(tender|weight).*\b(x-?ray|radiograph)” → “x-?ray”"]),
    "the gap": (put("reasoning.major_gap_penalty", -0.3), ["Penalty for a missing major link −0.25 → −0.30"]),
    "a zero that was not written before": (put("key_questions_policy.coverage_threshold", 0), ["Coverage threshold set to 0.00"]),
    "a part that was not written before": (put("communication", {"anchor": "#R.com", "rules": [{"id": "jargon", "anchor": "#C.jargon", "kind": "jargon"}]}), ["Anchor of communication set to “#R.com”", "Rule “jargon” added"]),
    "the limit": (put("summary.max_tokens", 100), ["Word limit of the summary 80 → 100"]),
    "an element gone": (lambda d: d["summary"]["required_elements"].pop(), ["Element “Age, sex and problem” removed"]),
    "the title": (put("title", "Ankle"), ["Title “Ankle injury” → “Ankle”"]),
    "a specialty": (put("specialty", "A&E"), ["Specialty set to “A&E”"]),
    "an anchor": (put("summary.anchor", "#R.sum"), ["Anchor of summary “#R.summary” → “#R.sum”"]),
    "a null that says nothing": (put("key_questions_policy.matching_threshold", None), []),
    "a false that says nothing": (put("key_questions.1.critical", False), []),
    "its state": (put("status", "approved"), []),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "sentences"), TOLD.values(), ids=TOLD)
def test_a_change_is_told_in_a_sentence(edit: Edit, sentences: list[str]) -> None:
    after = copy.deepcopy(document())
    edit(after)
    assert [change.text for change in rubric_changes(document(), after)] == sentences


def test_a_change_is_data_too() -> None:
    after = document(weights={**document()["weights"], "key_questions": 0.45})
    (change,) = rubric_changes(document(), after)
    assert (change.path, change.kind, change.before, change.after) == (
        "weights.key_questions",
        ChangeKind.CHANGED,
        0.4,
        0.45,
    )


def test_a_question_put_first_does_not_make_the_others_look_changed() -> None:
    after = document(key_questions=[VISION, *document()["key_questions"]])
    assert [change.path for change in rubric_changes(document(), after)] == ["key_questions.vision"]


def test_nothing_differs_from_itself() -> None:
    assert rubric_changes(document(), document()) == ()
