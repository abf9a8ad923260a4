"""The clinical vocabulary: what it finds, and that its file is in order."""

from __future__ import annotations

import pytest

from scoring.domain.matching.resources import DATA, MatcherDataError, read_lines
from scoring.domain.matching.tokens import stems_of
from scoring.domain.matching.vocabulary import Entry, Vocabulary, clinical_vocabulary, parse_entries

FOUND = [
    pytest.param("do you have any pain in your chest", {"chest pain"}, id="with-a-gap"),
    pytest.param("any high blood pressure", {"hypertension"}, id="several-words"),
    pytest.param("are you on apixaban", {"anticoagulant"}, id="generic-name"),
    pytest.param("do you take Eliquis", {"anticoagulant"}, id="brand-name"),
    pytest.param("any pins and needles", {"numbness"}, id="lay-words"),
    pytest.param("any paraesthesia", {"numbness"}, id="clinical-word"),
    pytest.param("did it come on all of a sudden", {"@suddenness"}, id="attribute"),
    pytest.param("how many packs a day do you smoke", {"@smoking"}, id="habit"),
    pytest.param("any spotting between periods", {"intermenstrual bleeding"}, id="gynaecology"),
    pytest.param("do you hear voices", {"hallucinations"}, id="psychiatry"),
    pytest.param("is he meeting his milestones", {"development"}, id="paediatrics"),
]
NOT_FOUND = [
    pytest.param("tell me about your family", "heart attack", id="no-mi-in-family"),
    pytest.param("what is your blood pressure", "blood", id="blood-pressure-is-no-blood"),
    pytest.param("who is your family doctor", "@family", id="family-doctor-is-no-relative"),
    pytest.param("are you fit and well", "seizure", id="fit-and-well-is-no-fit"),
    pytest.param("are you allergic to any medications", "@medication", id="allergic-to-medication"),
    pytest.param("that is a good job", "@occupation", id="praise-is-no-occupation"),
]


def concepts_in(text: str) -> set[str]:
    return {hit.concept for hit in clinical_vocabulary().hits(stems_of(text))}


@pytest.mark.parametrize(("text", "concepts"), FOUND)
def test_a_wording_is_found(text: str, concepts: set[str]) -> None:
    assert concepts <= concepts_in(text)


@pytest.mark.parametrize(("text", "concept"), NOT_FOUND)
def test_a_wording_inside_another_is_not_found(text: str, concept: str) -> None:
    assert concept not in concepts_in(text)


def test_a_medicine_is_a_medication_and_a_statin_no_painkiller() -> None:
    vocabulary = clinical_vocabulary()
    assert "@medication" in vocabulary.ancestors("nsaid")
    assert "painkiller" not in vocabulary.ancestors("statin")


def test_every_file_of_the_vocabulary_parses_and_names_each_entry_once() -> None:
    names = [
        entry.concept.name
        for path in sorted((DATA / "vocabulary").glob("*.txt"))
        for entry in parse_entries(read_lines(f"vocabulary/{path.name}"), path.name)
    ]
    assert len(names) == len(set(names))
    assert len(names) > 350


def test_a_school_can_add_its_own_words() -> None:
    own = parse_entries([(1, "[finding: ours]"), (2, "the collywobbles < nausea: collywobbles")], "own")
    entries: list[Entry] = [*clinical_entries(), *own]
    hits = Vocabulary(entries).hits(stems_of("any collywobbles"))
    assert [hit.concept for hit in hits] == ["the collywobbles"]


def clinical_entries() -> list[Entry]:
    paths = sorted((DATA / "vocabulary").glob("*.txt"))
    return [e for path in paths for e in parse_entries(read_lines(f"vocabulary/{path.name}"), path.name)]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([(3, "fever: hot")], "line 3"),
        ([(1, "[finding: x]"), (2, "gout < podagra: gout")], "podagra"),
    ],
    ids=["entry-before-a-heading", "unknown-broader-term"],
)
def test_a_faulty_file_says_where(lines: list[tuple[int, str]], message: str) -> None:
    with pytest.raises(MatcherDataError, match=message):
        Vocabulary(parse_entries(lines, "faulty"))
