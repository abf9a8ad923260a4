"""What the pages show, worked out from a result: pure, so no database here."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.compose import compose_feedback
from feedback.presentation import ribbon as places
from feedback.presentation.groups import Group, groups
from feedback.presentation.highlights import Ink, Segment, Span, highlighted
from feedback.presentation.numbers import timeline
from feedback.presentation.page import GradingPage, grading_page
from feedback.presentation.sentences import stored_feedback
from feedback.presentation.student import band, next_steps, strengths
from feedback.services import feedback_as_json
from scoring.domain.pipeline import Graded, SubmissionInputs, grade
from scoring.domain.result import GradingResult
from scoring.domain.terms import Style
from tests.builders import rubric

TRANSCRIPT = """\
[00:02] Student: Hi, I'm one of the students. What brings you in today?
[00:06] Patient: I rolled my ankle at football.
[00:10] Student: Sorry to hear that. When did that happen?
[00:14] Patient: Last night.
[00:17] Student: And could you walk on it afterwards?
[00:20] Patient: Only a couple of steps.
[00:25] Student: Do you have any allergies?
[00:28] Patient: Penicillin.
"""
SUMMARY = "A 23 year old who could not bear weight, so I would order an x-ray."


def graded(transcript: str = TRANSCRIPT, summary: str | None = SUMMARY) -> Graded:
    return grade(rubric(), SubmissionInputs(transcript, summary))


def page_of(result: GradingResult, transcript: str = TRANSCRIPT, summary: str | None = SUMMARY) -> GradingPage:
    sources = graded(transcript, summary).sources
    composed = feedback_as_json(compose_feedback(result, rubric(), sources, Style.CONSTRUCTIVE))
    return grading_page(
        result=result, feedback=stored_feedback(composed), oral_transcript=transcript, summary_text=summary or ""
    )


def page(transcript: str = TRANSCRIPT, summary: str | None = SUMMARY) -> GradingPage:
    return page_of(graded(transcript, summary).result, transcript, summary)


def group(of: GradingPage, name: str) -> Group:
    return next(found for found in of.groups if found.name == name)


def changed(result: GradingResult, part: str, **changes: Any) -> GradingResult:
    details = result.detailed_results
    entry = getattr(details, part).model_copy(update=changes)
    return result.model_copy(update={"detailed_results": details.model_copy(update={part: entry})})


# Evidence in the text


def span(start: int, end: int, item: int, ink: Ink = Ink.ASKED) -> Span:
    return Span(start, end, item, f"e{item}", ink)


def drawn(segments: tuple[Segment, ...]) -> str:
    """Marks as brackets with their items before: “ab[1:cd]”; a badge as “#1”."""
    pieces = []
    for segment in segments:
        badges = "".join(f"#{badge.item}" for badge in segment.badges)
        items = ",".join(str(item) for item in segment.items)
        pieces.append(f"{badges}[{items}:{segment.text}]" if segment.ink else segment.text)
    return "".join(pieces)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], "abcdefgh"),
        ([span(2, 4, 1)], "ab#1[1:cd]efgh"),
        ([span(0, 8, 1)], "#1[1:abcdefgh]"),
        ([span(1, 7, 1), span(3, 5, 2)], "a#1[1:bc]#2[1,2:de][1:fg]h"),
        ([span(1, 4, 1), span(3, 6, 2)], "a#1[1:bc]#2[1,2:d][2:ef]gh"),
        ([span(2, 4, 1), span(4, 6, 2)], "ab#1[1:cd]#2[2:ef]gh"),
        ([span(2, 4, 2), span(2, 4, 1)], "ab#1#2[1,2:cd]efgh"),
        ([span(2, 4, 1), span(6, 8, 1)], "ab#1[1:cd]ef#1[1:gh]"),
        ([span(4, 4, 1), span(9, 12, 2)], "abcdefgh"),
        ([span(6, 20, 1)], "abcdef#1[1:gh]"),
        ([Span(2, 4, 1, "")], "ab[1:cd]efgh"),
    ],
    ids=[
        "none", "one", "the whole passage", "nested", "overlapping", "touching", "the same passage twice",
        "one item in two places", "empty and outside", "reaching beyond the passage", "a further piece has no badge",
    ],
)  # fmt: skip
def test_marks_are_split_where_evidence_begins_and_ends(spans: list[Span], expected: str) -> None:
    assert drawn(highlighted("abcdefgh", 0, 8, spans)) == expected


def test_evidence_that_began_earlier_has_its_badge_only_there() -> None:
    assert drawn(highlighted("abcdefgh", 4, 8, [span(2, 6, 1)])) == "[1:ef]gh"


def test_what_needs_a_person_is_not_painted_over() -> None:
    segments = highlighted("abcd", 0, 4, [span(0, 4, 1), span(1, 3, 2, Ink.UNCERTAIN), span(0, 4, 3, Ink.OTHER)])
    assert [segment.ink for segment in segments] == [Ink.ASKED, Ink.UNCERTAIN, Ink.ASKED]


