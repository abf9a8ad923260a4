"""The citation gate: nothing is said without an anchor of the rubric and a verbatim quotation."""

from __future__ import annotations

from typing import Any

import pytest

from feedback.domain.gate import CitationRejected, FeedbackItem, ItemType
from scoring.domain.citations import Citations, Citer, Quote, Sources, time_range
from scoring.domain.evidence import Evidence, SummaryEvidence
from scoring.domain.terms import Severity
from scoring.domain.transcript import parse_transcript

TEXT = "[00:05] Student: Could you walk on it?\n[00:09] Patient: No, é—not a step.\n[59:58] Student: An x-ray, then."
SOURCES = Sources(
    rubric_id="ankle_v1",
    anchors=frozenset({"#Q.weight_bearing", "#R.reasoning"}),
    transcript=parse_transcript(TEXT),
    summary_text="A 23-year-old with an ankle injury.",
    summary_tokens=6,
)
CITER = Citer(SOURCES)
QUOTE = Quote(source="oral", turn=1, start=TEXT.index("Could"), end=TEXT.index("?") + 1, quote="Could you walk on it?")
CITATIONS = Citations(rubric=("rubric://ankle_v1#Q.weight_bearing",), student=("student://oral#00:05–00:09",))


def item(**changes: Any) -> FeedbackItem:
    parts: dict[str, Any] = {
        "type": ItemType.SUCCESS,
        "severity": None,
        "text": "You asked.",
        "citations": CITATIONS,
        "evidence": (QUOTE,),
        "sources": SOURCES,
    }
    return FeedbackItem(**{**parts, **changes})


def test_an_item_with_a_known_anchor_and_a_verbatim_quotation_passes() -> None:
    assert item().text == "You asked."


@pytest.mark.parametrize(
    "changes",
    [
        {"citations": Citations(rubric=(), student=())},
        {"citations": Citations(rubric=("rubric://ankle_v1#Q.invented",), student=())},
        {"citations": Citations(rubric=("rubric://ankle_v2#Q.weight_bearing",), student=())},
        {"citations": Citations(rubric=("rubric://ankle_v1##Q.weight_bearing",), student=())},
        {"citations": Citations(rubric=CITATIONS.rubric, student=("student://oral##00:05",))},
        {"citations": Citations(rubric=CITATIONS.rubric, student=("patient://oral#00:05–00:09",))},
        {"evidence": (QUOTE.model_copy(update={"quote": "could you walk on it?"}),)},
        {"evidence": (QUOTE.model_copy(update={"start": QUOTE.start + 1, "end": QUOTE.end + 1}),)},
        {"evidence": (QUOTE.model_copy(update={"start": 10_000, "end": 10_021}),)},
        {"evidence": (QUOTE.model_copy(update={"start": 5, "end": 5, "quote": ""}),)},
        {"evidence": (QUOTE.model_copy(update={"source": "summary"}),)},
    ],
    ids=[
        "no anchor", "invented anchor", "another rubric", "two hashes", "student citation with two hashes",
        "another speaker", "other case", "shifted", "out of bounds", "empty quotation", "wrong source",
    ],
)  # fmt: skip
def test_an_item_that_cannot_be_traced_can_not_be_made(changes: dict[str, Any]) -> None:
    with pytest.raises(CitationRejected):
        item(**changes)


def test_severity_belongs_to_violations_alone() -> None:
    with pytest.raises(ValueError, match="severity"):
        item(severity=Severity.MAJOR)
    with pytest.raises(ValueError, match="severity"):
        item(type=ItemType.VIOLATION)


def test_evidence_is_cut_from_the_source_in_code_points() -> None:
    cited = CITER.cite("#Q.weight_bearing", [Evidence(2, 4, 5), SummaryEvidence(2, 13)])
    oral, written = cited.evidence
    assert (oral.quote, TEXT[oral.start : oral.end]) == ("é", "é")
    assert written.quote == "23-year-old"
    assert written.turn is None
    assert cited.citations.rubric == ("rubric://ankle_v1#Q.weight_bearing",)
    assert cited.citations.student == ("student://oral#00:09–59:58", "student://summary#tokens=6")


def test_without_times_turns_are_cited() -> None:
    untimed = Citer(
        Sources("r", frozenset(), parse_transcript("Student: Any pain?\nPatient: Yes.\nStudent: Where?"), None, 0)
    )
    one = untimed.cite("#a", [Evidence(1, 0, 9)])
    several = untimed.cite("#a", [Evidence(1, 0, 9), Evidence(3, 0, 6)], as_one_span=True)
    assert one.citations.student == ("student://oral#turn=1",)
    assert several.citations.student == ("student://oral#turn=1–3",)


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (5_000, 9_000, "00:05–00:09"),
        (5_000, 5_400, "00:05–00:06"),
        (3_590_000, 3_600_000, "00:59:50–01:00:00"),
        (7_200_000, 7_201_000, "02:00:00–02:00:01"),
    ],
)
def test_times_are_shown_with_hours_only_once_they_are_needed(start: int, end: int, shown: str) -> None:
    assert time_range(start, end) == shown
