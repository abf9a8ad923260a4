"""What makes a rubric bad, check by check: what is found, at which field, and what mends it."""

from __future__ import annotations

from typing import Any

import jsonpatch
import pytest

from rubrics.domain.document import rubric_from_mapping
from rubrics.domain.identity import document_as_json
from rubrics.domain.qa import CHECKS, MAX_PROBLEMS, Level, Problem, QaReport, check_rubric
from tests.builders import document, rubric

SUMMARY = {"anchor": "#R.summary", "max_tokens": 80}


def question(identifier: str, *phrases: str, label: str = "Anything?", critical: bool = True) -> dict[str, Any]:
    return {
        "id": identifier,
        "anchor": f"#Q.{identifier}",
        "label": label,
        "critical": critical,
        "phrases": list(phrases) or [f"tell me of {identifier}"],
    }


def questions(*items: dict[str, Any]) -> dict[str, Any]:
    return {"key_questions": list(items)}


def weights(**changes: float) -> dict[str, Any]:
    return {"weights": {**document()["weights"], **changes}}


def reasoning(*patterns: str, gap: float = -0.25, major: bool = True) -> dict[str, Any]:
    links = [{"id": f"l{i}", "anchor": f"#R.reason.l{i}", "pattern": p, "major": major} for i, p in enumerate(patterns)]
    return {"reasoning": {"anchor": "#R.reasoning", "major_gap_penalty": gap, "required_links": links}}


def element(**fields: Any) -> dict[str, Any]:
    return {"summary": {**SUMMARY, "required_elements": [{"id": "e", "anchor": "#R.summary.req.e", **fields}]}}


def penalties(*items: dict[str, Any], order: list[str] | None = None) -> dict[str, Any]:
    listed = [{"anchor": f"#R.structure.penalty.{i}", **item} for i, item in enumerate(items)]
    expected = order or ["CC", "HPI", "PMH", "Summary"]
    return {"structure": {"anchor": "#R.structure", "expected_order": expected, "penalties": listed}}


def rules(*items: dict[str, Any]) -> dict[str, Any]:
    listed = [{"id": f"r{i}", "anchor": f"#C.r{i}", **item} for i, item in enumerate(items)]
    return {"communication": {"anchor": "#R.communication", "rules": listed}}


MANY_PAINS = questions(
    question("site", "where is the pain"),
    question("onset", "when did the pain start"),
    question("radiation", "does the pain travel anywhere", "the pain"),
    question("severity", "how bad is the pain"),
)