@given(
    text=st.text(max_size=40),
    bounds=st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45), st.integers(1, 5)), max_size=8),
)
def test_segments_join_to_the_text_and_each_character_has_the_items_that_cover_it(
    text: str, bounds: list[tuple[int, int, int]]
) -> None:
    spans = [span(start, end, item) for start, end, item in bounds]
    segments = highlighted(text, 0, len(text), spans)
    assert "".join(segment.text for segment in segments) == text
    place = 0
    for segment in segments:
        for index in range(place, place + len(segment.text)):
            assert set(segment.items) == {s.item for s in spans if s.start <= index < s.end}
        place += len(segment.text)


# The whole page


def test_the_transcript_reads_as_it_was_said() -> None:
    turns = page().turns
    assert [("".join(s.text for s in turn.segments), turn.speaker, turn.time) for turn in turns[:2]] == [
        ("Hi, I'm one of the students. What brings you in today?", "Student", "00:02"),
        ("I rolled my ankle at football.", "Patient", "00:06"),
    ]


def test_a_byte_order_mark_does_not_shift_the_marks() -> None:
    plain = page()
    marked = grading_page(
        result=plain.result, feedback=plain.feedback, oral_transcript="\ufeff" + TRANSCRIPT, summary_text=SUMMARY
    )
    assert marked.turns == plain.turns


def test_every_mark_shows_the_words_that_its_item_quotes() -> None:
    shown = page()
    segments = [s for turn in shown.turns for s in turn.segments] + list(shown.written_summary)
    quoted = {item.number: "".join(quote.quote for quote in item.marked) for item in shown.items if item.marked}
    marked = {number: "".join(s.text for s in segments if number in s.items) for number in quoted}
    assert len(quoted) >= 3
    assert marked == quoted


def test_every_link_to_evidence_has_its_place_on_the_page_and_no_place_is_named_twice() -> None:
    shown = page()
    segments = [s for turn in shown.turns for s in turn.segments] + list(shown.written_summary)
    anchors = [badge.anchor for segment in segments for badge in segment.badges]
    anchors += [f"turn-{turn.number}" for turn in shown.turns] + ["written-summary"]
    assert len(anchors) == len(set(anchors))
    assert {moment.anchor for item in shown.items for moment in item.moments} <= set(anchors)


def test_items_are_numbered_through_all_groups() -> None:
    shown = page()
    assert [item.number for item in shown.items] == list(range(1, len(shown.items) + 1))


def test_a_sentence_of_feedback_has_the_number_of_its_item() -> None:
    shown = page()
    by_number = {item.number: item for item in shown.items}
    sentences = [s for section in shown.sections for s in (*section.missed, *section.done) if s.number]
    assert len(sentences) == len({s.number for s in sentences}) >= 4
    assert all(by_number[s.number].citations.rubric == s.citations.rubric for s in sentences)
    assert all(by_number[s.number].credited == s.success for s in sentences)


@pytest.mark.parametrize(
    ("asked", "uncertain", "word", "note"),
    [
        (True, False, "Asked", ""),
        (False, False, "Missed", ""),
        (True, True, "Uncertain", "Counted as asked"),
        (False, True, "Uncertain", "Counted as missed"),
    ],
)
def test_a_question_shows_its_verdict_in_words(asked: bool, uncertain: bool, word: str, note: str) -> None:
    result = graded().result
    question = result.detailed_results.key_questions.questions[0].model_copy(
        update={"asked": asked, "uncertain": uncertain}
    )
    found = group(page_of(changed(result, "key_questions", questions=(question,))), "key_questions")
    assert (found.items[0].verdict.word, found.items[0].note) == (word, note)
    assert found.todo == int(uncertain)


def test_an_element_that_no_machine_can_check_is_faculty_s_to_mark() -> None:
    result = graded().result
    element = result.detailed_results.summary.elements[0].model_copy(
        update={"checkable": False, "matched": None, "kind": None, "evidence": ()}
    )
    found = group(page_of(changed(result, "summary", elements=(element,))), "summary")
    assert found.items[1].verdict.word == "Yours to mark"
    assert (found.todo, found.tally) == (1, "0 of 0 elements, 15 words")


def test_a_gap_of_reasoning_says_where_it_was_looked_for_without_marking_it() -> None:
    item = group(page(summary="A young man with a sore ankle."), "reasoning").items[0]
    assert (item.verdict.word, item.looked, item.marked, item.note) == ("Not heard", True, (), "Major gap")
    assert [(moment.when, moment.anchor) for moment in item.moments] == [("written summary", "written-summary")]


def test_a_missing_section_says_what_it_cost() -> None:
    items = group(page(summary=None), "structure").items
    assert next(i for i in items if i.label == "Summary").verdict.word == "Not heard"
    penalty = next(i for i in items if i.key == "penalty:missing_summary")
    assert (penalty.verdict.word, penalty.cost) == ("Applies", "−0.30")


