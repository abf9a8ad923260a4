"""Feedback: complete, in order, once each, in three styles, and worded from the result alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from feedback.domain.compose import Feedback, compose_feedback
from feedback.domain.phrasing import SENTENCES, percent, shortened
from scoring.domain.overall import COMPONENTS
from scoring.domain.pipeline import Graded, SubmissionInputs, grade
from scoring.domain.terms import Severity, Style
from tests.builders import document, rubric
from tests.cast import TRANSCRIPT

WEAK = "[00:01] Student: Do you have any allergies?\n[00:04] Patient: No.\n[00:06] Student: Thanks, bye.\n[00:08] Patient: Bye."


def composed(text: str = TRANSCRIPT, style: Style = Style.CONSTRUCTIVE, **changes: object) -> tuple[Graded, Feedback]:
    document_ = rubric(**changes)
    graded = grade(document_, SubmissionInputs(text))
    return graded, compose_feedback(graded.result, document_, graded.sources, style)


def texts(feedback: Feedback) -> list[str]:
    return [item.text for section in feedback.sections for item in section.items]


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("text", [TRANSCRIPT, WEAK], ids=["strong", "weak"])
def test_every_component_is_there_in_order_with_each_item_once(text: str, style: Style) -> None:
    _, feedback = composed(text, style)
    assert tuple(section.category for section in feedback.sections) == COMPONENTS
    assert feedback.rejected == ()
    assert len(set(texts(feedback))) == len(texts(feedback))
    assert all("{" not in sentence for sentence in texts(feedback))


def test_items_are_ordered_by_severity_and_successes_come_last() -> None:
    ranks = {Severity.CRITICAL: 0, Severity.MAJOR: 1, Severity.MINOR: 2, None: 3}
    for text in (TRANSCRIPT, WEAK):
        for section in composed(text)[1].sections:
            order = [ranks[item.severity] for item in section.items]
            assert order == sorted(order)


def test_a_missed_critical_question_is_critical_and_low_coverage_is_major() -> None:
    _, feedback = composed(WEAK)
    items = feedback.sections[1].items
    assert [item.severity for item in items] == [Severity.CRITICAL, Severity.MAJOR, None]
    assert "Could you walk on it afterwards?" in items[0].text
    assert items[0].citations.rubric == ("rubric://ankle_v1#Q.weight_bearing",)


def test_a_reasoning_gap_says_where_it_was_looked_for() -> None:
    (gap,) = composed(WEAK)[1].sections[2].items
    assert gap.severity is Severity.MAJOR
    assert gap.citations.student
    assert gap.evidence


def test_no_summary_is_one_major_item() -> None:
    (item,) = composed(WEAK)[1].sections[3].items
    assert (item.severity, item.citations.rubric) == (Severity.MAJOR, ("rubric://ankle_v1#R.summary",))


def test_an_element_that_no_machine_can_check_is_not_spoken_of() -> None:
    element = {"id": "fluent", "anchor": "#R.fluent", "description": "Speaks fluently", "pattern": None}
    summary = {**document()["summary"], "required_elements": [element]}
    graded, feedback = composed(summary=summary)
    assert graded.result.detailed_results.summary.elements[0].matched is None
    assert graded.result.detailed_results.summary.elements_score == 1
    assert not any("fluently" in text for text in texts(feedback))


def test_the_overall_summary_speaks_of_scores_alone_and_cites_the_components() -> None:
    graded, feedback = composed()
    assert percent(graded.result.overall_score) in feedback.overall_summary
    assert "allergies" not in feedback.overall_summary
    assert feedback.overall_citations == (
        "rubric://ankle_v1#R.structure",
        "rubric://ankle_v1#R.key_questions",
        "rubric://ankle_v1#R.reasoning",
        "rubric://ankle_v1#R.summary",
        "rubric://ankle_v1#R.communication",
    )


def test_the_three_styles_say_the_same_in_other_words() -> None:
    by_style = {style: composed(style=style)[1] for style in Style}
    assert len({tuple(texts(feedback)) for feedback in by_style.values()}) == len(Style)
    shapes = {
        tuple((item.severity, item.citations, item.evidence) for section in f.sections for item in section.items)
        for f in by_style.values()
    }
    assert len(shapes) == 1


def test_every_sentence_exists_in_every_style() -> None:
    assert {name for name, styles in SENTENCES.items() if set(styles) != set(Style)} == set()


@pytest.mark.parametrize(
    ("score", "shown"),
    [("0.29", "29 %"), ("0.285", "28.5 %"), ("0.6875", "68.8 %"), ("0", "0 %"), ("1", "100 %"), ("0.5714", "57.1 %")],
)
def test_percentages_are_exact(score: str, shown: str) -> None:
    assert percent(Decimal(score)) == shown


def test_a_long_quotation_is_shortened_for_reading_and_kept_whole_as_evidence() -> None:
    words = "tell me more " * 40
    assert shortened(words).endswith("more …") or shortened(words).endswith("…")
    assert len(shortened(words)) <= 162
    long = f"[00:01] Student: {words}could you walk on it?\n[00:30] Patient: No."
    _, feedback = composed(long)
    quotes = [quote.quote for section in feedback.sections for item in section.items for quote in item.evidence]
    assert all(quote in long for quote in quotes)
