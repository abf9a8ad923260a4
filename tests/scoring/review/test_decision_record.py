"""Recording decisions: for ever, once, verified, and never over somebody else's head."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from prometheus_client import REGISTRY

from feedback.services import GradeRequest, submission_grade
from grader.models import AuditEntry, User
from rubrics.domain.errors import Forbidden, Refusal, Ungradable
from scoring.access import Viewer
from scoring.decisions import reviewed
from scoring.domain.pipeline import SubmissionInputs
from scoring.domain.review import GRADING, Action, GlobalRating, Judged
from scoring.domain.review.evidence import Passage
from scoring.models import Assessment, FinalScore, Grading, ReviewDecision
from scoring.services import DecisionConflict, DecisionRequest, Recorded, decision_record
from tests.cast import TRANSCRIPT, Cast, approved_rubric, assessment_of, make_cast

pytestmark = pytest.mark.django_db

ASKED = "question:weight_bearing"
OTHER = "question:allergies"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    return assessment_of(cast, approved_rubric())


def graded(assessment: Assessment, transcript: str = TRANSCRIPT, summary: str | None = None) -> Grading:
    request = GradeRequest("ankle_v1", None, "S-1", SubmissionInputs(transcript, summary), assessment_id=assessment.pk)
    return submission_grade(request=request, viewer=Viewer(user_id=assessment.owner_id), at=timezone.now())


@pytest.fixture
def grading(assessment: Assessment) -> Grading:
    return graded(assessment)


def wanted(item: str = ASKED, action: Action = Action.ACCEPT, **parts: object) -> DecisionRequest:
    return replace(DecisionRequest(item, action, uuid4(), 0), **parts)  # type: ignore[arg-type]


def missed(**parts: object) -> DecisionRequest:
    return wanted(action=Action.OVERRIDE, **{"verdict": Judged.MISSED, "reason": "Only the patient said it.", **parts})


def decide(grading: Grading, who: User, request: DecisionRequest) -> Recorded:
    return decision_record(grading=grading, request=request, viewer=who.viewer, at=timezone.now())


def final(grading: Grading) -> FinalScore:
    return FinalScore.objects.get(grading=grading)


def test_an_override_changes_the_final_score_and_leaves_the_machine_s(cast: Cast, grading: Grading) -> None:
    assert grading.key_questions_score == Decimal("1.0000")
    decide(grading, cast.owner, missed())
    stored = Grading.objects.get(pk=grading.pk)
    assert (stored.overall_score, stored.digest) == (grading.overall_score, grading.digest)
    assert final(grading).key_questions_score == Decimal("0.3333")
    assert final(grading).overall_score == grading.overall_score - Decimal("0.2667")
    assert (final(grading).by, final(grading).changed, final(grading).state) == (cast.owner, 1, "in_progress")


def test_undoing_restores_the_score_and_keeps_the_history(cast: Cast, grading: Grading) -> None:
    decide(grading, cast.owner, missed())
    decide(grading, cast.colleague, wanted(action=Action.WITHDRAW, seen=1))
    assert final(grading).overall_score == grading.overall_score
    assert final(grading).state == "untouched"
    assert [(row.sequence, row.action, row.by) for row in reviewed(grading).history] == [
        (1, "override", cast.owner),
        (2, "withdraw", cast.colleague),
    ]


def test_a_rating_and_the_rest_accepted_complete_the_review(cast: Cast, grading: Grading) -> None:
    decide(grading, cast.owner, wanted(GRADING, Action.RATE, rating=GlobalRating.PASS))
    decide(grading, cast.owner, wanted(GRADING, Action.ACCEPT_REST, seen=1))
    assert (final(grading).state, final(grading).global_rating, final(grading).to_do) == ("complete", "pass", 0)


def test_a_double_click_is_one_decision(cast: Cast, grading: Grading) -> None:
    request = missed()
    first, second = decide(grading, cast.owner, request), decide(grading, cast.owner, request)
    assert (first.again, second.again) == (False, True)
    assert first.decision == second.decision
    assert ReviewDecision.objects.count() == 1


def test_a_token_of_another_decision_is_refused(cast: Cast, grading: Grading) -> None:
    request = missed()
    decide(grading, cast.owner, request)
    for who, again in ((cast.owner, replace(request, item=OTHER)), (cast.colleague, request)):
        with pytest.raises(Ungradable, match="new token") as refusal:
            decide(grading, who, again)
        assert refusal.value.code == "client_token_reused"


def test_who_decides_on_what_they_have_not_seen_is_told_who_and_what(cast: Cast, grading: Grading) -> None:
    cast.colleague.first_name, cast.colleague.last_name = "Ana", "Ruiz"
    cast.colleague.save()
    decide(grading, cast.colleague, missed())
    with pytest.raises(DecisionConflict, match="Ana Ruiz decided about this item at") as conflict:
        decide(grading, cast.owner, wanted())
    assert [(row.verdict, row.reason) for row in conflict.value.theirs] == [("missed", "Only the patient said it.")]
    assert ReviewDecision.objects.count() == 1
    decide(grading, cast.owner, wanted(seen=1))
    assert final(grading).overall_score == grading.overall_score


def test_two_people_on_different_items_do_not_disturb_each_other(cast: Cast, grading: Grading) -> None:
    decide(grading, cast.colleague, missed())
    decide(grading, cast.owner, wanted(OTHER))
    assert [row.sequence for row in ReviewDecision.objects.of(grading)] == [1, 2]


def test_a_key_decides_nothing(grading: Grading) -> None:
    with pytest.raises(Forbidden, match="by a person"):
        decision_record(grading=grading, request=missed(), viewer=Viewer(key_prefix="abc"), at=timezone.now())


def test_a_refused_decision_leaves_nothing(cast: Cast, grading: Grading) -> None:
    with pytest.raises(Refusal):
        decide(grading, cast.owner, missed(reason=""))
    assert not ReviewDecision.objects.exists()
    assert not FinalScore.objects.exists()


def test_the_trail_names_who_decided_and_no_words(cast: Cast, grading: Grading) -> None:
    decide(grading, cast.owner, missed())
    entry = AuditEntry.objects.get(action="decide override")
    assert (entry.actor, entry.object_id) == (f"user:{cast.owner.pk}", str(grading.pk))
    assert entry.detail == {"sequence": 1, "item": ASKED, "verdict": "missed"}


# Evidence

EMOJI = (
    "\ufeff[00:02] Student: Hi 👩🏽‍⚕️, what brings you in?\r\n[00:06] Patient: My ankle 😖.\r\n"
    "[00:10] Student: Could you\r\nwalk on it 🚶 afterwards?\r\n"
)


def passage(text: str, quote: str) -> Passage:
    source = text.removeprefix("\ufeff")
    start = source.index(quote)
    return Passage("oral", start, start + len(quote), quote)


@pytest.mark.parametrize("quote", ["👩🏽‍⚕️, what brings", "Could you\r\nwalk on it 🚶", "😖"])
def test_evidence_is_kept_with_its_turn_in_code_points_of_the_original_text(
    cast: Cast, assessment: Assessment, quote: str
) -> None:
    grading = graded(assessment, EMOJI)
    row = decide(grading, cast.owner, missed(item=OTHER, verdict=Judged.MET, evidence=passage(EMOJI, quote))).decision
    text = grading.submission.oral_transcript.removeprefix("\ufeff")
    assert text[row.evidence_start : row.evidence_end] == quote == row.evidence_quote
    assert row.evidence_turn == {"👩": 1, "😖": 2, "C": 3}[quote[0]]


def test_evidence_may_come_from_the_written_summary(cast: Cast, assessment: Assessment) -> None:
    grading = graded(assessment, TRANSCRIPT, "A 23 year old, no allergies.")
    row = decide(grading, cast.owner, wanted(evidence=Passage("summary", 15, 27, "no allergies"))).decision
    assert (row.evidence_source, row.evidence_turn, row.evidence_quote) == ("summary", None, "no allergies")


WRONG: list[tuple[str, Callable[[Passage], Passage]]] = [
    ("other words", lambda p: replace(p, quote="could you run on it")),
    ("moved by one", lambda p: replace(p, start=p.start + 1, end=p.end + 1)),
    ("beyond the end", lambda p: replace(p, start=10_000, end=10_000 + len(p.quote))),
    ("empty", lambda p: replace(p, end=p.start, quote="")),
    ("of another source", lambda p: replace(p, source="summary")),
]


@pytest.mark.parametrize("spoil", [row[1] for row in WRONG], ids=[row[0] for row in WRONG])
def test_evidence_that_is_not_there_word_for_word_is_refused_and_counted(
    cast: Cast, grading: Grading, spoil: Callable[[Passage], Passage]
) -> None:
    labels = {"service": "scoring", "error_type": "citation_rejected"}
    before = REGISTRY.get_sample_value("grading_errors_total", labels) or 0
    with pytest.raises(Ungradable, match="Select them again") as refusal:
        decide(grading, cast.owner, missed(evidence=spoil(passage(TRANSCRIPT, "could you walk on it"))))
    assert refusal.value.code == "citation_rejected"
    assert (REGISTRY.get_sample_value("grading_errors_total", labels) or 0) == before + 1
    assert not ReviewDecision.objects.exists()


def test_evidence_does_not_cross_from_one_speaker_to_the_next(cast: Cast, grading: Grading) -> None:
    with pytest.raises(Ungradable, match="within one turn"):
        decide(grading, cast.owner, missed(evidence=passage(TRANSCRIPT, "on it afterwards?\n[00:20] Patient: Only")))


# The database itself


@pytest.mark.parametrize(
    "sql", ["UPDATE scoring_reviewdecision SET verdict = 'met'", "DELETE FROM scoring_reviewdecision"]
)
def test_a_stored_decision_refuses_raw_sql(cast: Cast, grading: Grading, sql: str) -> None:
    decide(grading, cast.owner, missed())
    with pytest.raises(DatabaseError, match="is a record"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


NONSENSE = [
    ({"sequence": 0}, "decision_sequence_starts_at_1"),
    ({"item": ""}, "decision_names_its_item"),
    ({"action": "guess"}, "decision_action_is_known"),
    ({"role": "third"}, "decision_role_is_known"),
    ({"verdict": ""}, "decision_verdict_fits_its_action"),
    ({"rating": "pass"}, "decision_rating_fits_its_action"),
    ({"comment": "hm"}, "decision_comment_fits_its_action"),
    ({"withdraws": 1}, "decision_withdraws_an_earlier_one"),
    ({"evidence_source": "oral", "evidence_turn": 1, "evidence_start": 5, "evidence_end": 5, "evidence_quote": "x"},
     "decision_evidence_is_whole_or_absent"),
    ({"evidence_quote": "x"}, "decision_evidence_is_whole_or_absent"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "name"), NONSENSE, ids=[f"{row[1]} {list(row[0])[-1]}" for row in NONSENSE])
def test_the_database_refuses_nonsense_by_name(
    cast: Cast, grading: Grading, change: dict[str, object], name: str
) -> None:
    row = {"sequence": 1, "item": ASKED, "action": "override", "verdict": "missed", "by": cast.owner, **change}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ReviewDecision.objects.create(grading=grading, client_token=uuid4(), **row)


def test_the_final_score_stays_between_0_and_1(cast: Cast, grading: Grading) -> None:
    decide(grading, cast.owner, wanted())
    with pytest.raises(IntegrityError, match="final_summary_is_0_to_1"), transaction.atomic():
        FinalScore.objects.update(summary_score="1.0001")


# Several at once, on real connections


def all_at_once(acts: list[Callable[[], object]]) -> list[object]:
    outcomes: list[object] = []
    together = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        together.wait()
        try:
            outcomes.append(act())
        except Refusal as refusal:
            outcomes.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_decide_about_an_item_in_one_moment_one_is_told_of_the_other() -> None:
    cast = make_cast()
    grading = graded(assessment_of(cast, approved_rubric()))
    found = all_at_once(
        [lambda: decide(grading, cast.owner, missed()), lambda: decide(grading, cast.colleague, wanted())]
    )
    assert sorted(type(outcome).__name__ for outcome in found) == ["DecisionConflict", "Recorded"]
    assert ReviewDecision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_clicks_of_one_decision_in_one_moment_are_one_decision() -> None:
    cast = make_cast()
    grading = graded(assessment_of(cast, approved_rubric()))
    request = missed(client_token=UUID(int=7))
    found = all_at_once([lambda: decide(grading, cast.owner, request)] * 4)
    assert [outcome.again for outcome in found if isinstance(outcome, Recorded)].count(False) == 1
    assert len(found) == 4
    assert ReviewDecision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_decisions_about_different_items_in_one_moment_all_count() -> None:
    cast = make_cast()
    grading = graded(assessment_of(cast, approved_rubric()))
    items = [ASKED, OTHER, "link:ottawa", "length", "element:problem"]
    all_at_once([lambda item=item: decide(grading, cast.owner, wanted(item)) for item in items])  # type: ignore[misc]
    assert sorted(row.sequence for row in ReviewDecision.objects.of(grading)) == [1, 2, 3, 4, 5]
    assert (final(grading).decided, final(grading).last_sequence) == (5, 5)