def test_a_component_without_weight_is_said_not_to_count() -> None:
    bars = {bar.name: bar.weight for bar in page().bars}
    assert bars["communication"] == ""
    assert bars["key_questions"] == "40\N{NO-BREAK SPACE}%"


def test_points_add_up_to_the_overall_score() -> None:
    shown = page()
    points = sum(Decimal(bar.points) for bar in shown.bars)
    assert abs(points - shown.result.overall_score * 100) <= Decimal("0.05")


# Times


@pytest.mark.parametrize(
    ("transcript", "timed", "first"),
    [
        (TRANSCRIPT, True, "00:02"),
        ("Student: What brings you in?\nPatient: My ankle.\nStudent: Any allergies?\n", False, "turn 1"),
        ("[00:30] Student: What brings you in?\n[00:10] Patient: My ankle.\n", False, "00:30"),
        ("[59:50] Student: What brings you in?\n[1:00:10] Patient: My ankle.\n", True, "00:59:50"),
    ],
    ids=["by the clock", "without times, by turns", "times run backwards, by turns", "hours once any time needs them"],
)
def test_the_ribbon_is_drawn_by_time_where_times_can_be_trusted(transcript: str, timed: bool, first: str) -> None:
    shown = page(transcript)
    assert shown.ribbon.timed is timed
    assert shown.line.when(1) == first


def test_the_parts_of_the_ribbon_follow_one_another_to_the_end() -> None:
    parts = page().ribbon.parts
    assert parts
    edges = [(Decimal(part.x.rstrip("%")), Decimal(part.width.rstrip("%"))) for part in parts]
    for (x, width), (following, _) in pairwise(edges):
        assert abs(x + width - following) <= Decimal("0.02")
    assert abs(sum(edges[-1]) - 100) <= Decimal("0.02")


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([("HPI", True), ("ROS", True)], [places.IN_ORDER, places.IN_ORDER]),
        ([("HPI", True), ("ROS", True), ("HPI", False)], [places.IN_ORDER, places.IN_ORDER, places.AGAIN]),
        ([("ROS", False), ("HPI", True)], [places.OUT_OF_PLACE, places.IN_ORDER]),
        ([("HPI", True), ("PLAN", False)], [places.IN_ORDER, places.NOT_EXPECTED]),
    ],
    ids=["in order", "come back to", "out of place", "not asked for by the rubric"],
)
def test_a_section_out_of_place_is_told_from_one_come_back_to(
    runs: list[tuple[str, bool]], expected: list[places.Standing]
) -> None:
    structure = graded().result.detailed_results.structure
    one = structure.runs[0]
    made = tuple(one.model_copy(update={"section": name, "in_order": kept}) for name, kept in runs)
    structure = structure.model_copy(update={"runs": made})
    assert [places.standing(run, structure) for run in made] == expected


def test_warnings_lead_to_their_turns() -> None:
    shown = page("[00:30] Student: What brings you in?\n[00:10] Patient: My ankle.\n")
    warning = next(w for w in shown.warnings if "backwards" in w.message)
    assert warning.turns == ((2, "00:10"),)
    assert any("backwards" in note for note in shown.turns[1].warnings)


# For the student


@pytest.mark.parametrize(
    ("score", "cut", "word"),
    [
        ("0.6500", "0.6", "Borderline"),
        ("0.5500", "0.6", "Borderline"),
        ("0.6501", "0.6", "Above the cut"),
        ("0.5499", "0.6", "Below the cut"),
        ("0.9000", "0", None),
        ("0.9000", None, None),
    ],
)
def test_a_band_is_given_only_against_a_cut_score(score: str, cut: str | None, word: str | None) -> None:
    found = band(Decimal(score), None if cut is None else Decimal(cut))
    assert (found.word if found else None) == word


def test_strengths_are_quoted_and_come_from_different_components() -> None:
    shown = page()
    found = strengths(shown.result, shown.feedback, shown.line)
    assert len(found) == 3
    assert all(sentence.success and sentence.moments for sentence in found)
    assert len({sentence.citations.rubric[0].split("#")[1].split(".")[1] for sentence in found}) > 1


def test_next_steps_begin_with_the_gravest_and_leave_out_the_sum_of_all() -> None:
    shown = page("[00:02] Student: Hello, what is it?\n[00:06] Patient: My ankle.\n", summary=None)
    found = next_steps(shown.feedback, shown.line)
    assert [sentence.severity for sentence in found] == ["critical", "major", "major"]
    assert not any("by weight" in sentence.text for sentence in found)


def test_groups_of_an_empty_result_are_still_all_five() -> None:
    result = graded("Student: hello there\n", None).result
    line = timeline(result.detailed_results.transcript.turns)
    assert [found.name for found in groups(result, line)] == [
        "structure", "key_questions", "reasoning", "summary", "communication",
    ]  # fmt: skip
