"""The rubric document: what is read, what is refused, what makes two rubrics equal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from rubrics.domain.document import Anchor, RubricStatus, rubric_from_json, rubric_from_mapping
from rubrics.domain.errors import Malformed
from rubrics.domain.identity import content_sha256, document_as_json
from rubrics.domain.json_text import strict_json
from rubrics.domain.qa import check_rubric
from rubrics.domain.semver import SemanticVersion
from tests.builders import document, rubric


def changed(path: str, value: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(document()))
    *steps, last = (int(step) if step.isdecimal() else step for step in path.split("."))
    place: Any = copy
    for step in steps:
        place = place[step]
    place[last] = value
    return dict(copy)


def test_whitespace_unicode_quotes_arrows_and_backslash_patterns_are_read() -> None:
    raw = json.dumps(document(description="“Ankle” → x-ray", title="  Ankle  "), indent=3, ensure_ascii=False)
    read = rubric_from_json(f"\n\t {raw} \n")
    assert read.description == "“Ankle” → x-ray"
    assert read.title == "Ankle"
    assert read.summary.required_elements[0].pattern == r"\d+.year.old"


def test_a_document_survives_reading_and_writing_unchanged() -> None:
    given = document(summary={**document()["summary"], "required_elements": [
        {"id": "p", "anchor": "#p", "description": "At least 2 positive findings", "pattern": None}]})  # fmt: skip
    answered = document_as_json(rubric_from_mapping(given))
    assert {key: answered[key] for key in given} == given
    assert rubric_from_mapping(json.loads(json.dumps(answered))) == rubric_from_mapping({**given, "status": "draft"})


def test_communication_is_optional_and_weighs_nothing_then() -> None:
    weights = {key: value for key, value in document()["weights"].items() if key != "communication"}
    assert rubric(weights=weights).weights.communication == 0
    assert rubric().communication.rules == []


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("weights.structure", 1.2, "weights.structure"),
        ("weights.structure", -0.1, "weights.structure"),
        ("weights.structure", "heavy", "weights.structure"),
        ("weights.sumary", 0.1, "weights.sumary"),
        ("structure.expected_order", [], "structure.expected_order"),
        ("structure.penalties.0.value", 0.3, "structure.penalties.0.value"),
        ("structure.penalties.1.section", None, "structure.penalties.1"),
        ("key_questions.0.phrases", [], "key_questions.0.phrases"),
        ("key_questions.0.anchor", "Q.no_hash", "key_questions.0.anchor"),
        ("key_questions.0.anchor", "##Q.two", "key_questions.0.anchor"),
        ("key_questions.0.anchor", "#Q two", "key_questions.0.anchor"),
        ("key_questions.0.anchor", "#Q\u3000two", "key_questions.0.anchor"),
        ("key_questions.0.anchor", "#Q\x1ftwo", "key_questions.0.anchor"),
        ("key_questions.0.anchor", "#Q\ufefftwo", "key_questions.0.anchor"),
        ("key_questions_policy.coverage_threshold", 7, "key_questions_policy.coverage_threshold"),
        ("summary.overflow_divisor", 0, "summary.overflow_divisor"),
        ("rubric_id", "../../etc/passwd", "rubric_id"),
        ("version", "1.0", "version"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_shape_is_refused_naming_the_field(path: str, value: object, field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        rubric_from_mapping(changed(path, value))
    assert field in [problem.field for problem in refusal.value.fields]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("", "not JSON"),
        ("[1, 2]", "JSON object"),
        ('{"a": 1, "a": 2}', "appears twice"),
        ('{"a": NaN}', "NaN is not a number"),
        ("[" * 100_000, "not"),
        ('"' + "x" * (1024 * 1024) + '"', "larger than 1024 KiB"),
    ],
    ids=["empty", "list", "duplicate key", "NaN", "deep", "huge"],
)
def test_what_is_not_a_rubric_is_refused_in_a_sentence(raw: str, message: str) -> None:
    with pytest.raises(Malformed, match=re.escape(message)):
        rubric_from_json(raw)


def test_equal_content_has_one_hash_whatever_its_state_spelling_or_key_order() -> None:
    plain = rubric()
    reordered = rubric_from_json(json.dumps(dict(reversed(document().items())), indent=2))
    approved = rubric_from_mapping(document(status="approved", updated_at="2026-11-02T10:00:00Z"))
    spelled_out = rubric_from_mapping(changed("key_questions.1.critical", False))
    assert approved.status is RubricStatus.APPROVED
    assert {content_sha256(r) for r in (plain, reordered, approved, spelled_out)} == {content_sha256(plain)}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("weights.structure", 0.20001),
        ("key_questions.0.phrases.0", "can you walk"),
        ("key_questions.1.critical", True),
        ("version", "1.0.1"),
        ("title", "Ankle"),
    ],
    ids=["fifth decimal", "phrase", "critical", "version", "title"],
)
def test_any_change_of_content_changes_the_hash(path: str, value: object) -> None:
    assert content_sha256(rubric_from_mapping(changed(path, value))) != content_sha256(rubric())


def test_weights_are_exact() -> None:
    assert sum(rubric().weights.model_dump().values()) == Decimal(1)


@pytest.mark.parametrize(
    ("path", "value", "check", "field"),
    [
        ("weights.structure", 0.9, "weights_sum", "weights"),
        ("key_questions.0.critical", False, "critical_questions", "key_questions"),
        ("key_questions.1.anchor", "#Q.weight_bearing", "unique_anchors", "key_questions.1.anchor"),
        ("key_questions.1.id", "weight_bearing", "unique_ids", "key_questions.1.id"),
        ("summary.max_tokens", 39, "summary_token_bounds", "summary.max_tokens"),
        ("summary.max_tokens", 121, "summary_token_bounds", "summary.max_tokens"),
        ("key_questions.1.phrases", ["Able to  bear weight"], "no_duplicate_phrases", "key_questions.1.phrases.0"),
        ("reasoning.required_links.0.pattern", "(", "patterns_compile", "reasoning.required_links.0.pattern"),
        ("structure.penalties.0.id", "missing_epilogue", "penalties_readable", "structure.penalties.0"),
        ("communication", {"weight": 0.1}, "communication_weight", "communication.weight"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_qa_finds_the_error_and_names_its_field(path: str, value: object, check: str, field: str) -> None:
    report = check_rubric(rubric_from_mapping(changed(path, value)))
    assert not report.passed
    failed = {result.name: [p.field for p in result.problems] for result in report.checks if not result.passed}
    assert failed == {check: [field]}


def test_qa_passes_a_good_rubric_and_weights_within_a_thousandth() -> None:
    assert check_rubric(rubric()).passed
    assert check_rubric(rubric_from_mapping(changed("weights.structure", 0.2009))).passed
    assert not check_rubric(rubric_from_mapping(changed("weights.structure", 0.2011))).passed


def test_an_element_that_no_machine_can_check_is_a_warning_and_passes() -> None:
    element = {"id": "fluent", "anchor": "#R.fluent", "description": "Speaks fluently", "pattern": None}
    report = check_rubric(rubric_from_mapping(changed("summary.required_elements", [element])))
    assert report.passed
    assert [problem.field for problem in report.warnings] == ["summary.required_elements.0"]


def test_versions_are_compared_by_number() -> None:
    assert SemanticVersion.parse("1.10.0") > SemanticVersion.parse("1.9.9")
    assert str(SemanticVersion.parse("1.0.9").next_patch()) == "1.0.10"


@pytest.mark.parametrize("text", ["1.0", "v1.0.0", "01.0.0", "1.0.0-beta", "", "1.0.0\n", "٢.0.0"])
def test_what_is_not_a_version_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        SemanticVersion.parse(text)


@given(st.text(st.sampled_from("#aQ.é \t\n\x0b\x1c\x1f\x85\xa0\u200b\u2028\u3000\ufeff\x00"), max_size=6))
def test_an_anchor_is_read_exactly_when_the_schema_has_it(text: str) -> None:
    anchor = TypeAdapter(Anchor)
    try:
        anchor.validate_python(text)
        read = True
    except ValidationError:
        read = False
    assert read == (re.search(anchor.json_schema()["pattern"], text) is not None)


@pytest.mark.parametrize("as_sent", [str, str.encode], ids=["text", "bytes"])
@pytest.mark.parametrize("backslashes", range(1, 7))
def test_only_an_escaped_null_is_refused_and_not_an_escaped_backslash(
    backslashes: int, as_sent: Callable[[str], str | bytes]
) -> None:
    raw = as_sent(f'["a{chr(92) * backslashes}u0000"]')
    if backslashes % 2:
        with pytest.raises(Malformed, match="u0000"):
            strict_json(raw)
    else:
        assert strict_json(raw) == [f"a{chr(92) * (backslashes // 2)}u0000"]
