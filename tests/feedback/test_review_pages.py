"""The review screen over plain forms and over its parts: who may, what is saved, what is shown, what never leaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.services import GradeRequest, submission_grade
from grader.models import User
from scoring.access import Viewer
from scoring.domain.pipeline import SubmissionInputs
from scoring.models import Assessment, FinalScore, Grading, ReviewDecision
from tests.builders import document
from tests.cast import TRANSCRIPT, Cast, approved_rubric, assessment_of, make_cast

pytestmark = pytest.mark.django_db

ASKED = "question:weight_bearing"
TOLD = {"id": "told", "anchor": "#R.summary.req.told", "description": "Well told"}
Post = dict[str, str]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    summary = document()["summary"]
    elements = [*summary["required_elements"], TOLD]
    return assessment_of(cast, approved_rubric(summary={**summary, "required_elements": elements}))


def graded(assessment: Assessment, *, student: str = "S-1", transcript: str = TRANSCRIPT) -> Grading:
    request = GradeRequest("ankle_v1", None, student, SubmissionInputs(transcript), assessment_id=assessment.pk)
    return submission_grade(request=request, viewer=Viewer(user_id=assessment.owner_id), at=timezone.now())


@pytest.fixture
def grading(assessment: Assessment) -> Grading:
    return graded(assessment)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form(do: str, item: str = ASKED, **more: str) -> Post:
    return {"item": item, "do": do, "seen": "0", "client_token": str(uuid4()), **more}


def plain(user: User, grading: Grading, sent: Post) -> HttpResponse:
    return signed_in(user).post(f"/gradings/{grading.pk}/decide/", sent)  # type: ignore[return-value]


def parts(user: User, grading: Grading, sent: Post, status: int = 200) -> dict[str, Any]:
    headers = {"Accept": "application/json"}
    response = signed_in(user).post(f"/gradings/{grading.pk}/decide/", sent, headers=headers)
    assert response.status_code == status, response.content
    answer: dict[str, Any] = response.json()
    return answer


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def shown(user: User, grading: Grading, query: str = "") -> str:
    response = signed_in(user).get(f"/gradings/{grading.pk}/{query}")
    assert response.status_code == 200
    return text_of(response.content.decode())


# Plain forms


def test_a_plain_form_saves_and_returns_to_its_item(cast: Cast, grading: Grading) -> None:
    response = plain(cast.owner, grading, form("missed", reason="Only the patient said it."))
    assert response.status_code == 302
    assert re.fullmatch(rf"/gradings/{grading.pk}/#item-\d+", response.headers["Location"])
    page = shown(cast.owner, grading)
    assert "✎ Missed the machine had Asked" in page
    assert "owner" in page
    assert "Only the patient said it." in page


def test_the_machine_s_score_and_yours_stand_side_by_side(cast: Cast, grading: Grading) -> None:
    machine = f"{grading.overall_score * 100:.1f}"
    assert re.search(rf"Overall {machine}.% machine's", shown(cast.owner, grading))
    plain(cast.owner, grading, form("missed", reason="No."))
    yours = f"{FinalScore.objects.get().overall_score * 100:.1f}"
    assert yours != machine
    assert re.search(rf"Overall machine's {machine}.% → {yours}.% yours", shown(cast.owner, grading))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (form("missed"), "Say in a few words why"),
        (form("maybe"), "Choose one of the verdicts"),
        (form("met", item="question:nobody"), None),
        (form("met", client_token="7"), "Load the page again"),
        (form("met", seen="x"), "Load the page again"),
        (form("rate:superb", item="grading"), "Choose one of the ratings"),
        (form("rest", item="grading"), "Decide them first"),
        (form("missed", reason="No.", turn="99"), "There is no turn"),
        (form("missed", reason="No.", quote="never said", start="0", end="10"), "Select them again"),
    ],
    ids=["no reason", "no verdict", "no item", "token", "seen", "rating", "rest too early", "turn", "quote"],
)
def test_a_refused_form_says_what_to_do_and_stores_nothing(
    cast: Cast, grading: Grading, sent: Post, words: str | None
) -> None:
    response = plain(cast.owner, grading, sent)
    assert response.status_code == 422
    assert words is None or words in text_of(response.content.decode())
    assert not ReviewDecision.objects.exists()


def test_a_refused_reason_is_not_lost(cast: Cast, grading: Grading) -> None:
    response = plain(cast.owner, grading, form("missed", reason="Because & because", turn="99"))
    assert 'value="Because &amp; because"' in response.content.decode()


def test_sending_a_form_twice_is_one_decision(cast: Cast, grading: Grading) -> None:
    sent = form("missed", reason="No.")
    plain(cast.owner, grading, sent)
    plain(cast.owner, grading, sent)
    assert ReviewDecision.objects.count() == 1


@pytest.mark.parametrize(("turn", "number"), [("5", 5), ("00:17", 5), ("00:18", 5), ("5 · 00:17 Student", 5), ("1", 1)])
def test_a_turn_is_chosen_as_evidence_by_its_number_or_its_time(
    cast: Cast, grading: Grading, turn: str, number: int
) -> None:
    plain(cast.owner, grading, form("missed", item="question:allergies", turn=turn))
    row = ReviewDecision.objects.get()
    source = grading.submission.oral_transcript
    assert row.evidence_turn == number
    assert source[row.evidence_start : row.evidence_end] == row.evidence_quote


def test_undo_comment_and_rating_work_as_plain_forms(cast: Cast, grading: Grading) -> None:
    plain(cast.owner, grading, form("na"))
    plain(cast.owner, grading, form("undo", seen="1"))
    plain(cast.owner, grading, form("comment", seen="2", comment="Kindly put."))
    plain(cast.owner, grading, form("rate:borderline", item="grading"))
    assert [row.action for row in ReviewDecision.objects.all()] == ["not_applicable", "withdraw", "comment", "rate"]
    page = shown(cast.owner, grading)
    assert "comments: Kindly put." in page
    assert FinalScore.objects.get().global_rating == "borderline"


def test_the_whole_review_is_finished_with_plain_forms(cast: Cast, grading: Grading) -> None:
    assert "only you can settle" in shown(cast.owner, grading)
    plain(cast.owner, grading, form("met", item="element:told"))
    assert "Accept the rest as graded" in shown(cast.owner, grading)
    plain(cast.owner, grading, form("rest", item="grading"))
    assert "All items addressed" in shown(cast.owner, grading)


# Two people


def test_a_conflict_shows_both_and_saves_neither_over_the_other(cast: Cast, grading: Grading) -> None:
    plain(cast.colleague, grading, form("missed", reason="Only the patient said it."))
    response = plain(cast.owner, grading, form("na", reason="Not this patient."))
    page = text_of(response.content.decode())
    assert response.status_code == 412
    assert "Theirs Missed, colleague at" in page
    assert "Yours, not saved Not applicable: “Not this patient.”" in page
    assert [row.by for row in ReviewDecision.objects.all()] == [cast.colleague]


def test_a_conflict_can_be_settled_from_where_it_is_shown(cast: Cast, grading: Grading) -> None:
    plain(cast.colleague, grading, form("missed", reason="No."))
    html = plain(cast.owner, grading, form("na")).content.decode()
    row = html[html.index('class="unsaved"') :]
    seen = re.search(r'name="seen" value="(\d+)"', row)
    assert seen is not None
    plain(cast.owner, grading, form("na", seen=seen[1]))
    assert [row.action for row in ReviewDecision.objects.all()] == ["override", "not_applicable"]


def test_others_changes_arrive_as_parts_and_only_what_is_new(cast: Cast, grading: Grading) -> None:
    plain(cast.colleague, grading, form("missed", reason="No."))
    client = signed_in(cast.owner)
    news = client.get(f"/gradings/{grading.pk}/changes/?since=0").json()
    assert news["others"] == ["colleague"]
    assert news["last_sequence"] == 1
    assert any("✎" in part["html"] and part["id"].startswith("item-") for part in news["parts"])
    assert client.get(f"/gradings/{grading.pk}/changes/?since=1").json() == {"last_sequence": 1, "parts": []}


# Parts of the page


def test_a_decision_answers_the_parts_that_it_changes_and_no_others(cast: Cast, grading: Grading) -> None:
    answer = parts(cast.owner, grading, form("missed", reason="No."))
    names = {re.sub(r"\d+", "N", part["id"]) for part in answer["parts"]}
    assert names == {"review-total", "review-finish", "item-N", "head-key_questions", "turn-N"}
    assert answer["saved"]["sequence"] == 1
    for part in answer["parts"]:
        assert re.match(rf'<\w+[^>]* id="{part["id"]}"', re.sub(r"^\s*<!--.*?-->", "", part["html"].strip()))


def test_a_refusal_comes_with_its_item(cast: Cast, grading: Grading) -> None:
    answer = parts(cast.owner, grading, form("missed"), 422)
    assert answer["error"]["conflict"] is False
    assert any("Say in a few words" in part["html"] for part in answer["parts"])


def test_finding_a_section_renews_the_penalties_that_follow_it(cast: Cast, assessment: Assessment) -> None:
    grading = graded(assessment, transcript=TRANSCRIPT.replace("So to sum up, you are", "You are"))
    answer = parts(cast.owner, grading, form("met", item="section:Summary", reason="It is there."))
    assert sum('data-key="penalty:' in part["html"] for part in answer["parts"]) == 2


# Who may


@pytest.mark.parametrize("who", ["owner", "colleague", "coordinator"])
def test_graders_of_the_assessment_and_coordinators_decide(cast: Cast, grading: Grading, who: str) -> None:
    assert plain(getattr(cast, who), grading, form("na")).status_code == 302


PATHS = ["/gradings/{id}/decide/", "/gradings/{id}/changes/?since=0", "/review/{assessment}/next/"]


@pytest.mark.parametrize("who", ["outsider", "student", "other_student"])
@pytest.mark.parametrize("path", PATHS)
def test_to_others_nothing_of_it_exists(cast: Cast, grading: Grading, who: str, path: str) -> None:
    client = signed_in(getattr(cast, who))
    there = path.format(id=grading.pk, assessment=grading.submission.assessment_id)
    nowhere = path.format(id="00000000-0000-4000-8000-000000000000", assessment=99_999)
    for send in (client.get, client.post):
        theirs, absent = send(there, form("na")), send(nowhere, form("na"))
        assert theirs.status_code == absent.status_code
        assert theirs.status_code in (404, 405)
    assert not ReviewDecision.objects.exists()


@pytest.mark.parametrize("path", PATHS)
def test_a_visitor_is_asked_to_sign_in(grading: Grading, path: str) -> None:
    address = path.format(id=grading.pk, assessment=grading.submission.assessment_id)
    client = Client()
    response = client.post(address, form("na")) if "decide" in path else client.get(address)
    assert response.headers["Location"].startswith("/sign-in/")


def test_a_decision_from_another_site_is_refused(cast: Cast, grading: Grading) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.owner)
    assert client.post(f"/gradings/{grading.pk}/decide/", form("na")).status_code == 403


# The queue of the station


def test_no_mark_leaks_to_the_next_candidate(cast: Cast, assessment: Assessment) -> None:
    first, second = graded(assessment, student="S-1"), graded(assessment, student="S-2")
    plain(cast.owner, first, form("missed", reason="A reason about S-1 alone."))
    plain(cast.owner, first, form("rate:fail", item="grading"))
    page = signed_in(cast.owner).get(f"/gradings/{second.pk}/").content.decode()
    assert "A reason about S-1 alone." not in page
    assert "✎" not in text_of(page)
    assert 'aria-pressed="true"' not in page
    tokens = re.findall(r'name="client_token" value="([^"]+)"', page)
    assert len(tokens) == len(set(tokens)) == page.count("data-decide")
    assert all(UUID(token) for token in tokens)


def test_uncertain_then_near_the_cut_then_warnings_come_first(cast: Cast, assessment: Assessment) -> None:
    plain_one = graded(assessment, student="S-1")
    warned = graded(assessment, student="S-2", transcript=TRANSCRIPT.replace("[00:28]", "[00:05]"))
    assert warned.warning_count
    assert not plain_one.warning_count
    assessment.refresh_from_db()
    order = [row.pk for row in Grading.objects.review_queue(assessment)]
    uncertain = set(Grading.objects.filter(uncertain_items__gt=0).values_list("pk", flat=True))
    assert order.index(warned.pk) < order.index(plain_one.pk) or plain_one.pk in uncertain
    near = graded(assessment, student="S-3", transcript=TRANSCRIPT.replace("Do you have any allergies?", "Right."))
    Assessment.objects.filter(pk=assessment.pk).update(cut_score=near.overall_score)
    assessment.refresh_from_db()
    ranks = {row.pk: row.priority for row in Grading.objects.review_queue(assessment)}  # type: ignore[attr-defined]
    assert ranks[near.pk] == (0 if near.uncertain_items else 1)


def test_a_student_s_newest_grading_stands_in_the_queue(cast: Cast, assessment: Assessment) -> None:
    graded(assessment)
    newest = graded(assessment)
    assert [row.pk for row in Grading.objects.review_queue(assessment)] == [newest.pk]


def test_next_skips_what_is_complete_and_goes_around_the_end(cast: Cast, assessment: Assessment) -> None:
    queue = [graded(assessment, student=f"S-{number}") for number in (1, 2, 3)]
    order = [row.pk for row in Grading.objects.review_queue(assessment)]
    by_id = {grading.pk: grading for grading in queue}

    def finish(grading: Grading) -> None:
        plain(cast.owner, grading, form("met", item="element:told"))
        plain(cast.owner, grading, form("rest", item="grading"))

    finish(by_id[order[1]])
    page = signed_in(cast.owner).get(f"/gradings/{order[0]}/").content.decode()
    assert f'rel="next" href="/gradings/{order[2]}/"' in page
    assert "1 of 3" in text_of(page)
    page = signed_in(cast.owner).get(f"/gradings/{order[2]}/").content.decode()
    assert f'rel="next" href="/gradings/{order[0]}/"' in page
    assert f'rel="prev" href="/gradings/{order[1]}/"' in page
    to_first = signed_in(cast.owner).get(f"/review/{assessment.pk}/next/")
    assert to_first.headers["Location"] == f"/gradings/{order[0]}/"
    finish(by_id[order[0]])
    finish(by_id[order[2]])
    assert signed_in(cast.owner).get(f"/review/{assessment.pk}/next/").status_code == 302
    assert 'rel="next"' not in signed_in(cast.owner).get(f"/gradings/{order[0]}/").content.decode()


# History


def test_the_history_keeps_what_was_undone(cast: Cast, grading: Grading) -> None:
    plain(cast.owner, grading, form("missed", reason="Too fast."))
    plain(cast.colleague, grading, form("undo", seen="1"))
    history = shown(cast.owner, grading, "?tab=history")
    assert history.index("Undid decision 1") < history.index("Missed undone")
    assert "Too fast." in history
    assert "Graded by the machine" in history


# Nothing in words comes alive


def test_what_people_write_is_never_markup(cast: Cast, grading: Grading) -> None:
    evil = "<script>alert(1)</script>"
    plain(cast.owner, grading, form("missed", reason=evil))
    plain(cast.owner, grading, form("comment", seen="1", comment=evil))
    for query in ("", "?tab=history"):
        assert evil not in signed_in(cast.owner).get(f"/gradings/{grading.pk}/{query}").content.decode()


# Offsets of the original text


CRLF = "[00:02] Student: Hi 👩🏽‍⚕️,\r\nwhat brings you in?\r\n[00:06] Patient: My ankle 😖.\r\n"


def test_every_piece_of_the_transcript_says_where_it_begins_and_a_break_of_two_ends_it(
    cast: Cast, assessment: Assessment
) -> None:
    grading = graded(assessment, transcript=CRLF)
    html = signed_in(cast.owner).get(f"/gradings/{grading.pk}/").content.decode()
    pieces = re.findall(r'<(?:span|mark)[^>]* data-at="(\d+)"[^>]*>([^<]*)<', html)
    source = grading.submission.oral_transcript
    assert pieces
    for start, text in pieces:
        assert source[int(start) :].startswith(text)
        assert "\r\n" not in text[:-2]


# How much work


def queries_of(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_the_page_asks_a_constant_number_of_queries_however_much_was_decided(
    cast: Cast, assessment: Assessment
) -> None:
    grading = graded(assessment)
    client = signed_in(cast.owner)
    path = f"/gradings/{grading.pk}/"
    before = queries_of(lambda: client.get(path))
    for number in range(8):
        graded(assessment, student=f"S-{number + 10}")
        plain(cast.owner, grading, form("comment", seen=str(number), comment=f"Remark {number}"))
    assert queries_of(lambda: client.get(path)) == before == 6
    assert queries_of(lambda: client.get(f"/gradings/{grading.pk}/changes/?since=8")) == 4
    sent = form("na", seen="8")
    assert (
        queries_of(lambda: client.post(f"/gradings/{grading.pk}/decide/", sent, headers={"Accept": "application/json"}))
        == 14
    )


# Who the candidate is


@pytest.mark.parametrize("query", ["", "?tab=feedback", "?tab=history", "?tab=about"])
def test_where_grading_is_anonymous_the_page_names_a_code_alone(cast: Cast, assessment: Assessment, query: str) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(anonymous_grading=True)
    assessment.refresh_from_db()
    grading = graded(assessment, student="Quincy-77")
    candidate = grading.submission.candidate
    assert candidate is not None
    page = signed_in(cast.owner).get(f"/gradings/{grading.pk}/{query}").content.decode()
    assert "Quincy-77" not in page
    assert f"Candidate {candidate.code}" in " ".join(re.sub(r"<[^>]+>", "", page).split())
