"""The review screen's values: structure as items, the queue of a station, what history says. Pure, so no database."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.presentation.numbers import timeline
from feedback.presentation.review.queue import BINS, QueueEntry, first_waiting, place_of
from feedback.presentation.review.words import decision_words, verdict_words
from feedback.presentation.structure_items import structure_items
from feedback.review_forms import decision_request_of
from rubrics.domain.errors import Malformed
from scoring.domain.pipeline import SubmissionInputs, grade
from scoring.domain.result import GradingResult
from scoring.domain.review import Action, Decision, GlobalRating, ItemKind, Judged, review_items
from tests.builders import ORDER, rubric
from tests.cast import TRANSCRIPT

RUBRIC = rubric()


def result(transcript: str = TRANSCRIPT) -> GradingResult:
    return grade(RUBRIC, SubmissionInputs(transcript)).result


# Structure


def test_structure_lists_every_section_of_the_order_and_then_every_penalty() -> None:
    found = result()
    turns = found.detailed_results.transcript.turns
    items = list(structure_items(found.detailed_results.structure, timeline(turns)))
    assert [item.key for item in items] == [
        *(f"section:{label}" for label in ORDER), "penalty:missing_summary", "penalty:early_pmh",
    ]  # fmt: skip


def test_the_page_s_items_are_the_items_that_can_be_decided() -> None:
    found = result()
    turns = found.detailed_results.transcript.turns
    keys = [item.key for item in structure_items(found.detailed_results.structure, timeline(turns))]
    assert keys == [item.key for item in review_items(RUBRIC, found) if item.component == "structure"]


# The queue


def entry(number: int, state: str = "untouched", score: str = "0.7") -> QueueEntry:
    return QueueEntry(UUID(int=number), state, Decimal(score))


QUEUES = [
    ("the first of three", "uuu", 0, (None, 1), 0),
    ("the middle", "uuu", 1, (0, 2), 0),
    ("the last goes around the end", "uuu", 2, (1, 0), 0),
    ("what is complete is skipped ahead", "ucu", 0, (None, 2), 1),
    ("and is there when one goes back", "ucu", 2, (1, 0), 1),
    ("what is in progress still waits", "uip", 0, (None, 1), 0),
    ("all others complete", "cuc", 1, (0, None), 2),
    ("one alone", "u", 0, (None, None), 0),
]
STATES = {"u": "untouched", "i": "in_progress", "p": "in_progress", "c": "complete"}


@pytest.mark.parametrize(
    ("states", "here", "around", "done"), [row[1:] for row in QUEUES], ids=[row[0] for row in QUEUES]
)
def test_next_waits_and_previous_is_the_one_before(
    states: str, here: int, around: tuple[int | None, int | None], done: int
) -> None:
    entries = [entry(number, STATES[state]) for number, state in enumerate(states)]
    place = place_of(entries, UUID(int=here), Decimal(0))
    assert place is not None
    wanted = tuple(None if number is None else UUID(int=number) for number in around)
    assert (place.previous, place.next, place.done) == (*wanted, done)
    assert (place.number, place.total) == (here + 1, len(states))


def test_a_grading_that_was_replaced_has_no_place() -> None:
    assert place_of([entry(1)], UUID(int=2), Decimal(0)) is None


def test_the_first_that_waits_is_the_first_that_is_not_complete() -> None:
    assert first_waiting([entry(1, "complete"), entry(2, "in_progress"), entry(3)]) == UUID(int=2)
    assert first_waiting([entry(1, "complete")]) is None


def test_a_handful_of_scores_has_no_shape() -> None:
    place = place_of([entry(number) for number in range(4)], UUID(int=1), Decimal("0.6"))
    assert place is not None
    assert place.distribution is None


@given(st.lists(st.integers(0, 10_000), min_size=5, max_size=60), st.integers(0, 10_000))
def test_the_shape_is_told_in_words_and_marks_this_candidate(scores: list[int], cut: int) -> None:
    entries = [entry(number, score=str(Decimal(score).scaleb(-4))) for number, score in enumerate(scores)]
    place = place_of(entries, UUID(int=0), Decimal(cut).scaleb(-4))
    assert place is not None
    shape = place.distribution
    assert shape is not None
    assert [bar.here for bar in shape.bars].count(True) == 1
    assert len(shape.bars) == BINS
    assert all(bar.height >= 1 and bar.y >= 0 for bar in shape.bars)
    assert f"Scores of {len(scores)} candidates" in shape.words


# Words


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (Decision(1, "question:a", Action.OVERRIDE, Judged.MET), "Asked"),
        (Decision(1, "question:a", Action.OVERRIDE, Judged.MISSED), "Missed"),
        (Decision(1, "question:a", Action.ACCEPT), "Accepted"),
        (Decision(1, "question:a", Action.NOT_APPLICABLE), "Not applicable"),
        (Decision(1, "question:a", Action.COMMENT, comment="x"), "Commented"),
        (Decision(3, "question:a", Action.WITHDRAW, withdraws=2), "Undid decision 2"),
        (Decision(1, "grading", Action.RATE, rating=GlobalRating.GOOD), "Global rating: Good"),
        (Decision(1, "grading", Action.ACCEPT_REST), "Accepted the rest as graded"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_decision_is_told_in_words(decision: Decision, words: str) -> None:
    assert decision_words(decision, verdict_words(ItemKind.QUESTION)) == words


def test_without_a_summary_its_length_asks_whether_there_was_one() -> None:
    assert verdict_words(ItemKind.LENGTH, summary_found=False) == ("There was one", "There was none")


# Forms


@pytest.mark.parametrize("turn", ["0", "-1", "11", "x", "12:xx", "٣"])
def test_a_turn_that_is_not_there_is_refused(turn: str) -> None:
    posted = {"item": "question:a", "do": "met", "turn": turn, "client_token": str(UUID(int=1))}
    with pytest.raises(Malformed, match="There is no turn"):
        decision_request_of(posted, result().detailed_results.transcript.turns, TRANSCRIPT)


@given(
    st.dictionaries(
        st.sampled_from(["item", "do", "seen", "client_token", "turn", "quote", "start", "end", "source"]), st.text()
    )
)
def test_no_form_does_anything_but_decide_or_be_refused(posted: dict[str, str]) -> None:
    try:
        request = decision_request_of(posted, _TURNS, TRANSCRIPT)
    except Malformed:
        return
    assert request.item == posted.get("item", "")


_TURNS = result().detailed_results.transcript.turns
