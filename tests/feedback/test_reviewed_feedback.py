"""Feedback after a review: the machine's words where they stand, the examiner's decision where not."""

from __future__ import annotations

from typing import Any

import pytest

from feedback.domain.compose import Feedback, compose_feedback
from feedback.domain.gate import FeedbackItem
from feedback.domain.reviewed import Comment, comments_of, compose_reviewed
from scoring.domain.citations import Quote
from scoring.domain.pipeline import Graded, SubmissionInputs, grade
from scoring.domain.review import GRADING, Action, Decision, Judged, Review, review
from scoring.domain.terms import Severity, Style
from tests.builders import rubric
from tests.cast import TRANSCRIPT

RUBRIC = rubric()
GRADED = grade(RUBRIC, SubmissionInputs(TRANSCRIPT))
SILENT = grade(RUBRIC, SubmissionInputs("[00:02] Student: Hello there.\n[00:06] Patient: My ankle."))
ASKED = "question:weight_bearing"
WALK = "rubric://ankle_v1#Q.weight_bearing"


def decided(item: str, action: Action, **parts: Any) -> Decision:
    return Decision(1, item, action, **parts)


def after(*decisions: Decision, graded: Graded = GRADED) -> tuple[Feedback, Review]:
    numbered = [Decision(**{**_fields(one), "sequence": number}) for number, one in enumerate(decisions, start=1)]
    found = review(RUBRIC, graded.result, numbered)
    feedback = compose_reviewed(
        result=graded.result, review=found, rubric=RUBRIC, sources=graded.sources, style=Style.CONSTRUCTIVE
    )
    return feedback, found


def _fields(decision: Decision) -> dict[str, Any]:
    return {name: getattr(decision, name) for name in Decision.__slots__}


def about(feedback: Feedback, uri: str) -> list[FeedbackItem]:
    return [item for section in feedback.sections for item in section.items if uri in item.citations.rubric]


MISSED = decided(ASKED, Action.OVERRIDE, verdict=Judged.MISSED, reason="Only the patient said it.")


def test_without_decisions_it_is_the_machines_feedback_to_the_letter() -> None:
    feedback, _ = after()
    assert feedback == compose_feedback(GRADED.result, RUBRIC, GRADED.sources, Style.CONSTRUCTIVE)


def test_an_item_that_a_person_did_not_credit_is_told_once_as_the_examiners_decision() -> None:
    feedback, _ = after(MISSED)
    (item,) = about(feedback, WALK)
    assert item.severity is Severity.CRITICAL
    assert item.text.startswith("Your examiner did not credit this")
    assert "Could you walk on it afterwards?" in item.text


def test_reasons_are_for_colleagues_and_stand_nowhere_in_the_feedback() -> None:
    feedback, _ = after(MISSED)
    assert "Only the patient said it" not in str(feedback)


def test_an_item_that_a_person_credited_carries_the_passage_they_pointed_at() -> None:
    start = SILENT.sources.transcript.source.index("Hello there")
    quote = Quote(source="oral", turn=1, start=start, end=start + 11, quote="Hello there")
    feedback, _ = after(
        decided(ASKED, Action.OVERRIDE, verdict=Judged.MET, reason="Asked while walking in.", evidence=quote),
        graded=SILENT,
    )
    (item,) = about(feedback, WALK)
    assert (item.severity, item.evidence, item.citations.student) == (None, (quote,), ("student://oral#00:02–00:06",))


def test_a_passage_that_is_not_in_the_transcript_never_gets_past_the_gate() -> None:
    quote = Quote(source="oral", turn=1, start=0, end=5, quote="xxxxx")
    feedback, _ = after(
        decided(ASKED, Action.OVERRIDE, verdict=Judged.MET, reason="Asked.", evidence=quote), graded=SILENT
    )
    assert about(feedback, WALK) == []
    assert len(feedback.rejected) == 1


def test_an_item_that_was_taken_out_is_not_spoken_of() -> None:
    feedback, _ = after(decided(ASKED, Action.NOT_APPLICABLE, reason="No time at this station."))
    assert about(feedback, WALK) == []


def test_the_summary_and_the_coverage_speak_of_the_score_that_counts() -> None:
    feedback, found = after(MISSED)
    assert found.overall_score < GRADED.result.overall_score
    assert feedback.overall_summary.startswith(f"Overall {100 * found.overall_score:.1f} %")
    (coverage,) = about(feedback, "rubric://ankle_v1#R.key_questions")
    assert "33.3 %" in coverage.text


def test_low_coverage_is_no_longer_told_once_the_examiner_credited_enough() -> None:
    credited = [
        decided(key, Action.OVERRIDE, verdict=Judged.MET, reason="Asked.") for key in (ASKED, "question:allergies")
    ]
    before, _ = after(graded=SILENT)
    feedback, _ = after(*credited, graded=SILENT)
    assert about(before, "rubric://ankle_v1#R.key_questions")
    assert not about(feedback, "rubric://ankle_v1#R.key_questions")


@pytest.mark.parametrize(
    ("item", "anchor", "words"),
    [
        pytest.param("link:ottawa", "#R.reason.ottawa", "radiograph", id="a line of reasoning"),
        pytest.param(
            "element:problem", "#R.summary.req.problem", "age, sex and problem", id="an element of the summary"
        ),
        pytest.param("length", "#R.summary", "a summary of the right length", id="the length of the summary"),
        pytest.param(
            "penalty:missing_summary", "#R.structure.penalty.missing_summary", "missing_summary", id="a penalty"
        ),
        pytest.param("section:FH", "#R.structure", "the family history in its place", id="a section"),
    ],
)
def test_every_kind_of_item_is_told_in_the_rubrics_words_at_its_own_anchor(item: str, anchor: str, words: str) -> None:
    verdicts = {outcome.item.key: outcome.item.credited for outcome in review(RUBRIC, SILENT.result, []).outcomes}
    judged = Judged.MISSED if verdicts[item] else Judged.MET
    feedback, _ = after(decided(item, Action.OVERRIDE, verdict=judged, reason="I was there."), graded=SILENT)
    told = [one for one in about(feedback, f"rubric://ankle_v1{anchor}") if "examiner" in one.text]
    assert len(told) == 1
    assert words.casefold() in told[0].text.casefold()


def test_comments_are_the_persons_own_words_about_the_whole_first() -> None:
    _, found = after(
        decided(ASKED, Action.COMMENT, comment="Ask it as one question."),
        decided(GRADING, Action.COMMENT, comment="A kind manner."),
    )
    assert comments_of(found, RUBRIC) == (
        Comment("", "A kind manner."),
        Comment("“Could you walk on it afterwards?”", "Ask it as one question."),
    )
