"""Structure: order, detours, penalties and violations (docs/algorithms/structure.md)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.domain.document import Structure
from scoring.domain.overall import four_places
from scoring.domain.segmentation.section import Section
from scoring.domain.structure import ViolationKind, score_structure
from scoring.domain.transcript.model import Speaker
from tests.builders import ORDER, interview, rubric, utterance
from tests.tables import read_table

STRUCTURE = rubric().structure
WORKED = read_table("algorithms/structure.md", "Worked examples")


def structure(*penalties: dict[str, object], order: list[str] = ORDER) -> Structure:
    filled = [{"anchor": f"#P.{p['id']}", "value": -0.1, **p} for p in penalties]
    return Structure.model_validate({"anchor": "#R.structure", "expected_order": order, "penalties": filled})


@pytest.mark.parametrize("row", WORKED, ids=[row["detected"] for row in WORKED])
def test_the_worked_examples_hold(row: dict[str, str]) -> None:
    score = score_structure(STRUCTURE, *interview(*row["detected"].split()))
    assert list(score.detected_order) == row["detected"].split()
    assert len(score.in_order) == int(row["lcs"])
    assert {p.id for p in score.applied_penalties} == set(row["penalties"].replace("–", "").split())
    assert f"{four_places(score.score)}" == row["score"]


@pytest.mark.parametrize("label", ["Summary", "SUMMARY", "summary", "Summary statement"])
def test_missing_summary_never_fires_when_a_summary_is_there_however_the_rubric_spells_it(label: str) -> None:
    order = [*ORDER[:-1], label]
    penalty = {"id": f"missing_{label.lower().replace(' ', '_')}"}
    score = score_structure(structure(penalty, order=order), *interview("CC", "HPI", "Summary"))
    assert score.applied_penalties == ()
    without = score_structure(structure(penalty, order=order), *interview("CC", "HPI"))
    assert [p.id for p in without.applied_penalties] == [penalty["id"]]


def test_one_family_question_inside_the_social_history_is_not_a_missing_family_history() -> None:
    utterances, sections = interview("CC", "HPI", "SH")
    sections[-4:-2] = [Section.FH, Section.FH]
    utterances += [utterance(len(utterances) + 1, "…")]
    sections += [Section.SH]
    score = score_structure(STRUCTURE, utterances, sections)
    assert "FH" in score.detected_order


def test_a_single_question_in_passing_is_a_detour_when_its_section_has_a_place_of_its_own() -> None:
    utterances, sections = interview("CC", "HPI", "HPI", "ROS", "PMH")
    sections[8:10] = [Section.PMH, Section.PMH]
    score = score_structure(STRUCTURE, utterances, sections)
    assert score.detected_order == ("CC", "HPI", "ROS", "PMH")
    assert score.applied_penalties[0].id == "missing_summary"


def test_medications_and_allergies_count_as_past_history_where_the_order_does_not_name_them() -> None:
    assert score_structure(STRUCTURE, *interview("PMH", "MEDS", "ALLERGIES")).detected_order == ("PMH",)
    named = structure(order=["PMH", "Medications", "allergies"])
    assert score_structure(named, *interview("PMH", "MEDS", "ALLERGIES")).detected_order == (
        "PMH",
        "Medications",
        "allergies",
    )


def test_utterances_without_a_section_stay_in_the_run_they_stand_in() -> None:
    utterances, sections = interview("CC", "HPI")
    sections[5] = None
    assert score_structure(STRUCTURE, utterances, sections).detected_order == ("CC", "HPI")


def test_each_missing_section_is_reported_once_with_its_own_anchor_where_there_is_one() -> None:
    score = score_structure(STRUCTURE, *interview("CC", "HPI", "ROS", "PMH", "SH"))
    missing = {v.section: v.penalty for v in score.violations if v.kind is ViolationKind.MISSING}
    assert list(missing) == ["FH", "Summary"]
    assert missing["FH"] is None
    assert missing["Summary"] is not None
    assert missing["Summary"].anchor == "#R.structure.penalty.missing_summary"
    assert len(score.violations) == 2


def test_an_inversion_names_the_section_that_should_have_come_first_and_where_it_was_found() -> None:
    score = score_structure(STRUCTURE, *interview("CC", "PMH", "HPI", "ROS", "SH", "FH", "Summary"))
    (inversion,) = score.violations
    assert (inversion.kind, inversion.section, inversion.before) == (ViolationKind.INVERSION, "PMH", "HPI")
    assert inversion.penalty is not None
    assert inversion.run is not None
    assert (inversion.run.first_turn, inversion.run.last_turn) == (5, 8)


def test_a_displaced_section_without_a_penalty_is_still_reported_once() -> None:
    score = score_structure(structure(), *interview("CC", "HPI", "ROS", "FH", "PMH", "SH", "Summary"))
    assert [(v.section, v.before) for v in score.violations] == [("FH", "SH")]


def test_an_order_penalty_needs_both_sections() -> None:
    penalty = {"id": "swap_pmh_before_hpi"}
    assert score_structure(structure(penalty), *interview("CC", "PMH")).applied_penalties == ()
    assert score_structure(structure(penalty), *interview("CC", "PMH", "HPI")).applied_penalties != ()
    assert score_structure(structure(penalty), *interview("CC", "HPI", "PMH")).applied_penalties == ()


def test_a_penalty_that_cannot_be_read_never_applies() -> None:
    assert score_structure(structure({"id": "sloppy"}), *interview("CC")).applied_penalties == ()


@given(st.lists(st.sampled_from([*Section, None]), max_size=60), st.lists(st.sampled_from(list(Speaker)), max_size=60))
def test_any_labelling_scores_between_0_and_1_and_reports_every_expected_section_once(
    sections: list[Section | None], speakers: list[Speaker]
) -> None:
    size = min(len(sections), len(speakers))
    utterances = [utterance(turn, "…", speakers[turn - 1]) for turn in range(1, size + 1)]
    score = score_structure(STRUCTURE, utterances, sections[:size])
    assert 0 <= score.score <= 1
    labels = [run.label for run in score.in_order]
    assert labels == [label for label in ORDER if label in labels]
    missing = [v.section for v in score.violations if v.kind is ViolationKind.MISSING]
    assert sorted(missing) == sorted(set(ORDER) - set(score.detected_order))
    assert len(set(missing)) == len(missing)


@given(st.lists(st.sampled_from(ORDER), max_size=12))
def test_the_subsequence_is_as_long_as_an_independent_count_finds(detected: list[str]) -> None:
    score = score_structure(structure(), *interview(*detected))
    runs = score.detected_order
    best = [0] * (len(ORDER) + 1)
    for label in runs:
        for place in reversed([i for i, expected in enumerate(ORDER) if expected == label]):
            best[place + 1] = max(best[place + 1], max(best[: place + 1]) + 1)
    assert len(score.in_order) == max(best)
