"""Summary: what is judged, how words are counted, which elements are there (docs/algorithms/summary.md)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.domain.document import ElementKind, Summary
from scoring.domain.evidence import Evidence, SummaryEvidence
from scoring.domain.overall import four_places
from scoring.domain.segmentation.section import Section
from scoring.domain.summary import ElementResult, SummarySource, count_words, find_phrase, score_summary, summary_source
from scoring.domain.transcript.model import Speaker, Utterance
from tests.builders import utterance
from tests.tables import read_table

WORKED = read_table("algorithms/summary.md", "Worked examples")
WORDS = read_table("algorithms/summary.md", "Words")


def summary(*elements: dict[str, Any], **fields: Any) -> Summary:
    listed = [{"id": f"e{i}", "anchor": f"#e{i}", **element} for i, element in enumerate(elements)]
    return Summary.model_validate({"anchor": "#s", "max_tokens": 80, "required_elements": listed, **fields})


def check(text: str, **element: Any) -> ElementResult:
    return score_summary(summary(element), [], [], text).elements[0]


def quotes(text: str, result: ElementResult) -> list[str]:
    return [text[piece.start : piece.end] for piece in result.evidence]


@pytest.mark.parametrize("row", WORKED, ids=lambda row: " ".join(row.values()))
def test_the_worked_examples_hold(row: dict[str, str]) -> None:
    elements = [
        *[{"pattern": "word"}] * int(row["matched"]),
        *[{"pattern": "absent"}] * int(row["unmatched"]),
        *[{"description": "Well told"}] * int(row["not checkable"]),
    ]
    limits = {name: int(row[name]) for name in ("max_tokens", "overflow_divisor")}
    scored = score_summary(summary(*elements, **limits), [], [], "word " * int(row["tokens"]))
    assert f"{four_places(scored.succinctness)}" == row["succinctness"]
    assert f"{four_places(scored.elements_score)}" == row["elements"]
    assert f"{four_places(scored.score)}" == row["score"]


@pytest.mark.parametrize("row", WORDS, ids=[row["text"] for row in WORDS])
def test_words_are_counted_as_a_reader_counts_them(row: dict[str, str]) -> None:
    assert count_words(row["text"]) == int(row["tokens"]), row["why"]


def test_an_accent_in_a_character_of_its_own_parts_no_word() -> None:
    assert count_words("nai\u0308ve re\u0301sume\u0301") == 2


SPOKEN: tuple[list[Utterance], list[Section | None]] = (
    [
        utterance(1, "Any fever?"),
        utterance(2, "So you are a 27-year-old teacher"),
        utterance(3, "That's right", Speaker.PATIENT),
        utterance(4, "with a headache. No fever or"),
        utterance(5, "rash. Did I miss anything?"),
        utterance(6, "Bye"),
    ],
    [Section.ROS, Section.SUMMARY, Section.SUMMARY, Section.SUMMARY, Section.SUMMARY, None],
)


def test_what_was_handed_in_is_judged_before_what_was_said() -> None:
    judged = summary_source(*SPOKEN, "Written words.")
    assert (judged.source, judged.tokens) == (SummarySource.SUBMITTED, 2)
    assert judged.whole() == (SummaryEvidence(0, 14),)


@pytest.mark.parametrize("empty", [None, "", " \n", "…", "— ."])
def test_without_a_written_word_the_students_summary_section_is_judged(empty: str | None) -> None:
    judged = summary_source(*SPOKEN, empty)
    assert (judged.source, judged.tokens) == (SummarySource.SPOKEN, 6 + 6 + 5)
    assert [piece.turn for piece in judged.whole() if isinstance(piece, Evidence)] == [2, 4, 5]


@pytest.mark.parametrize("empty", [None, "", "…"])
def test_no_summary_at_all_scores_nothing(empty: str | None) -> None:
    scored = score_summary(summary({"pattern": "a"}, {"description": "Well told"}), SPOKEN[0][:1], SPOKEN[1][:1], empty)
    assert (scored.score, scored.judged.source) == (0, SummarySource.NONE)
    assert [result.matched for result in scored.elements] == [False, None]
    assert scored.judged.whole() == ()


def test_a_section_of_the_patients_own_words_is_no_summary() -> None:
    assert summary_source(SPOKEN[0][2:3], [Section.SUMMARY], None).source is SummarySource.NONE


def test_a_spoken_summary_is_read_across_turns() -> None:
    element = {"pattern": r"teacher.*headache"}
    result = score_summary(summary(element), *SPOKEN, None).elements[0]
    assert result.matched
    assert result.evidence == (Evidence(2, 25, 32), Evidence(4, 0, 15))


def test_a_negation_does_not_reach_into_the_next_turn() -> None:
    scored = score_summary(summary({"kind": "negative_findings"}), *SPOKEN, None).elements[0]
    assert scored.evidence == (Evidence(4, 20, 25),)


FINDINGS = "No fever, no cough and no chest pain. Has nausea, vomiting, more nausea and knee pain."


@pytest.mark.parametrize(
    ("kind", "min_count", "matched", "count"),
    [
        ("positive_findings", 3, True, 3),
        ("positive_findings", 4, False, 3),
        ("negative_findings", 3, True, 3),
        ("negative_findings", 4, False, 3),
    ],
)
def test_distinct_findings_are_counted_once_each(kind: str, min_count: int, matched: bool, count: int) -> None:
    result = check(FINDINGS, kind=kind, min_count=min_count)
    assert (result.matched, result.count, result.min_count) == (matched, count, min_count)
    assert len(quotes(FINDINGS, result)) == count


def test_a_null_pattern_is_read_from_its_description() -> None:
    result = check("Fever and cough.", pattern=None, description="At least 2 positive findings")
    assert (result.kind, result.matched, result.count) == (ElementKind.POSITIVE_FINDINGS, True, 2)


def test_what_no_machine_can_check_is_left_out_of_the_ratio_and_kept_in_the_list() -> None:
    scored = score_summary(summary({"pattern": "cough"}, {"description": "Fluent"}), [], [], "Cough.")
    assert scored.elements_score == 1
    assert [(r.kind, r.matched) for r in scored.elements] == [(ElementKind.PATTERN, True), (None, None)]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("high blood pressure", "HIGH  blood\npressure", "HIGH  blood\npressure"),
        ("x-ray", "an X ray", "X ray"),
        ("follow up", "a follow-up", "follow-up"),
        ("can't walk", "she can’t walk", "can’t walk"),
        ("+ve", "urine +ve.", "+ve"),
        ("no", "diagnosis", None),
        ("smoker", "ex-smoker", "smoker"),
        ("smoke", "smoker", None),
        ("a.b", "axb", None),
    ],
)
def test_a_phrase_is_found_as_whole_words_whatever_its_case_and_spacing(
    phrase: str, text: str, found: str | None
) -> None:
    span = find_phrase([phrase], text)
    assert (None if span is None else text[slice(*span)]) == found


def test_the_earliest_phrase_is_cited() -> None:
    text = "A smoker with diabetes."
    assert quotes(text, check(text, kind="phrases", phrases=["diabetes", "smoker"])) == ["smoker"]


def test_min_count_asks_for_so_many_different_phrases() -> None:
    text = "A smoker, a smoker, with diabetes."
    result = check(text, kind="phrases", phrases=["diabetes", "smoker", "gout"], min_count=2)
    assert (result.matched, result.count) == (True, 2)
    assert quotes(text, result) == ["smoker", "diabetes"]
    assert check(text, kind="phrases", phrases=["smoker", "gout"], min_count=2).matched is False


def test_min_count_asks_for_so_many_matches_of_a_pattern() -> None:
    text = "No fever, no rash."
    assert check(text, pattern=r"\bno\b", min_count=2).matched
    assert check(text, pattern=r"\bno\b", min_count=3).matched is False


WORDY = st.lists(st.sampled_from(["fever", "no", "cough", ",", ".", "10/10", "é", "but", "denies"]), max_size=40)


@given(WORDY, st.integers(1, 30), st.integers(1, 30))
def test_every_score_stays_between_0_and_1(words: list[str], limit: int, divisor: int) -> None:
    elements = [{"kind": "positive_findings"}, {"kind": "negative_findings", "min_count": 2}, {"pattern": "é"}]
    text = " ".join(words)
    scored = score_summary(summary(*elements, max_tokens=limit, overflow_divisor=divisor), [], [], text)
    for share in (scored.score, scored.succinctness, scored.elements_score):
        assert 0 <= share <= 1
    for result in scored.elements:
        assert all(0 <= piece.start < piece.end <= len(text) for piece in result.evidence)


@given(st.integers(0, 300), st.integers(1, 100))
def test_another_word_never_makes_it_more_succinct(words: int, limit: int) -> None:
    shorter, longer = (
        score_summary(summary(max_tokens=limit), [], [], "word " * n).succinctness for n in (words + 1, words + 2)
    )
    assert longer <= shorter
