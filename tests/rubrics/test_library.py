"""The rubrics and samples that ship with the product: what a school sees first must be sound."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
import re2

from rubrics.domain.document import RubricDocument, RubricStatus, rubric_from_json
from rubrics.domain.qa import check_rubric

LIBRARY = Path(__file__).resolve().parents[2] / "rubrics" / "library"
SAMPLES = LIBRARY / "samples"

THREE_LEVELS = ("strong", "middling", "weak")
SAMPLES_OF = {
    "abdominal_pain_v1": (*THREE_LEVELS, "presentation"),
    "chest_pain_v1": THREE_LEVELS,
    "cough_dyspnea_v1": ("interview",),
    "headache_v1": (*THREE_LEVELS, "presentation"),
    "joint_pain_v1": ("interview",),
    "low_mood_v1": ("interview",),
    "pediatric_fever_v1": ("interview",),
    "stroke_v1": THREE_LEVELS,
}
EVERY_SAMPLE = [(rubric_id, stem) for rubric_id, stems in SAMPLES_OF.items() for stem in stems]

MIN_TURNS = 60
TIME = r"\W*(?:\d[\d:]*\W*(?:[-–]\W*\d[\d:]*\W*)?)?"
LABELLED = re.compile(rf"{TIME}[A-Za-z]{{1,12}}:", re.ASCII)
OTHER_SPEAKER = re.compile(rf"{TIME}(?:Patient|P|SP|Examiner|Preceptor|Attending):", re.ASCII)

every_rubric = pytest.mark.parametrize("rubric_id", SAMPLES_OF)
every_sample = pytest.mark.parametrize(("rubric_id", "stem"), EVERY_SAMPLE, ids=[f"{r}-{s}" for r, s in EVERY_SAMPLE])


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of an examiner's mark sheet: was it asked, and in which turns (1-based over all turns)."""

    question_id: str
    asked: bool
    turns: tuple[int, ...]


def load(rubric_id: str) -> RubricDocument:
    return rubric_from_json((LIBRARY / f"{rubric_id}.json").read_bytes())


