"""Communication: what each measure counts, when a rule is met, what is cited (docs/algorithms/communication.md)."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.domain.document import Communication, CommunicationRule, RuleKind
from scoring.domain.communication import MAX_EVIDENCE, CommunicationScore, measure, score_communication
from scoring.domain.conversation import sentences_of
from scoring.domain.cues import cues, technical_terms
from scoring.domain.evidence import Evidence
from scoring.domain.lexicon import LexiconError, fold, read_tables
from scoring.domain.measures import Measured, QuestionForm, question_form
from scoring.domain.overall import four_places
from scoring.domain.segmentation.section import Section
from scoring.domain.transcript.model import Speaker, Utterance
from tests.builders import utterance
from tests.tables import read_table

PAGE = "algorithms/communication.md"
SPEAKERS = {"S": Speaker.STUDENT, "P": Speaker.PATIENT, "E": Speaker.EXAMINER, "?": Speaker.UNKNOWN}
NONE = "–"
FORMS = {"open": QuestionForm.OPEN, "closed": QuestionForm.CLOSED, "none": QuestionForm.NONE}


def talk(written: str) -> list[Utterance]:
    """`S: words / P: words`; `S: (10) words` lasts ten seconds."""
    utterances, clock = [], 0
    for turn, part in enumerate(written.split(" / "), start=1):
        match = re.fullmatch(r"([SPE?]): (?:\((\d+)\) )?(.*)", part, re.DOTALL)
        assert match is not None, part
        if match[2] is None:
            utterances.append(Utterance(turn, SPEAKERS[match[1]], match[3]))
            continue
        end = clock + int(match[2]) * 1000
        utterances.append(Utterance(turn, SPEAKERS[match[1]], match[3], clock, end))
        clock = end
    return utterances


def unlabelled(utterances: list[Utterance]) -> list[Section | None]:
    return [None] * len(utterances)


def measured(turns: str, kind: str) -> Measured:
    utterances = talk(turns)
    return measure(utterances, unlabelled(utterances))[RuleKind(kind)]


def score(turns: str, *rules: dict[str, Any], sections: list[Section | None] | None = None) -> CommunicationScore:
    utterances = talk(turns)
    listed = [{"id": f"r{i}", "anchor": f"#r{i}", **rule} for i, rule in enumerate(rules)]
    return score_communication(
        Communication.model_validate({"rules": listed}), utterances, sections or unlabelled(utterances)
    )


def quotes(turns: str, evidence: tuple[Evidence, ...]) -> list[str]:
    utterances = talk(turns)
    return [utterances[piece.turn - 1].text[piece.start : piece.end] for piece in evidence]


def rows(heading: str) -> pytest.MarkDecorator:
    table = read_table(PAGE, heading)
    return pytest.mark.parametrize("row", table, ids=[" ".join(row.values()) for row in table])


def as_value(cell: str) -> Fraction | None:
    return None if cell == "null" else Fraction(cell)


@rows("Questions")
def test_a_question_has_the_form_of_the_page(row: dict[str, str]) -> None:
    [sentence] = sentences_of(utterance(1, row["sentence"]))
    assert question_form(sentence) is FORMS[row["form"]]


@pytest.mark.parametrize(
    ("sentence", "form"),
    [("what brings you in today", "open"), ("do you smoke", "closed"), ("okay", "none"), ("you smoke a lot", "none")],
)
def test_without_question_marks_the_opening_words_tell(sentence: str, form: str) -> None:
    [read] = sentences_of(utterance(1, sentence))
    assert question_form(read, punctuated=False) is FORMS[form]


@rows("Talk share")
def test_the_talk_share_is_that_of_the_page(row: dict[str, str]) -> None:
    value = measured(row["turns"], "talk_share").value
    assert value == as_value(row["share"])


@rows("Distress and its answer")
def test_empathy_is_heard_as_on_the_page(row: dict[str, str]) -> None:
    assert measured(row["turns"], "empathy_after_distress").value == as_value(row["share"])


@rows("Jargon")
def test_jargon_is_counted_as_on_the_page(row: dict[str, str]) -> None:
    found = measured(row["turns"], "jargon")
    if row["terms"] == "null":
        assert found.value is None
        return
    terms = [] if row["terms"] == NONE else row["terms"].split("; ")
    assert quotes(row["turns"], found.evidence) == terms
    assert found.value == len(terms)


@rows("Summarising back")
def test_a_summary_is_counted_as_on_the_page(row: dict[str, str]) -> None:
    assert measured(row["turns"], "summarising_back").value == int(row["count"])


@rows("Transitions")
def test_signposts_are_counted_as_on_the_page(row: dict[str, str]) -> None:
    assert measured(row["turns"], "transitions").value == int(row["count"])


JARGON = ["dyspnoea", "syncope", "haemoptysis", "dysuria"]
RECAP = "S: So just to recap, you had two weeks of cough with some fever, and you smoke. / P: Yes."
ANSWERED = "P: I'm scared. / S: I can see that. / S: Any pain? / "
MISSED = "P: I'm scared. / S: Any pain? / S: Any fever? / "
SUPPOSED_COUNT: dict[str, Callable[[int], str]] = {
    "jargon": lambda count: f"S: Any {' or '.join(JARGON[:count]) or 'pain'}? / P: No.",
    "transitions": lambda count: "S: Hello. / P: Hi." + " / S: Let's move on. / P: Fine." * count,
    "summarising_back": lambda count: " / S: Any pain? / P: No. / ".join([RECAP] * count),
}
SUPPOSED_RATIO: dict[str, Callable[[int, int], str]] = {
    "open_question_ratio": lambda yes, no: " / ".join(["S: Why?"] * yes + ["S: Do you smoke?"] * no + ["P: Yes."]),
    "talk_share": lambda yes, no: f"S: ({yes}) one / P: ({no}) two",
    "empathy_after_distress": lambda yes, no: ANSWERED * yes + MISSED * no + "P: No.",
}


def supposed(kind: str, value: str) -> str:
    """Turns of which the measure is `value`; “null” is a transcript with nothing to measure."""
    if value == "null":
        return "S: Hello. / P: Hello." if kind == "empathy_after_distress" else "S: Hello."
    if kind in SUPPOSED_COUNT:
        return SUPPOSED_COUNT[kind](int(value))
    above, below = (int(part) for part in value.split("/"))
    return SUPPOSED_RATIO[kind](above, below - above)


def number(written: str) -> int | Decimal:
    return Decimal(written) if "." in written else int(written)


def bounds(cell: str) -> dict[str, int | Decimal]:
    words = [] if cell == NONE else cell.split()
    return dict(zip(words[::2], map(number, words[1::2]), strict=True))


@rows("Bounds")
def test_a_rule_is_met_within_its_bounds(row: dict[str, str]) -> None:
    turns = supposed(row["kind"], row["measured"])
    assert measured(turns, row["kind"]).value == as_value(row["measured"])
    [result] = score(turns, {"kind": row["kind"], **bounds(row["bounds"])}).rules
    assert result.met is (row["met"] == "yes")


@rows("Score")
def test_the_score_is_the_weight_of_the_rules_met(row: dict[str, str]) -> None:
    met = [{"kind": "talk_share", "weight": number(w)} for w in row["weights met"].split() if w != NONE]
    missed = [{"kind": "transitions", "weight": number(w)} for w in row["weights not met"].split() if w != NONE]
    assert f"{four_places(score('S: Hello. / P: Hi.', *met, *missed).score)}" == row["score"]


def test_every_measure_is_reported_without_any_rule() -> None:
    reported = score("S: Any dyspnoea? / P: No.").measures
    assert reported == {
        "open_question_ratio": 0,
        "talk_share": Fraction(2, 3),
        "empathy_after_distress": None,
        "jargon": 1,
        "summarising_back": 0,
        "transitions": 0,
    }


def test_a_case_presentation_measures_nothing_and_breaks_no_rule() -> None:
    kinds = [kind for kind in RuleKind if kind not in (RuleKind.PATTERN, RuleKind.PHRASES)]
    scored = score("S: He has dyspnoea and syncope.", *({"kind": kind.value} for kind in kinds))
    assert set(scored.measures.values()) == {None}
    assert (scored.score, [result.evidence for result in scored.rules]) == (Fraction(1), [()] * len(kinds))


def test_a_pattern_counts_student_turns_also_in_a_presentation() -> None:
    turns = "S: My name is Ann, a student. / S: my name is on the door / P: My name is Bob."
    [result] = score(turns, {"kind": "pattern", "pattern": r"\bmy name is\b.*\bstudent\b"}).rules
    assert (result.measure, result.met, quotes(turns, result.evidence)) == (
        Fraction(1),
        True,
        ["My name is Ann, a student"],
    )
    [alone] = score("S: my name is Ann, student", {"kind": "pattern", "pattern": "my name"}).rules
    assert alone.met


def test_phrases_count_student_turns_as_whole_words() -> None:
    turns = "S: No. / S: The diagnosis is clear, no? / P: no no / S: Know it."
    [result] = score(turns, {"kind": "phrases", "phrases": ["no"], "min_count": 3}).rules
    assert (result.measure, result.met, quotes(turns, result.evidence)) == (Fraction(2), False, ["No", "no"])


def test_a_ratio_bounded_by_counts_reports_the_count() -> None:
    turns = "P: I'm scared. / S: I can see that. / P: I'm scared again. / S: Any fever?"
    [result] = score(turns, {"kind": "empathy_after_distress", "min_count": 2}).rules
    assert (result.measure, result.met) == (Fraction(1), False)


def test_a_missed_opportunity_cites_the_turn_that_missed_it() -> None:
    turns = "P: I'm scared. / S: When did it start? / P: Monday. / S: Any fever?"
    [result] = score(turns, {"kind": "empathy_after_distress", "min": 1}).rules
    assert quotes(turns, result.evidence) == ["When did it start?"]


def test_closed_questions_are_cited_when_none_was_open() -> None:
    turns = "S: Hello there. Do you smoke? / P: No."
    [result] = score(turns, {"kind": "open_question_ratio", "min": 0.3}).rules
    assert quotes(turns, result.evidence) == ["Do you smoke?"]


def test_evidence_is_limited_to_the_first_ten() -> None:
    turns = "S: What happened? / " * 15 + "P: Yes."
    [result] = score(turns, {"kind": "open_question_ratio"}).rules
    assert [piece.turn for piece in result.evidence] == list(range(1, MAX_EVIDENCE + 1))


def test_what_is_said_to_an_examiner_is_no_part_of_the_conversation() -> None:
    turns = "S: Any pain? / P: No. / E: Your findings? / S: He denies dyspnoea and syncope. / S: Any dysuria? / P: No."
    assert measured(turns, "jargon").value == 0
    assert measured(turns + " / S: Any dysuria? / P: No.", "jargon").value == 1


def test_a_case_presented_after_the_patients_last_word_is_no_part_of_the_conversation() -> None:
    turns = "S: Any pain? / P: No. / S: This is a man with dyspnoea. / S: You may have syncope again."
    sections: list[Section | None] = [Section.ROS, Section.ROS, Section.SUMMARY, Section.PLAN]
    found = measure(talk(turns), sections)[RuleKind.JARGON]
    assert quotes(turns, found.evidence) == ["syncope"]


def test_a_turn_that_was_labelled_a_summary_tells_back() -> None:
    turns = (
        "S: Any pain? / P: No. / S: Two weeks of cough with green phlegm, you smoke, and nobody else is ill. / P: Yes."
    )
    sections: list[Section | None] = [Section.ROS, Section.ROS, Section.SUMMARY, Section.SUMMARY]
    assert measure(talk(turns), sections)[RuleKind.SUMMARISING_BACK].value == 1
    assert measured(turns, "summarising_back").value == 0


def test_an_unknown_speaker_is_neither() -> None:
    assert measured("S: one / P: two / ?: three four five six", "talk_share").value == Fraction(1, 2)


def test_every_technical_term_has_its_plain_words() -> None:
    tables = read_tables("jargon.txt")
    assert {name for name, _ in tables["terms"]} == {name for name, _ in tables["plain words"]}


def test_no_plain_word_is_itself_a_technical_term() -> None:
    plain = {word for _, words in read_tables("jargon.txt")["plain words"] for word in words}
    for phrase in plain:
        [sentence] = sentences_of(utterance(1, phrase)) or [None]
        assert sentence is None or not technical_terms().find(sentence.tokens), phrase


def test_a_missing_data_file_is_refused_by_name() -> None:
    with pytest.raises(LexiconError, match=r"absent\.txt"):
        read_tables("absent.txt")


def test_british_and_american_spelling_are_one() -> None:
    pairs = ["haemoptysis hemoptysis", "oedema edema", "diarrhoea diarrhea", "tumour tumor", "dyspnoea dyspnea"]
    assert all(fold(one) == fold(other) for one, other in (pair.split() for pair in pairs))


def test_an_idiom_that_holds_a_feeling_is_none() -> None:
    [sentence] = sentences_of(utterance(1, "It's really hard to explain."))
    assert [hit.entry.table for hit in cues("distress", "not distress").find(sentence.tokens)] == ["not distress"]


SPOKEN = st.lists(
    st.tuples(
        st.sampled_from("SPE?"),
        st.lists(
            st.sampled_from(
                [
                    "what",
                    "do you",
                    "scared",
                    "I'm",
                    "sorry",
                    "dyspnoea",
                    "?",
                    ".",
                    "so you've been having",
                    "um",
                    "okay",
                ]
            ),
            max_size=8,
        ),
        st.sampled_from([None, Section.SUMMARY, Section.HPI]),
        st.integers(0, 9000) | st.none(),
    ),
    max_size=12,
)


@given(SPOKEN, st.sampled_from(list(RuleKind)), st.integers(0, 3), st.integers(0, 3))
def test_ratios_and_scores_stay_within_0_and_1_and_evidence_within_its_turn(
    spoken: list[tuple[str, list[str], Section | None, int | None]], kind: RuleKind, low: int, high: int
) -> None:
    utterances = [
        Utterance(turn, SPEAKERS[who], " ".join(words), None if ms is None else 0, ms)
        for turn, (who, words, _, ms) in enumerate(spoken, start=1)
    ]
    rule = CommunicationRule.model_validate(
        {"id": "r", "anchor": "#r", "kind": kind, "pattern": "so", "phrases": ["um"], "min_count": low, "max": high / 4}
    )
    scored = score_communication(Communication(rules=[rule]), utterances, [section for *_, section, _ in spoken])
    assert 0 <= scored.score <= 1
    for name in ("open_question_ratio", "talk_share", "empathy_after_distress"):
        value = scored.measures[name]
        assert value is None or 0 <= value <= 1
    for piece in scored.rules[0].evidence:
        said = utterances[piece.turn - 1]
        assert said.speaker is Speaker.STUDENT
        assert 0 <= piece.start < piece.end <= len(said.text)
