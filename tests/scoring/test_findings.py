"""Findings: which are affirmed and which are negated (docs/algorithms/findings.md)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.findings import Finding, Polarity, distinct_findings, find_findings, specific_concepts
from scoring.domain.lexicon import read_tables
from tests.tables import read_table

WORKED = read_table("algorithms/findings.md", "Worked examples")
CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "findings.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("# ")
]


def listed(cell: str) -> list[str]:
    return sorted(part.strip() for part in cell.split(";") if part.strip() not in ("", "–"))


def concepts(text: str, polarity: Polarity) -> list[str]:
    return sorted(finding.concept for finding in distinct_findings(text, polarity))


@pytest.mark.parametrize("row", WORKED, ids=[row["text"] for row in WORKED])
def test_the_worked_examples_hold(row: dict[str, str]) -> None:
    assert concepts(row["text"], Polarity.AFFIRMED) == listed(row["affirmed"])
    assert concepts(row["text"], Polarity.NEGATED) == listed(row["negated"])


@pytest.mark.parametrize(("text", "affirmed", "negated"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_each_case_of_the_table_is_read_as_a_clinician_reads_it(text: str, affirmed: str, negated: str) -> None:
    text = text.replace("\\n", "\n")
    assert concepts(text, Polarity.AFFIRMED) == listed(affirmed)
    assert concepts(text, Polarity.NEGATED) == listed(negated)


def test_the_table_is_as_large_as_the_page_says_and_repeats_no_case() -> None:
    assert len(CASES) == 275
    assert len({case[1] for case in CASES}) == len(CASES)
    assert len({case[0] for case in CASES}) == len(CASES)


def test_the_vocabulary_is_broad() -> None:
    tables = read_tables("findings.txt")
    systems = set(tables) - {"places", "no finding"}
    named = {name for system in systems for name, _ in tables[system]}
    assert len(named) > 350
    assert all(len(tables[system]) >= 9 for system in systems)


def test_a_finding_quotes_the_words_that_name_it() -> None:
    text = "No swelling of the left wrist, but she’s short of breath."
    assert [(f.concept, text[f.start : f.end], f.polarity) for f in find_findings(text)] == [
        ("wrist swelling", "swelling of the left wrist", Polarity.NEGATED),
        ("shortness of breath", "short of breath", Polarity.AFFIRMED),
    ]


def test_the_first_mention_of_each_finding_is_kept() -> None:
    found = distinct_findings("Cough, fever, more cough.", Polarity.AFFIRMED)
    assert found == (Finding("cough", 0, 5, Polarity.AFFIRMED), Finding("fever", 7, 12, Polarity.AFFIRMED))


def test_a_finding_can_be_affirmed_at_one_time_and_negated_at_another() -> None:
    text = "Fever yesterday. No fever today."
    assert concepts(text, Polarity.AFFIRMED) == concepts(text, Polarity.NEGATED) == ["fever"]


def test_a_general_finding_is_dropped_beside_a_more_precise_one() -> None:
    assert specific_concepts(["pain", "chest pain", "headache"]) == {"chest pain", "headache"}


def test_five_differentials_are_no_positive_findings() -> None:
    text = "Differentials include gout, septic arthritis, cellulitis, fracture and lupus."
    assert find_findings(text) == ()


WORDS = st.lists(
    st.sampled_from(
        [
            "fever",
            "cough",
            "pain",
            "chest",
            "no",
            "denies",
            "but",
            ",",
            ".",
            "or",
            "mother",
            "likely",
            "is",
            "absent",
            "\n",
            "’",
            "é",
            "is ruled out",
            "not only",
            "afebrile",
            "in the",
            "knee",
            "?",
            "family history",
            "vs",
        ]
    ),
    max_size=40,
)


@given(WORDS | st.text(max_size=80))
def test_any_text_gives_ordered_spans_of_itself(words: list[str] | str) -> None:
    text = words if isinstance(words, str) else " ".join(words)
    found = find_findings(text)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert [f.end for f in found] == sorted(f.end for f in found)
    assert find_findings(text) == found


@given(WORDS)
def test_a_sentence_does_not_change_how_the_next_one_is_read(words: list[str]) -> None:
    before = " ".join(word for word in words if word not in {"?", "\n"})
    alone = find_findings("He has a rash.")
    after = find_findings(f"{before}. He has a rash.")
    assert [(f.concept, f.polarity) for f in after][-len(alone) :] == [(f.concept, f.polarity) for f in alone]


def test_negating_a_list_negates_each_of_its_items() -> None:
    symptoms = ["fever", "cough", "nausea", "vomiting", "rash", "headache", "syncope", "wheeze"]
    text = f"Denies {', '.join(symptoms[:-1])} or {symptoms[-1]}."
    assert concepts(text, Polarity.NEGATED) == sorted(symptoms)
    assert concepts(text, Polarity.AFFIRMED) == []


def test_time_grows_with_the_length_of_the_text_only() -> None:
    sentence = "Denies fever, chills and chest or abdominal pain, but has a cough and her left knee is swollen. "
    seconds = [min(_seconds(sentence * times) for _ in range(3)) for times in (100, 800)]
    assert seconds[1] < 8 * seconds[0] * 4


def _seconds(text: str) -> float:
    start = time.perf_counter()
    find_findings(text)
    return time.perf_counter() - start