FOUND: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "weights above 1": (weights(structure=0.9), "weights_sum", "weights", "sum to 1.7"),
    "weights of nothing": (weights(structure=0, key_questions=0, reasoning=0, summary=0), "weights_sum", "weights", "sum to 0"),
    "two weights of communication": ({"communication": {"weight": 0.3}}, "communication_weight", "communication.weight", "make them equal"),
    "one anchor for two items": (questions(question("a"), {**question("b"), "anchor": "#Q.a"}), "unique_anchors", "key_questions.1.anchor", "“#Q.a” is used 2 times"),
    "one id for two items": (questions(question("a"), {**question("a", "x y z"), "anchor": "#Q.b"}), "unique_ids", "key_questions.1.id", "“a” is used 2 times"),
    "no critical question": (questions(question("a", critical=False)), "critical_questions", "key_questions", "mark at least one"),
    "a summary of 20 words": ({"summary": {**SUMMARY, "max_tokens": 20}}, "summary_token_bounds", "summary.max_tokens", "between 40 and 120"),
    "a summary of 500 words": ({"summary": {**SUMMARY, "max_tokens": 500}}, "summary_token_bounds", "summary.max_tokens", "between 40 and 120"),
    "one phrase in two questions": (questions(question("a", "any chest pain"), question("b", "Any  Chest pain", "chest tightness")), "no_duplicate_phrases", "key_questions.1.phrases.0", "in “a” already"),
    "an open bracket": (reasoning("chest(pain"), "patterns_compile", "reasoning.required_links.0.pattern", "never closed"),
    "a look-ahead in an element": (element(pattern="pain(?=ful)"), "patterns_compile", "summary.required_elements.0.pattern", "look-around and other (?…) extensions do not exist in RE2, at “(?=”"),
    "a refused pattern in a rule": (rules({"kind": "pattern", "pattern": "*"}), "patterns_compile", "communication.rules.0.pattern", "nothing to repeat"),
    "a penalty nobody can read": (penalties({"id": "late_summary", "value": -0.1}), "penalties_readable", "structure.penalties.0", "give it a kind"),
    "CT in factors": (reasoning("fever|CT"), "patterns_discriminate", "reasoning.required_links.0.pattern", r"\bCT\b"),
    "a pattern of nothing": (element(pattern="(fever)?"), "patterns_discriminate", "summary.required_elements.0.pattern", "empty text"),
    "a pattern of anything": (reasoning(r"\w+"), "patterns_discriminate", "reasoning.required_links.0.pattern", "almost any sentence"),
    "an element of fluency": (element(description="Fluent delivery"), "elements_checkable", "summary.required_elements.0", "Fluent delivery"),
    "an element of both polarities": (element(description="At least 2 positive and 2 negative findings"), "elements_checkable", "summary.required_elements.0", "left out of the ratio"),
    "a mention of an anchor that is gone": ({"description": "See #Q.vision for the second step."}, "anchors_resolve", "description", "“#Q.vision” names no item"),
    "a citation of another rubric": (element(description="As rubric://knee_v1#R.summary says", pattern=r"\bknee\b"), "anchors_resolve", "summary.required_elements.0.description", "names no item"),
    "an anchor no link can hold": (questions({**question("a"), "anchor": "#Q.<b>"}), "anchors_resolve", "key_questions.0.anchor", "can't be followed"),
    "key questions that count and are none": (questions(), "components_have_items", "weights.key_questions", "everybody gets these points"),
    "reasoning without links": (reasoning(), "components_have_items", "weights.reasoning", "has no required links"),
    "communication without rules": (weights(communication=0.1, summary=0.05), "components_have_items", "weights.communication", "has no rules"),
    "links that count nothing": (weights(reasoning=0, summary=0.4), "components_have_items", "weights.reasoning", "change no grade"),
    "a summary that asks for nothing": ({"summary": SUMMARY}, "components_have_items", "summary.required_elements", "half are free"),
    "penalties of 1.2": (penalties({"id": "missing_summary", "value": -0.7}, {"id": "missing_pmh", "value": -0.5}), "penalties_bounded", "structure.penalties", "take 1.2"),
    "a penalty of 0": (penalties({"id": "missing_summary", "value": 0}), "penalties_bounded", "structure.penalties.0.value", "takes 0"),
    "gaps of 1.5": (reasoning("fever", "cough", "rash", gap=-0.5), "penalties_bounded", "reasoning.major_gap_penalty", "take 1.5"),
    "major links without a penalty": (reasoning("fever", gap=0), "penalties_bounded", "reasoning.major_gap_penalty", "below 0"),
    "a section that does not exist": (penalties(order=["CC", "Small talk"]), "sections_known", "structure.expected_order.1", "missing for everybody"),
    "one section by two names": (penalties(order=["CC", "PMH", "Past medical history"]), "sections_known", "structure.expected_order.2", "one section"),
    "a penalty on a section that does not exist": (penalties({"id": "p", "value": -0.1, "kind": "order", "section": "PMH", "before": "Chat"}), "sections_known", "structure.penalties.0.before", "“Chat”"),
    "a phrase inside another question's": (questions(question("pain", "chest pain"), question("move", "does the chest pain move")), "phrases_overlap", "key_questions.1.phrases.0", "contains “chest pain” of “pain”"),
    "the same phrase but for punctuation": (questions(question("a", "any fevers?"), question("b", "Any fevers")), "phrases_overlap", "key_questions.0.phrases.0", "“b”"),
    "two letters": (questions(question("a", "MI", "heart attack")), "phrases_discriminate", "key_questions.0.phrases.0", "fewer than 3 letters"),
    "function words": (questions(question("a", "do you have any", "any rash")), "phrases_discriminate", "key_questions.0.phrases.0", "no word that says"),
    "a word every question holds": (MANY_PAINS, "phrases_discriminate", "key_questions.2.phrases.1", "many questions"),
    "onset, location and severity": (questions(question("a", label="Onset, location and severity")), "compound_labels", "key_questions.0.label", "(Onset; location; severity)"),
    "two questions": (questions(question("a", label="When did it start, and how bad is it?")), "compound_labels", "key_questions.0.label", "(When did it start; how bad is it)"),
    "smoking and alcohol": (questions(question("a", "do you smoke", "drink any alcohol", label="Smoking and alcohol")), "compound_labels", "key_questions.0.label", "(Smoking; alcohol)"),
    "a rule of weight 0": (rules({"kind": "transitions", "weight": 0}), "rules_decide", "communication.rules.0.weight", "counts nothing"),
    "a ratio without a bound": (rules({"kind": "talk_share"}), "rules_decide", "communication.rules.0", "everybody meets it"),
    "a ratio out of reach": (rules({"kind": "talk_share", "min": 0.6, "max": 0.4}), "rules_decide", "communication.rules.0.min", "at least 0.6 and at most 0.4"),
    "a word of two terms": ({"vocabulary": [{"term": "nausea", "synonyms": ["queasy"]}, {"term": "fear", "synonyms": ["Queasy"]}]}, "vocabulary_clear", "vocabulary.1.synonyms.0", "under “nausea”"),
    "a count out of reach": (rules({"kind": "jargon", "min_count": 3, "max_count": 2}), "rules_decide", "communication.rules.0.min_count", "at least 3"),
}  # fmt: skip