def turns_of(rubric_id: str, stem: str) -> list[str]:
    """The opening line of each turn; a line without a label continues the turn above, unless no line has one."""
    text = (SAMPLES / rubric_id / f"{stem}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip()]
    return [line for line in lines if LABELLED.match(line)] or lines


def mark_sheet(rubric_id: str, stem: str) -> list[Mark]:
    sheets = json.loads((SAMPLES / rubric_id / "expected.json").read_text(encoding="utf-8"))
    marks = sheets[stem]["questions"].items()
    return [Mark(question_id, mark["asked"], tuple(mark["turns"])) for question_id, mark in marks]


def patterns_of(rubric: RubricDocument) -> list[tuple[str, str]]:
    """Anchor and pattern of every item that has one."""
    found = [(link.anchor, link.pattern) for link in rubric.reasoning.required_links]
    found += [(item.anchor, item.pattern) for item in rubric.summary.required_elements if item.pattern is not None]
    found += [(rule.anchor, rule.pattern) for rule in rubric.communication.rules if rule.pattern is not None]
    return found


def matches_the_empty_text(pattern: str) -> bool:
    """Raises re2.error when the pattern doesn't compile."""
    options = re2.Options()
    options.case_sensitive = False
    options.dot_nl = True
    options.log_errors = False
    return re2.compile(pattern, options).search("") is not None


def repeated(values: list[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def test_the_library_holds_these_eight_rubrics_and_no_other() -> None:
    assert {path.stem for path in LIBRARY.glob("*.json")} == set(SAMPLES_OF)


@every_rubric
def test_the_file_is_named_after_the_rubric_it_holds(rubric_id: str) -> None:
    assert load(rubric_id).rubric_id == rubric_id


@every_rubric
def test_the_rubric_ships_as_the_first_draft_for_faculty_to_approve(rubric_id: str) -> None:
    rubric = load(rubric_id)
    assert (rubric.version, rubric.status, rubric.approval) == ("1.0.0", RubricStatus.DRAFT, None)


@every_rubric
def test_the_weights_sum_to_exactly_one(rubric_id: str) -> None:
    rubric = load(rubric_id)
    assert sum(rubric.weights.model_dump().values(), Decimal(0)) == 1
    assert rubric.communication.weight == rubric.weights.communication


@every_rubric
def test_no_anchor_is_used_twice(rubric_id: str) -> None:
    assert repeated([anchor for _, anchor in load(rubric_id).anchors()]) == []


@every_rubric
def test_no_question_id_or_label_is_used_twice(rubric_id: str) -> None:
    questions = load(rubric_id).key_questions
    assert repeated([question.id for question in questions]) == []
    assert repeated([question.label.casefold() for question in questions]) == []


@every_rubric
def test_no_phrase_is_used_twice_whatever_its_case_and_spacing(rubric_id: str) -> None:
    phrases = [phrase for question in load(rubric_id).key_questions for phrase in question.phrases]
    assert repeated([" ".join(phrase.casefold().split()) for phrase in phrases]) == []


@every_rubric
def test_every_pattern_compiles_and_needs_at_least_a_word(rubric_id: str) -> None:
    always_found = [anchor for anchor, pattern in patterns_of(load(rubric_id)) if matches_the_empty_text(pattern)]
    assert always_found == []


@every_rubric
def test_every_pattern_is_anchored_at_a_word_boundary(rubric_id: str) -> None:
    loose = [anchor for anchor, pattern in patterns_of(load(rubric_id)) if r"\b" not in pattern]
    assert loose == []


@every_rubric
def test_some_questions_are_critical_and_not_all(rubric_id: str) -> None:
    assert {question.critical for question in load(rubric_id).key_questions} == {True, False}


@every_rubric
def test_the_summary_limit_is_one_that_a_student_can_keep_to(rubric_id: str) -> None:
    assert 40 <= load(rubric_id).summary.max_tokens <= 120


@every_rubric
def test_faculty_could_approve_the_rubric_as_it_ships(rubric_id: str) -> None:
    assert check_rubric(load(rubric_id)).errors == ()


@every_rubric
def test_every_penalty_that_states_its_sections_names_expected_ones(rubric_id: str) -> None:
    structure = load(rubric_id).structure
    named = {name for penalty in structure.penalties for name in (penalty.section, penalty.before) if name}
    assert named <= set(structure.expected_order)


@every_rubric
def test_the_rubric_has_its_samples_and_each_is_marked(rubric_id: str) -> None:
    folder = SAMPLES / rubric_id
    transcripts = {path.stem for path in folder.glob("*.txt") if not path.stem.endswith(".summary")}
    sheets = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert transcripts == set(sheets) == set(SAMPLES_OF[rubric_id])


@every_rubric
def test_every_written_summary_belongs_to_a_sample(rubric_id: str) -> None:
    stems = {path.name.removesuffix(".summary.txt") for path in (SAMPLES / rubric_id).glob("*.summary.txt")}
    assert stems <= set(SAMPLES_OF[rubric_id])


@every_sample
def test_a_sample_is_as_long_as_a_real_station(rubric_id: str, stem: str) -> None:
    assert len(turns_of(rubric_id, stem)) >= MIN_TURNS


@every_sample
def test_the_mark_sheet_marks_exactly_the_questions_of_the_rubric(rubric_id: str, stem: str) -> None:
    assert sorted(mark.question_id for mark in mark_sheet(rubric_id, stem)) == sorted(
        question.id for question in load(rubric_id).key_questions
    )


@every_sample
def test_a_question_is_marked_asked_exactly_when_turns_are_given(rubric_id: str, stem: str) -> None:
    inconsistent = [mark for mark in mark_sheet(rubric_id, stem) if mark.asked is not bool(mark.turns)]
    assert inconsistent == []


@every_sample
def test_every_marked_turn_exists_and_is_the_students(rubric_id: str, stem: str) -> None:
    turns = turns_of(rubric_id, stem)
    students = {number for number, line in enumerate(turns, start=1) if not OTHER_SPEAKER.match(line)}
    astray = [mark for mark in mark_sheet(rubric_id, stem) if not students.issuperset(mark.turns)]
    assert astray == []
    assert stem == "presentation" or len(students) < len(turns)
