"""Reasoning: where a link is looked for, which passage is cited, what it scores (docs/algorithms/reasoning.md)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.domain.document import Reasoning
from scoring.domain.evidence import AnyEvidence, Evidence, SummaryEvidence
from scoring.domain.overall import four_places
from scoring.domain.reasoning import LinkResult, score_reasoning
from scoring.domain.segmentation.section import Section
from scoring.domain.transcript.model import Speaker, Utterance
from tests.builders import utterance
from tests.tables import read_table

WORKED = read_table("algorithms/reasoning.md", "Worked examples")
CITED = read_table("algorithms/reasoning.md", "Which passage is cited")
SPEAKERS = {"S": Speaker.STUDENT, "P": Speaker.PATIENT, "E": Speaker.EXAMINER, "?": Speaker.UNKNOWN}
NONE = "–"

Talk = tuple[list[Utterance], list[Section | None]]


def reasoning(*patterns: str, penalty: str = "-0.25", major: int = 0) -> Reasoning:
    """The first `major` links are major."""
    links = [
        {"id": f"l{index}", "anchor": f"#l{index}", "pattern": pattern, "major": index < major}
        for index, pattern in enumerate(patterns)
    ]
    return Reasoning.model_validate({"anchor": "#r", "major_gap_penalty": Decimal(penalty), "required_links": links})


def talk(written: str) -> Talk:
    """`S[PLAN] words / P[PLAN] words`; an empty pair of brackets is no section."""
    utterances, sections = [], list[Section | None]()
    for turn, part in enumerate(written.split(" / "), start=1):
        match = re.fullmatch(r"([SPE?])\[(\w*)\] (.*)", part, re.DOTALL)
        assert match is not None, part
        utterances.append(utterance(turn, match[3], SPEAKERS[match[1]]))
        sections.append(Section(match[2]) if match[2] else None)
    return utterances, sections


def quoted(evidence: Sequence[AnyEvidence], utterances: Sequence[Utterance], summary: str) -> str:
    pieces = [
        f"written: {summary[e.start : e.end]}"
        if isinstance(e, SummaryEvidence)
        else f"{e.turn}: {utterances[e.turn - 1].text[e.start : e.end]}"
        for e in evidence
    ]
    return " + ".join(pieces)


def look(pattern: str, turns: str, summary: str | None = None) -> LinkResult:
    return score_reasoning(reasoning(pattern), *talk(turns), summary).links[0]


@pytest.mark.parametrize("row", WORKED, ids=lambda row: " ".join(row.values()))
def test_the_worked_examples_hold(row: dict[str, str]) -> None:
    heard, missing, major = (int(row[name]) for name in ("heard", "missing", "missing major"))
    patterns = [*["absent"] * (major + missing), *["present"] * heard]
    scored = score_reasoning(
        reasoning(*patterns, penalty=row["major_gap_penalty"], major=major), *talk("S[PLAN] present"), None
    )
    assert scored.detected == heard
    assert f"{four_places(scored.score)}" == row["score"]


@pytest.mark.parametrize("row", CITED, ids=[row["case"] for row in CITED])
def test_the_passage_of_the_page_is_cited(row: dict[str, str]) -> None:
    summary = "" if row["written"] == NONE else row["written"]
    utterances, sections = talk(row["turns"])
    link = score_reasoning(reasoning("tender.*x-?ray"), utterances, sections, summary or None).links[0]
    assert link.detected is (row["cited"] != NONE)
    if link.detected:
        assert quoted(link.evidence, utterances, summary) == row["cited"]


@pytest.mark.parametrize("speaker", ["P", "E", "?"])
def test_nobody_but_the_student_is_credited(speaker: str) -> None:
    assert not look("tender", f"S[PLAN] well / {speaker}[PLAN] it is tender").detected


def test_case_and_line_breaks_do_not_matter() -> None:
    assert look("TENDER.*radiograph", "S[PLAN] tender\nso a Radiograph").detected


def test_an_unanchored_pattern_is_found_inside_words_as_it_is_written() -> None:
    assert look("CT", "S[PLAN] several factors").detected
    assert not look(r"\bCT\b", "S[PLAN] several factors").detected


def test_a_pattern_for_a_whole_turn_is_searched_turn_by_turn() -> None:
    assert look("^rest$", "S[PLAN] well / S[PLAN] rest / S[PLAN] then").evidence == (Evidence(2, 0, 4),)


GAPS = {
    "the written summary": ("Rest only.", "S[HPI] hello / S[PLAN] rest", (SummaryEvidence(0, 10),)),
    "the concluding turns": (None, "S[HPI] hello / S[PLAN] rest / S[HPI] bye", (Evidence(2, 0, 4),)),
    "the last three concluding turns": (
        None,
        "S[PLAN] a / S[PLAN] b / P[PLAN] x / S[PLAN] c / S[PLAN] d",
        (Evidence(2, 0, 1), Evidence(4, 0, 1), Evidence(5, 0, 1)),
    ),
    "the student's last turn": ("  ", "S[HPI] hello / S[HPI] bye / P[HPI] ok", (Evidence(2, 0, 3),)),
}


@pytest.mark.parametrize(("summary", "turns", "evidence"), GAPS.values(), ids=GAPS)
def test_a_gap_says_where_it_was_looked_for(summary: str | None, turns: str, evidence: tuple[AnyEvidence, ...]) -> None:
    link = look("tender", turns, summary)
    assert not link.detected
    assert link.evidence == evidence


TURNS = st.lists(
    st.tuples(st.sampled_from("SP"), st.sampled_from(["", "HPI", "PLAN"]), st.text("abx é", min_size=1, max_size=6)),
    min_size=1,
    max_size=7,
)


def built(turns: Sequence[tuple[str, str, str]]) -> Talk:
    return (
        [utterance(number, text, SPEAKERS[who]) for number, (who, _, text) in enumerate(turns, start=1)],
        [Section(section) if section else None for _, section, _ in turns],
    )


@given(TURNS, st.text("abx ", max_size=8), st.integers(0, 4), st.sampled_from(["0", "-0.2", "-1"]))
def test_the_score_stays_between_0_and_1_and_evidence_is_the_students(
    turns: list[tuple[str, str, str]], summary: str, major: int, penalty: str
) -> None:
    utterances, sections = built(turns)
    scored = score_reasoning(
        reasoning("a.*b", "b.*a", "x", "é$", penalty=penalty, major=major), utterances, sections, summary
    )
    assert 0 <= scored.score <= 1
    for link in scored.links:
        for piece in link.evidence:
            if isinstance(piece, Evidence):
                said = utterances[piece.turn - 1]
                assert said.speaker is Speaker.STUDENT
                assert 0 <= piece.start < piece.end <= len(said.text)
            else:
                assert 0 <= piece.start < piece.end <= len(summary)


@given(TURNS, st.text("abx ", max_size=8))
def test_saying_more_never_loses_a_link(turns: list[tuple[str, str, str]], more: str) -> None:
    links = reasoning("a.*b", "x", r"\bab\b", major=1)
    before = score_reasoning(links, *built(turns), None)
    after = score_reasoning(links, *built([*turns, ("S", "PLAN", more)]), None)
    assert after.score >= before.score


@given(TURNS, st.text("abx ", max_size=8))
def test_what_the_patient_adds_changes_nothing(turns: list[tuple[str, str, str]], more: str) -> None:
    links = reasoning("a.*b", "x")
    assert score_reasoning(links, *built(turns), None) == score_reasoning(
        links, *built([*turns, ("P", "PLAN", more)]), None
    )