def problems(report: QaReport, check: str) -> tuple[Problem, ...]:
    return next(result.problems for result in report.checks if result.name == check)


@pytest.mark.parametrize(("changes", "check", "field", "says"), FOUND.values(), ids=FOUND)
def test_what_is_wrong_is_found_at_its_field_and_told(
    changes: dict[str, Any], check: str, field: str, says: str
) -> None:
    found = {problem.field: problem.message for problem in problems(check_rubric(rubric(**changes)), check)}
    assert says in found[field]


def test_every_check_has_a_case() -> None:
    assert {case[1] for case in FOUND.values()} == {name for name, _, _ in CHECKS}


def test_a_sound_rubric_passes_every_check_without_a_word() -> None:
    report = check_rubric(rubric())
    assert report.passed
    assert [check for check in report.checks if check.problems] == []


SOUND: dict[str, tuple[dict[str, Any], str]] = {
    "weights of three thirds": (weights(structure=0.3333, key_questions=0.3333, reasoning=0.3333, summary=0), "weights_sum"),
    "a bounded short word": (reasoning(r"\bCT\b"), "patterns_discriminate"),
    "a phrase inside its own question's": (questions(question("a", "chest pain", "any chest pain today")), "phrases_overlap"),
    "a word inside a longer word": (questions(question("a", "any ache"), question("b", "any headaches")), "phrases_overlap"),
    "one thing in two words": (questions(question("a", "felt sick and shivery", label="Fever and chills")), "compound_labels"),
    "a list that is one question": (questions(question("a", label="Any cough, fever or recent infection?")), "compound_labels"),
    "a full name of a section": (penalties(order=["Chief complaint", "Social history", "Physical examination"]), "sections_known"),
    "exactly 1": (penalties({"id": "missing_summary", "value": -0.5}, {"id": "missing_pmh", "value": -0.5}), "penalties_bounded"),
    "a mention of an anchor that is here": ({"description": "The first item is #Q.allergies."}, "anchors_resolve"),
    "a mention of this rubric's own": ({"description": "rubric://ankle_v1#Q.allergies, the second item"}, "anchors_resolve"),
    "rules that are shown without counting": (rules({"kind": "jargon"}), "components_have_items"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "check"), SOUND.values(), ids=SOUND)
