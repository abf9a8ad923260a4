"""The bench: the same interviews by two rubrics, what flips, and that nothing is stored of it but working papers."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from feedback.services import GradeRequest, submission_grade
from grader.models import User
from rubrics.domain.document import rubric_from_mapping
from rubrics.models import RubricVersion
from rubrics.services import rubric_draft_save, rubric_version_revise
from scoring.access import Viewer
from scoring.domain.bench import ItemOutcome, Outcome, change_of, tallies
from scoring.domain.bench.comparison import Crossing
from scoring.domain.bench.grading import Rubrics, Sample, judge, judge_all
from scoring.domain.pipeline import SubmissionInputs, grade
from scoring.models import Assessment, BenchEntry, BenchRun, Grading, Submission
from scoring.services.bench import KEPT_RUNS, BenchChoice, bench_run_cancel, bench_run_create, bench_run_grade
from tests.builders import document, rubric
from tests.cast import TRANSCRIPT, Cast, approved_rubric, assessment_of, make_cast


def outcome(overall: str, **items: bool | None) -> Outcome:
    entries = tuple(ItemOutcome(key=f"question:{name}", label=name, holds=holds) for name, holds in items.items())
    return Outcome(overall=Decimal(overall), components={}, items=entries)


# What flips


@pytest.mark.parametrize(
    ("before", "after", "flips"),
    [
        ({"a": True}, {"a": False}, ["a"]),
        ({"a": False}, {"a": True}, ["a"]),
        ({"a": True, "b": False}, {"a": True, "b": False}, []),
        ({"a": True}, {"a": True, "new": True}, []),
        ({"a": True, "gone": True}, {"a": True}, []),
        ({"a": None}, {"a": True}, ["a"]),
        ({"b": False, "a": False}, {"a": True, "b": True}, ["a", "b"]),
    ],
    ids=["lost", "won", "as it was", "a new item", "an item gone", "now checkable", "in the draft's order"],
)
def test_an_item_flips_when_both_rubrics_judge_it_and_differ(
    before: dict[str, bool | None], after: dict[str, bool | None], flips: list[str]
) -> None:
    change = change_of(outcome("0.5", **before), outcome("0.5", **after), None)
    assert [flip.label for flip in change.flips] == flips


@pytest.mark.parametrize(
    ("before", "after", "mark", "crossing"),
    [
        ("0.59", "0.60", "0.6", Crossing.PASSES),
        ("0.60", "0.59", "0.6", Crossing.FAILS),
        ("0.60", "0.90", "0.6", Crossing.NONE),
        ("0.10", "0.90", None, Crossing.NONE),
    ],
    ids=["a score at the mark passes", "and below it fails", "both pass", "no mark"],
)
def test_who_crosses_the_pass_mark(before: str, after: str, mark: str | None, crossing: Crossing) -> None:
    change = change_of(outcome(before), outcome(after), None if mark is None else Decimal(mark))
    assert change.crossing is crossing


def test_items_that_never_or_always_hold_are_named_among_those_that_could_be_judged() -> None:
    pairs = [
        ({"never": False, "always": True, "open": None}, {"never": False, "always": True, "open": None, "new": True}),
        ({"never": True, "always": True, "open": None}, {"never": False, "always": True, "open": None, "new": False}),
    ]
    found = {t.label: t for t in tallies([change_of(outcome("0", **b), outcome("0", **a), None) for b, a in pairs])}
    assert (found["never"].never, found["never"].to_no, found["never"].held_before) == (True, 1, 1)
    assert (found["always"].always, found["always"].of) == (True, 2)
    assert (found["open"].never, found["open"].always, found["open"].of) == (False, False, 0)
    assert (found["new"].held_before, found["new"].held_after) == (None, 1)


def test_an_item_that_the_draft_dropped_is_told_and_never_counts_as_silent() -> None:
    (tally,) = tallies([change_of(outcome("0", old=True), outcome("0"), None)])
    assert (tally.is_gone, tally.held_before, tally.never) == (True, 1, False)


def narrower() -> dict[str, Any]:
    """The draft no longer asks for allergies but for swelling."""
    swelling = {"id": "swelling", "anchor": "#Q.swelling", "label": "Any swelling?", "phrases": ["any swelling"]}
    return document(version="1.0.1", key_questions=[document()["key_questions"][0], swelling])


def test_both_sides_are_what_grading_with_either_rubric_gives() -> None:
    rubrics = Rubrics(rubric(), rubric_from_mapping(narrower()))
    judged = judge(rubrics, Sample("x", SubmissionInputs(TRANSCRIPT), None))
    assert judged.before is not None
    assert judged.after is not None
    assert judged.before.overall == grade(rubrics.baseline, SubmissionInputs(TRANSCRIPT)).result.overall_score
    assert judged.after.overall == grade(rubrics.draft, SubmissionInputs(TRANSCRIPT)).result.overall_score


def test_processes_give_the_same_in_the_same_order_as_one() -> None:
    rubrics = Rubrics(rubric(), rubric_from_mapping(narrower()))
    texts = [TRANSCRIPT, "", TRANSCRIPT.replace("allergies", "pets")] * 5
    samples = [Sample(str(number), SubmissionInputs(text), None) for number, text in enumerate(texts)]
    assert list(judge_all(rubrics, samples, processes=2)) == list(judge_all(rubrics, samples, processes=1))


# Runs


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def station(cast: Cast) -> Assessment:
    assessment = assessment_of(cast, approved_rubric())
    Assessment.objects.filter(pk=assessment.pk).update(cut_score="0.6")
    for number in (1, 2):
        handed_in(assessment, f"S-{number}")
    return assessment


def handed_in(assessment: Assessment | None, student: str, transcript: str = TRANSCRIPT) -> Grading:
    owner = assessment.owner_id if assessment else None
    request = GradeRequest(
        "ankle_v1", None, student, SubmissionInputs(transcript), assessment_id=assessment.pk if assessment else None
    )
    return submission_grade(request=request, viewer=Viewer(user_id=owner), at=timezone.now())


@pytest.fixture
def draft(station: Assessment) -> RubricVersion:
    return rubric_version_revise(
        base=station.rubric_version, content=narrower(), author_id=station.owner_id, at=timezone.now()
    )


Run = Callable[..., BenchRun]


@pytest.fixture
def run(cast: Cast, station: Assessment, draft: RubricVersion) -> Run:
    def start(who: str = "owner", **choice: Any) -> BenchRun:
        person: User = getattr(cast, who)
        return bench_run_create(
            rubric_version=draft,
            baseline=station.rubric_version,
            choice=BenchChoice(**choice),
            pass_mark=None,
            viewer=person.viewer,
            by_id=person.pk,
            at=timezone.now(),
        )

    return start


def finish(run: BenchRun) -> BenchRun:
    bench_run_grade(run_id=str(run.pk), now=timezone.now, processes=1)
    return BenchRun.objects.get(pk=run.pk)


@pytest.mark.parametrize(("who", "count"), [("owner", 2), ("colleague", 2), ("coordinator", 3)])
def test_a_run_takes_what_its_author_may_see(run: Run, who: str, count: int) -> None:
    handed_in(None, "S-9")
    assert run(who).entries.count() == count


def test_without_anything_to_see_nothing_is_started(cast: Cast, draft: RubricVersion) -> None:
    page = client_of(cast.outsider).post(at(draft), {"baseline": "1.0.0", "at_most": "200"})
    assert page.status_code == 400
    assert "No stored interview of yours fits" in words(page)
    assert not BenchRun.objects.exists()


def test_a_run_is_queued_and_ends_with_both_sides_of_every_submission(run: Run) -> None:
    started = run()
    job = ProcrastinateJob.objects.get(task_name="scoring.run_bench")
    assert job.args == {"run_id": str(started.pk)}
    ended = finish(started)
    assert ended.state == "done"
    assert all(entry.before and entry.after for entry in ended.entries.all())


def test_a_run_stores_no_grading_and_no_word_of_a_student(run: Run) -> None:
    before = Grading.objects.count()
    ended = finish(run())
    assert Grading.objects.count() == before
    stored = str([(entry.before, entry.after) for entry in ended.entries.all()])
    assert "walk" not in stored.replace("Could you walk on it afterwards?", "")


def test_a_run_is_of_the_draft_as_it_was_when_it_was_asked_for(run: Run, draft: RubricVersion) -> None:
    started = run()
    rubric_draft_save(
        rubric_version=draft,
        content={**draft.content, "key_questions": document()["key_questions"]},
        expected_sha256=draft.content_sha256,
        author_id=None,
        at=timezone.now(),
    )
    entry = finish(started).entries.first()
    assert entry is not None
    assert "question:swelling" in {item["key"] for item in entry.after["items"]}


def test_running_twice_changes_nothing(run: Run) -> None:
    ended = finish(run())
    stored = list(BenchEntry.objects.values())
    finish(ended)
    assert list(BenchEntry.objects.values()) == stored


def test_a_cancelled_run_grades_nothing_more(run: Run) -> None:
    started = bench_run_cancel(run=run(), at=timezone.now())
    assert finish(started).state == "cancelled"
    assert not BenchEntry.objects.filter(after__isnull=False).exists()


def test_only_the_newest_runs_are_kept(run: Run) -> None:
    runs = [run() for _ in range(KEPT_RUNS + 2)]
    assert set(BenchRun.objects.values_list("pk", flat=True)) == {one.pk for one in runs[2:]}


# The pages


def at(version: RubricVersion, run: BenchRun | None = None) -> str:
    page = f"/rubrics/{version.rubric.rubric_id}/{version.version}/bench/"
    return f"{page}{run.pk}/" if run else page


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def words(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.mark.parametrize("who", ["owner", "colleague", "outsider", "coordinator"])
def test_faculty_may_try_any_rubric(cast: Cast, draft: RubricVersion, who: str) -> None:
    assert client_of(getattr(cast, who)).get(at(draft)).status_code == 200


def test_students_and_visitors_have_no_bench(cast: Cast, run: Run, draft: RubricVersion) -> None:
    started = run()
    for page in (at(draft), at(draft, started)):
        assert client_of(cast.student).get(page).status_code == 404
        assert client_of(None).get(page).headers["Location"].startswith("/sign-in/")
    assert client_of(cast.student).post(f"{at(draft, started)}cancel/").status_code == 404


@pytest.mark.parametrize("who", ["colleague", "outsider", "coordinator"])
def test_a_run_is_its_author_s_alone(cast: Cast, run: Run, draft: RubricVersion, who: str) -> None:
    started = run()
    client = client_of(getattr(cast, who))
    assert client.get(at(draft, started)).status_code == 404
    assert client.post(f"{at(draft, started)}cancel/").status_code == 404
    assert BenchRun.objects.get().state == "running"


def test_what_is_no_longer_the_author_s_to_see_is_not_shown(
    cast: Cast, run: Run, draft: RubricVersion, station: Assessment
) -> None:
    ended = finish(run("colleague"))
    station.graders.clear()
    page = client_of(cast.colleague).get(at(draft, ended))
    assert "S-1" not in words(page)
    assert "Nothing was graded" in words(page)


def test_the_chosen_set_is_run_and_cancelled_from_the_page(
    cast: Cast, draft: RubricVersion, station: Assessment
) -> None:
    client = client_of(cast.owner)
    choice = {"baseline": "1.0.0", "assessment": str(station.pk), "rubric": "ankle_v1", "at_most": "1"}
    response = client.post(at(draft), choice)
    started = BenchRun.objects.get()
    assert response.headers["Location"] == at(draft, started)
    assert "0 of 1" in words(client.get(at(draft, started)))
    client.post(f"{at(draft, started)}cancel/")
    assert "cancelled before the first interview" in words(client.get(at(draft, started)))


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("assessment", "999999", "There is no such assessment of yours"),
        ("assessment", "٣" * 40, "There is no such assessment of yours"),
        ("since", "yesterday", "is no date"),
        ("at_most", "0", "Choose between 1 and"),
        ("at_most", "501", "Choose between 1 and"),
        ("pass_mark", "60", "a share between 0 and 1"),
        ("pass_mark", "NaN", "a share between 0 and 1"),
    ],
)
def test_a_choice_that_makes_no_sense_is_said_and_kept(
    cast: Cast, draft: RubricVersion, field: str, written: str, said: str
) -> None:
    form = {"baseline": "1.0.0", "at_most": "200", field: written}
    response = client_of(cast.owner).post(at(draft), form)
    assert response.status_code == 400
    assert said in words(response)
    assert not BenchRun.objects.exists()


def test_the_result_names_who_is_graded_otherwise_by_what_and_in_which_words(
    cast: Cast, station: Assessment, draft: RubricVersion, run: Run
) -> None:
    looser = narrower()
    looser["key_questions"][1] = {
        **looser["key_questions"][1],
        "label": "Did it happen at football?",
        "phrases": ["when did that happen"],
    }
    looser["key_questions"][0] = {**looser["key_questions"][0], "label": "Do you keep pets?", "phrases": ["any pets"]}
    rubric_draft_save(
        rubric_version=draft, content={**looser, "rubric_id": "ankle_v1"}, expected_sha256=draft.content_sha256,
        author_id=None, at=timezone.now(),
    )  # fmt: skip
    draft.refresh_from_db()
    ended = finish(replace_draft(run, draft))
    text = words(client_of(cast.owner).get(at(draft, ended)))
    assert "2 of 2 candidates would be graded otherwise" in text
    assert "asked → not asked" in text
    assert "could you walk on it afterwards" in text
    assert "never asked" in text
    assert "new in the draft" in text or "not in the draft" in text


def replace_draft(run: Run, draft: RubricVersion) -> BenchRun:
    started = run()
    BenchRun.objects.filter(pk=started.pk).update(content=draft.content, content_sha256=draft.content_sha256)
    return BenchRun.objects.get(pk=started.pk)


def test_anonymous_candidates_stay_anonymous(cast: Cast, station: Assessment, draft: RubricVersion, run: Run) -> None:
    Assessment.objects.filter(pk=station.pk).update(anonymous_grading=True)
    ended = finish(run())
    text = words(client_of(cast.owner).get(at(draft, ended)))
    code = Submission.objects.filter(candidate__isnull=False).values_list("candidate__code", flat=True).first()
    assert "S-1" not in text
    assert str(code) in text


def test_while_it_runs_the_page_asks_for_progress_alone(cast: Cast, run: Run, draft: RubricVersion) -> None:
    started = run()
    piece = client_of(cast.owner).get(at(draft, started), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece
    assert 'hx-trigger="every 1s"' in piece
    finish(started)
    assert (
        "hx-trigger"
        not in client_of(cast.owner).get(at(draft, started), headers={"HX-Request": "true"}).content.decode()
    )
