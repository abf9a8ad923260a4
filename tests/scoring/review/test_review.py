"""Final scores from decisions (docs/algorithms/decisions.md), and what holds for any decisions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.domain.document import rubric_from_json
from rubrics.domain.errors import Malformed, Refusal, WrongState
from scoring.domain.formulas import ONE, ZERO
from scoring.domain.overall import COMPONENTS, OverallScore, four_places
from scoring.domain.pipeline import SubmissionInputs, grade
from scoring.domain.review import (
    GRADING,
    Action,
    Decision,
    GlobalRating,
    ItemKind,
    Judged,
    Outcome,
    Review,
    ReviewItem,
    ReviewState,
    Standing,
    decision_to_keep,
    outcomes_of,
    review,
    standing_of,
)
from scoring.domain.review.items import places_in_order, section_keys
from scoring.domain.review.scores import final_scores
from tests.builders import document, rubric
from tests.cast import TRANSCRIPT
from tests.tables import read_table

WORKED = read_table("algorithms/decisions.md", "Worked examples")
LIBRARY = Path(__file__).resolve().parents[3] / "rubrics" / "library"
ITEM = re.compile(r"(?P<id>[A-Za-z]+)(?P<weight>!|-?[\d.]+)?(?:@(?P<follows>\w+))?(?P<sign>[+?-])")
KIND = {
    "key_questions": ItemKind.QUESTION,
    "reasoning": ItemKind.LINK,
    "structure": ItemKind.SECTION,
    "summary": ItemKind.ELEMENT,
    "communication": ItemKind.RULE,
}
WORDS = {
    "accept": (Action.ACCEPT, None),
    "met": (Action.OVERRIDE, Judged.MET),
    "missed": (Action.OVERRIDE, Judged.MISSED),
    "n/a": (Action.NOT_APPLICABLE, None),
}
LENGTH = ReviewItem("L", "summary", ItemKind.LENGTH, credited=True, share=ONE)


def item_of(component: str, text: str) -> ReviewItem:
    found = ITEM.fullmatch(text)
    assert found, text
    credited = {"+": True, "-": False, "?": None}[found["sign"]]
    weight = Fraction(found["weight"]) if found["weight"] and found["weight"] != "!" else ONE
    kind = KIND[component]
    if found["follows"]:
        kind = ItemKind.PENALTY
    elif component == "summary" and found["id"] == "L":
        return ReviewItem("L", component, ItemKind.LENGTH, credited, share=weight)
    return ReviewItem(
        key=found["id"],
        component=component,
        kind=kind,
        credited=credited,
        share=ONE if credited else ZERO,
        weight=weight,
        major=found["weight"] == "!",
        follows=found["follows"] or "",
    )


def decided(text: str) -> Standing:
    verdicts = {}
    for number, part in enumerate(filter(None, text.split(", ")), 1):
        key, word = part.split()
        action, verdict = WORDS[word]
        verdicts[key] = Decision(number, key, action, verdict)
    return Standing(verdicts, {})


def scored(items: Sequence[ReviewItem], standing: Standing) -> OverallScore:
    if not any(item.kind is ItemKind.LENGTH for item in items):
        items = [*items, LENGTH]
    found = next(item.share > 0 for item in items if item.kind is ItemKind.LENGTH)
    return final_scores(rubric(), outcomes_of(items, standing), summary_found=found)


@pytest.mark.parametrize("row", WORKED, ids=lambda row: " ".join(row.values()))
def test_the_worked_examples_hold(row: dict[str, str]) -> None:
    name = row["component"]
    items = [item_of(name, text) for text in row["items"].split()]
    assert f"{four_places(scored(items, decided('')).contributions[name].score)}" == row["machine"]
    assert f"{four_places(scored(items, decided(row['decisions'])).contributions[name].score)}" == row["final"]


def sample_names() -> list[str]:
    texts = sorted((LIBRARY / "samples").glob("*/*.txt"))
    return [f"{path.parent.name}/{path.stem}" for path in texts if not path.stem.endswith(".summary")]


@pytest.mark.parametrize("name", sample_names())
def test_without_decisions_the_scores_are_the_machine_s_to_the_last_digit(name: str) -> None:
    rubric_id, _, sample = name.partition("/")
    folder = LIBRARY / "samples" / rubric_id
    written = folder / f"{sample}.summary.txt"
    inputs = SubmissionInputs((folder / f"{sample}.txt").read_text(), written.read_text() if written.exists() else None)
    document_ = rubric_from_json((LIBRARY / f"{rubric_id}.json").read_bytes())
    result = grade(document_, inputs).result
    found = review(document_, result, [])
    assert found.overall_score == result.overall_score
    assert found.component_scores == result.component_scores
    assert found.changes == ()
    assert found.progress.state is ReviewState.UNTOUCHED


# What holds for any decisions


@st.composite
def item_lists(draw: st.DrawFn) -> list[ReviewItem]:
    items: list[ReviewItem] = []
    for component, kind in KIND.items():
        for number in range(draw(st.integers(0, 4))):
            credited = draw(st.sampled_from([True, False, None] if kind is ItemKind.ELEMENT else [True, False]))
            items.append(
                ReviewItem(
                    key=f"{kind}:{number}",
                    component=component,
                    kind=kind,
                    credited=credited,
                    share=ONE if credited else ZERO,
                    weight=Fraction(draw(st.integers(0, 3))),
                    uncertain=draw(st.booleans()),
                    major=draw(st.booleans()),
                )
            )
    for number in range(draw(st.integers(0, 2))):
        spared = draw(st.booleans())
        value = Fraction(-draw(st.integers(0, 10)), 10)
        section = f"section:{draw(st.integers(0, 3))}"
        items.append(
            ReviewItem(
                f"penalty:{number}", "structure", ItemKind.PENALTY, spared, Fraction(spared), value, follows=section
            )
        )
    share = Fraction(draw(st.integers(0, 4)), 4)
    return [*items, ReviewItem("length", "summary", ItemKind.LENGTH, share == ONE, share)]


VERDICTS = st.sampled_from(["accept", "met", "missed", "n/a", ""])


def standing_from(items: Sequence[ReviewItem], words: Mapping[str, str]) -> Standing:
    return decided(", ".join(f"{item.key} {words[item.key]}" for item in items if words[item.key]))


@st.composite
def decided_lists(draw: st.DrawFn) -> tuple[list[ReviewItem], dict[str, str]]:
    items = draw(item_lists())
    return items, {item.key: draw(VERDICTS) for item in items}


def finals(items: Sequence[ReviewItem], words: Mapping[str, str]) -> dict[str, Fraction]:
    overall = scored(items, standing_from(items, words))
    return {"overall": overall.score, **{name: overall.contributions[name].score for name in COMPONENTS}}


@given(decided_lists())
def test_every_score_stays_between_0_and_1(given_: tuple[list[ReviewItem], dict[str, str]]) -> None:
    assert all(0 <= score <= 1 for score in finals(*given_).values())


@given(item_lists())
def test_accepting_everything_changes_nothing(items: list[ReviewItem]) -> None:
    assert finals(items, dict.fromkeys((i.key for i in items), "accept")) == finals(
        items, dict.fromkeys((i.key for i in items), "")
    )


@given(decided_lists(), st.data())
def test_a_better_verdict_never_lowers_a_score(
    given_: tuple[list[ReviewItem], dict[str, str]], data: st.DataObject
) -> None:
    items, words = given_
    key = data.draw(st.sampled_from([item.key for item in items]))
    low, high = finals(items, {**words, key: "missed"}), finals(items, {**words, key: "met"})
    assert all(low[name] <= high[name] for name in low)


@given(decided_lists(), st.data())
def test_a_decision_moves_its_own_component_alone(
    given_: tuple[list[ReviewItem], dict[str, str]], data: st.DataObject
) -> None:
    items, words = given_
    item = data.draw(st.sampled_from(items))
    before, after = finals(items, words), finals(items, {**words, item.key: data.draw(VERDICTS)})
    assert all(before[name] == after[name] for name in COMPONENTS if name != item.component)


@given(item_lists())
def test_what_applies_nowhere_is_scored_like_a_rubric_that_asks_for_nothing(items: list[ReviewItem]) -> None:
    found = finals(items, dict.fromkeys((item.key for item in items), "n/a"))
    assert all(found[name] == 1 for name in COMPONENTS)


@given(st.permutations(range(6)))
def test_the_order_of_independent_decisions_does_not_matter(order: list[int]) -> None:
    items = [item_of("key_questions", text) for text in ["a2+", "b1-", "c1-", "d1+", "e2-", "f1+"]]
    words = ["a missed", "b met", "c n/a", "d accept", "e met", "f n/a"]
    acts = []
    for number, place in enumerate(order, 1):
        key, word = words[place].split()
        action, verdict = WORDS[word]
        acts.append(Decision(number, key, action, verdict))
    assert scored(items, standing_of(acts)) == scored(items, standing_of(reversed(acts)))
    assert four_places(scored(items, standing_of(acts)).contributions["key_questions"].score) == four_places(
        Fraction(4, 6)
    )


# Standing


def accept(number: int, item: str = "a") -> Decision:
    return Decision(number, item, Action.ACCEPT)


def undo(number: int, of: int, item: str = "a") -> Decision:
    return Decision(number, item, Action.WITHDRAW, withdraws=of)


def test_undoing_brings_back_what_had_been_replaced() -> None:
    missed = Decision(2, "a", Action.OVERRIDE, Judged.MISSED, reason="no")
    assert standing_of([accept(1), missed]).verdicts["a"] is missed
    assert standing_of([accept(1), missed, undo(3, 2)]).verdicts["a"] == accept(1)
    assert standing_of([accept(1), missed, undo(3, 2), undo(4, 1)]).verdicts == {}


def test_a_comment_does_not_replace_a_verdict_nor_a_verdict_a_comment() -> None:
    words = Decision(2, "a", Action.COMMENT, comment="Well put.")
    standing = standing_of([accept(1), words])
    assert standing.verdicts["a"] == accept(1)
    assert standing.comments["a"] == words


# Rules, on a real grading

RUBRIC = rubric(
    summary={
        **document()["summary"],
        "required_elements": [
            *document()["summary"]["required_elements"],
            {"id": "told", "anchor": "#R.summary.req.told", "description": "Well told"},
        ],
    }
)
RESULT = grade(RUBRIC, SubmissionInputs(TRANSCRIPT)).result


def looked_at(*earlier: Decision) -> Review:
    return review(RUBRIC, RESULT, earlier)


def keep(wanted: Decision, *earlier: Decision) -> Decision:
    return decision_to_keep(replace(wanted, sequence=len(earlier) + 1), looked_at(*earlier), earlier)


def outcome(found: Review, key: str) -> Outcome:
    return next(o for o in found.outcomes if o.item.key == key)


ASKED, MARKED = "question:weight_bearing", "element:told"

REFUSED: list[tuple[str, Decision, type[Refusal], str]] = [
    ("an item of no rubric", Decision(1, "question:nobody", Action.ACCEPT), Malformed, "no item"),
    ("an override without a verdict", Decision(1, ASKED, Action.OVERRIDE), Malformed, "verdict"),
    ("an acceptance with a verdict", Decision(1, ASKED, Action.ACCEPT, Judged.MET), Malformed, "verdict"),
    ("an override without a reason", Decision(1, ASKED, Action.OVERRIDE, Judged.MISSED), Malformed, "Say in a few words"),
    ("accepting what no machine judged", Decision(1, MARKED, Action.ACCEPT), Malformed, "mark the item"),
    ("a comment without words", Decision(1, ASKED, Action.COMMENT, comment="  "), Malformed, "comment"),
    ("words beside a verdict", Decision(1, ASKED, Action.ACCEPT, comment="yes"), Malformed, "comment"),
    ("too long a reason", Decision(1, ASKED, Action.ACCEPT, reason="x" * 2001), Malformed, "2000"),
    ("a NUL character", Decision(1, ASKED, Action.COMMENT, comment="a\0b"), Malformed, "NUL"),
    ("rating an item", Decision(1, ASKED, Action.RATE, rating=GlobalRating.PASS), Malformed, "Choose one of"),
    ("a rating without a rating", Decision(1, GRADING, Action.RATE), Malformed, "rating"),
    ("a verdict on the whole", Decision(1, GRADING, Action.ACCEPT), Malformed, "Choose one of"),
    ("undoing nothing", Decision(1, ASKED, Action.WITHDRAW), WrongState, "nothing of this to undo"),
    ("accepting the rest while an item waits", Decision(1, GRADING, Action.ACCEPT_REST), WrongState, "Decide them first"),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "kind", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_decision_that_makes_no_sense_is_refused(wanted: Decision, kind: type[Refusal], words: str) -> None:
    with pytest.raises(kind, match=words):
        keep(wanted)


def test_a_verdict_that_agrees_with_the_machine_is_an_acceptance() -> None:
    kept = keep(Decision(1, ASKED, Action.OVERRIDE, Judged.MET))
    assert (kept.action, kept.verdict) == (Action.ACCEPT, None)


def test_a_verdict_on_what_no_machine_judged_is_a_mark() -> None:
    assert keep(Decision(1, MARKED, Action.OVERRIDE, Judged.MET)).action is Action.MARK


def test_undoing_names_the_newest_decision_of_the_item() -> None:
    first = keep(Decision(1, ASKED, Action.ACCEPT))
    assert keep(Decision(2, ASKED, Action.WITHDRAW), first).withdraws == 1
    with pytest.raises(WrongState, match="nothing of this"):
        keep(Decision(2, MARKED, Action.WITHDRAW), first)


def test_the_review_is_complete_once_every_item_is_addressed_and_not_before() -> None:
    acts: list[Decision] = []
    assert looked_at().progress.to_do == (MARKED,)
    acts.append(keep(Decision(1, MARKED, Action.MARK, Judged.MET), *acts))
    assert looked_at(*acts).progress.state is ReviewState.IN_PROGRESS
    acts.append(keep(Decision(2, GRADING, Action.ACCEPT_REST), *acts))
    assert looked_at(*acts).progress.state is ReviewState.COMPLETE
    acts.append(keep(Decision(3, MARKED, Action.WITHDRAW), *acts))
    assert looked_at(*acts).progress.state is ReviewState.IN_PROGRESS
    assert looked_at(*acts).progress.addressed == looked_at(*acts).progress.items - 1


def test_deciding_every_item_one_by_one_completes_the_review() -> None:
    acts: list[Decision] = []
    for place, found in enumerate(looked_at().outcomes, 1):
        assert looked_at(*acts).progress.state is not ReviewState.COMPLETE
        judged = Judged.MISSED if found.item.credited is None else None
        action = Action.ACCEPT if judged is None else Action.MARK
        acts.append(keep(Decision(place, found.item.key, action, judged), *acts))
    assert looked_at(*acts).progress.state is ReviewState.COMPLETE


def test_a_mark_is_a_change_and_joins_the_checkable_elements() -> None:
    found = looked_at(Decision(1, MARKED, Action.MARK, Judged.MISSED))
    assert [o.item.key for o in found.changes] == [MARKED]
    assert found.component_scores["summary"] == four_places(
        Fraction(1, 2) + Fraction(int(outcome(found, "element:problem").credited or 0), 4)
    )


def test_a_rating_changes_no_score() -> None:
    found = looked_at(Decision(1, GRADING, Action.RATE, rating=GlobalRating.BORDERLINE))
    assert found.rating is GlobalRating.BORDERLINE
    assert found.overall_score == RESULT.overall_score
    assert found.progress.state is ReviewState.IN_PROGRESS


def test_every_section_of_the_order_has_an_item_and_those_in_order_are_as_many_as_the_subsequence_is_long() -> None:
    structure = RESULT.detailed_results.structure
    taken = places_in_order(structure.expected_order, structure.runs)
    assert len(taken) == structure.lcs_length
    assert [o.item.key for o in looked_at().outcomes if o.item.kind is ItemKind.SECTION] == list(
        section_keys(structure.expected_order)
    )