def test_what_is_sound_is_not_found_fault_with(changes: dict[str, Any], check: str) -> None:
    assert problems(check_rubric(rubric(**changes)), check) == ()


MENDED = [
    "weights above 1",
    "two weights of communication",
    "one anchor for two items",
    "one id for two items",
    "a summary of 20 words",
    "a summary of 500 words",
    "one phrase in two questions",
    "CT in factors",
    "two letters",
    "function words",
    "a word every question holds",
]


@pytest.mark.parametrize("case", MENDED)
def test_a_fix_mends_what_it_was_offered_for(case: str) -> None:
    changes, check, field, _ = FOUND[case]
    before = document_as_json(rubric(**changes))
    (fix,) = [p.fix for p in problems(check_rubric(rubric(**changes)), check) if p.field == field and p.fix]
    after = rubric_from_mapping(jsonpatch.apply_patch(before, list(fix)))
    assert field not in {problem.field for problem in problems(check_rubric(after), check)}


def test_a_fix_of_a_document_that_changed_since_fails_instead_of_hitting_another_item() -> None:
    changes, check, _, _ = FOUND["two letters"]
    (found,) = problems(check_rubric(rubric(**changes)), check)
    changed = document(**questions(question("a", "heart attack", "MI")))
    with pytest.raises(jsonpatch.JsonPatchTestFailed):
        jsonpatch.apply_patch(changed, list(found.fix))


def test_the_only_phrase_of_a_question_is_never_offered_for_removal() -> None:
    (found,) = problems(check_rubric(rubric(**questions(question("a", "MI")))), "phrases_discriminate")
    assert found.fix == ()


def test_scaled_weights_keep_their_proportion_and_sum_to_exactly_one() -> None:
    (found,) = problems(check_rubric(rubric(**weights(structure=1.0))), "weights_sum")
    values = {step["path"]: step["value"] for step in found.fix if step["op"] == "replace"}
    assert sum(round(value * 10_000) for value in values.values()) == 10_000
    assert values["/weights/key_questions"] == pytest.approx(0.4 / 1.8, abs=0.0001)


def test_a_field_is_a_pointer_too() -> None:
    assert Problem("key_questions.0.phrases.2", "").pointer == "/key_questions/0/phrases/2"


def test_a_warning_never_stops_approval_and_an_error_does() -> None:
    for changes, check, _, _ in FOUND.values():
        report = check_rubric(rubric(**changes))
        (result,) = [result for result in report.checks if result.name == check]
        assert result.passed is (result.severity is Level.WARNING)
        assert report.passed is (report.errors == ())


def test_a_rubric_with_ten_thousand_bad_phrases_lists_some_and_counts_the_rest() -> None:
    many = questions(*(question(f"q{i}", *["chest pain"] * 200) for i in range(50)))
    report = check_rubric(rubric(**many))
    (result,) = [result for result in report.checks if result.name == "no_duplicate_phrases"]
    assert (len(result.problems), result.more) == (MAX_PROBLEMS, 9_999 - MAX_PROBLEMS)
    assert result.message.endswith("And 9996 more.")


def test_patterns_that_are_each_allowed_but_together_too_much_are_refused_where_it_becomes_too_much() -> None:
    heavy = [rf"(\pL|\pN|\pP){{0,80}}x{number}" for number in range(60)]
    found = problems(check_rubric(rubric(**reasoning(*heavy))), "patterns_compile")
    assert len(found) == 1
    assert "together" in found[0].message
