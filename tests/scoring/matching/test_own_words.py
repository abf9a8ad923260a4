"""A rubric's and a school's own words: known, harmless, part of what a grading is identified by."""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rubrics.domain.errors import Malformed
from rubrics.domain.identity import content_sha256
from rubrics.domain.qa import check_rubric
from rubrics.domain.vocabulary import vocabulary_from_json
from scoring.domain.engine import ENGINE_VERSION, Engine
from scoring.domain.matching.own_words import vocabulary_with
from scoring.domain.matching.tokens import stems_of
from scoring.domain.matching.vocabulary import clinical_vocabulary
from scoring.domain.pipeline import Graded, SubmissionInputs, grade
from tests.builders import rubric

ROOT = Path(__file__).parents[3]
INTERVIEW = (
    "Student: Hello. Any trouble with the jitterbugs?\nPatient: No.\nStudent: Does the pain wobble you?\nPatient: No."
)
OURS = [{"term": "allergies", "synonyms": ["the jitterbugs"]}]


def asked(graded: Graded) -> set[str]:
    return {item.id for item in graded.result.detailed_results.key_questions.questions if item.asked}


def test_a_rubric_s_synonym_of_a_known_term_is_heard() -> None:
    inputs = SubmissionInputs(INTERVIEW)
    assert "allergies" not in asked(grade(rubric(), inputs))
    assert "allergies" in asked(grade(rubric(vocabulary=OURS), inputs))


def test_a_term_that_nobody_knows_is_a_thing_of_its_own() -> None:
    question = {"id": "gmfcs", "anchor": "#Q.gmfcs", "label": "What is the GMFCS level?", "critical": True,
                "phrases": ["GMFCS level"]}  # fmt: skip
    said = SubmissionInputs("Student: And what is his gross motor grade?\nPatient: Two.")
    own = [{"term": "GMFCS level", "synonyms": ["gross motor grade"]}]
    assert asked(grade(rubric(key_questions=[question]), said)) == set()
    assert asked(grade(rubric(key_questions=[question], vocabulary=own), said)) == {"gmfcs"}


def test_the_rubric_s_words_are_part_of_its_identity_and_none_change_no_hash() -> None:
    assert content_sha256(rubric()) == content_sha256(rubric(vocabulary=[]))
    assert content_sha256(rubric()) != content_sha256(rubric(vocabulary=OURS))


def test_the_school_s_words_are_part_of_the_engine_s_version_and_of_the_digest() -> None:
    plain, ours = Engine(), Engine((("allergies", ("the jitterbugs",)),))
    inputs = SubmissionInputs(INTERVIEW)
    assert plain.version == ENGINE_VERSION
    assert ours.version.startswith(f"{ENGINE_VERSION}+school.")
    assert len(ours.version) <= 40
    with_ours = grade(rubric(), inputs, ours)
    assert "allergies" in asked(with_ours)
    assert with_ours.result.fingerprint.engine_version == ours.version
    assert with_ours.result.fingerprint.digest != grade(rubric(), inputs).result.fingerprint.digest


def test_every_grading_that_is_stored_or_verified_names_the_engine() -> None:
    for app in ("rubrics", "scoring", "feedback", "grader"):
        for path in (ROOT / app).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "grade":
                    assert len(call.args) == 3, (
                        f"{path}:{call.lineno}: give grade() school_engine() as its third argument"
                    )


def test_a_known_term_keeps_what_it_was_known_by_and_the_shipped_vocabulary_stays_as_it_was() -> None:
    own = vocabulary_with((("nausea", ("collywobbles",)),))
    assert {hit.concept for hit in own.hits(stems_of("collywobbles or feeling queasy"))} == {"nausea"}
    assert clinical_vocabulary().hits(stems_of("collywobbles")) == ()


@pytest.mark.parametrize("wording", ["a*b", "one/two", "!shout", "x|y", "[z]", "42", "x", ""])
def test_only_plain_words_are_accepted(wording: str) -> None:
    with pytest.raises(Malformed) as refused:
        rubric(vocabulary=[{"term": "nausea", "synonyms": [wording]}])
    assert refused.value.fields[0].field.startswith("vocabulary.0.synonyms.0")


@pytest.mark.parametrize(
    ("vocabulary", "field"),
    [
        ([{"term": "nausea", "synonyms": []}], "vocabulary.0.synonyms"),
        ([{"term": "nausea"}], "vocabulary.0.synonyms"),
        ([{"term": "nausea", "synonyms": ["queasy"], "weight": 2}], "vocabulary.0.weight"),
        ([{"term": f"term {'x' * n}", "synonyms": ["word"]} for n in range(1, 90)] * 3, "vocabulary"),
    ],
    ids=["no-synonyms", "synonyms-missing", "unknown-field", "too-many"],
)
def test_a_vocabulary_of_the_wrong_shape_is_refused_by_field(vocabulary: list[dict[str, Any]], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        rubric(vocabulary=vocabulary)
    assert field in {problem.field for problem in refused.value.fields}


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        ([{"term": "nausea", "synonyms": ["Nausea"]}], "vocabulary.0.synonyms.0"),
        (
            [{"term": "nausea", "synonyms": ["queasy"]}, {"term": "fear", "synonyms": ["queasy"]}],
            "vocabulary.1.synonyms.0",
        ),
        ([{"term": "nausea", "synonyms": ["any of it"]}], "vocabulary.0.synonyms.0"),
        ([{"term": "nausea", "synonyms": ["nv"]}], "vocabulary.0.synonyms.0"),
    ],
    ids=["its-own-synonym", "two-terms", "common-words", "too-short"],
)
def test_a_wording_that_says_too_much_is_warned_of(entries: list[dict[str, Any]], field: str) -> None:
    report = check_rubric(rubric(vocabulary=entries))
    check = next(check for check in report.checks if check.name == "vocabulary_clear")
    assert [problem.field for problem in check.problems] == [field]
    assert check.passed


def test_a_clear_vocabulary_is_not_warned_of() -> None:
    report = check_rubric(rubric(vocabulary=OURS))
    assert next(check for check in report.checks if check.name == "vocabulary_clear").problems == ()


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("{}", "the whole"),
        ('[{"term": "nausea"}]', "0.synonyms"),
        ('[{"term": "nausea", "synonyms": ["x|y"]}]', "0.synonyms.0"),
        ("[", "JSON"),
    ],
)
def test_a_school_s_faulty_file_says_where(raw: str, message: str) -> None:
    with pytest.raises(Malformed, match=message):
        vocabulary_from_json(raw)


def test_a_document_with_a_vocabulary_is_small_and_graded_as_before() -> None:
    inputs = SubmissionInputs("Student: Do you have any allergies?\nPatient: No.")
    plain = grade(rubric(), inputs).result
    own = grade(rubric(vocabulary=[{"term": "fatigue", "synonyms": ["pooped"]}]), inputs).result
    assert own.component_scores == plain.component_scores
    assert Decimal(str(own.overall_score)) == Decimal(str(plain.overall_score))
