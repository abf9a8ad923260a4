"""The review screen in a real browser: keys alone, two people at once, a lost connection, selected words, no scripts."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from feedback.services import GradeRequest, submission_grade
from grader.models import Role, User
from scoring.access import Viewer
from scoring.domain.pipeline import SubmissionInputs
from scoring.models import FinalScore, Grading, ReviewDecision
from tests.system.browsing import PASSWORD, PHONE, School, Visit

pytestmark = [pytest.mark.system, pytest.mark.django_db(transaction=True)]

PAGE = "/gradings/{id}/"
SAVED = re.compile(r"^Saved \d\d:\d\d")


def item(page: Page, key: str) -> Locator:
    return page.locator(f'.item[data-key="{key}"]')


def sure(page: Page) -> Locator:
    """The first question that the machine was sure was asked."""
    return page.locator('.item[data-key^="question:"]:not([data-todo])', has=page.locator(".verdict--good")).first


def open_at(row: Locator) -> Locator:
    row.locator(".item__label").click()
    return row


def decisions() -> list[tuple[str, str]]:
    return [(row.action, row.by.username) for row in ReviewDecision.objects.select_related("by")]


def another(school: School, student: str, transcript: str | None = None) -> Grading:
    first = Grading.objects.select_related("submission__assessment").get(pk=school.grading.pk)
    assessment = first.submission.assessment
    assert assessment is not None
    text = transcript or first.submission.oral_transcript
    request = GradeRequest("stroke_v1", None, student, SubmissionInputs(text), assessment_id=assessment.pk)
    return submission_grade(request=request, viewer=Viewer(user_id=assessment.owner_id), at=timezone.now())


def colleague(school: School) -> None:
    user = User.objects.create_user("ruiz", password=PASSWORD, role=Role.FACULTY, first_name="Ana", last_name="Ruiz")
    assessment = school.grading.submission.assessment
    assert assessment is not None
    assessment.graders.add(user)


def test_a_review_is_done_by_keys_alone(visit: Visit) -> None:
    page = visit(PAGE, who="faculty")
    saved = page.locator("#saved")
    while page.locator(".item[data-todo]").count():
        waiting = page.locator(".item[data-todo]").count()
        page.keyboard.press("n")
        page.keyboard.press("1")
        expect(page.locator(".item[data-todo]")).to_have_count(waiting - 1)
    sure(page).evaluate("row => document.location.hash = row.id")
    current = page.locator(".item.is-shown")
    expect(current).to_have_count(1)
    page.keyboard.press("2")
    expect(current.locator("[name=reason]")).to_be_focused()
    page.keyboard.type("Only the patient said it.")
    page.keyboard.press("Enter")
    expect(current.locator(".item__verdict")).to_contain_text("✎ Missed")
    expect(current.locator("s")).to_have_text("Asked")
    expect(page.locator(".total__machine")).to_be_visible()
    page.keyboard.press("u")
    expect(current.locator(".item__verdict")).to_contain_text("✓ Asked")
    page.keyboard.press("c")
    page.keyboard.type("Kindly put.")
    page.keyboard.press("Control+Enter")
    expect(current).to_contain_text("comments: Kindly put.")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Fail")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Accept the rest as graded").press("Enter")
    expect(page.locator("#review-total")).to_contain_text("All items addressed")
    expect(saved).to_have_text(SAVED)
    assert FinalScore.objects.get().state == "complete"


def test_two_people_see_each_other_and_nobody_overwrites_in_silence(visit: Visit, school: School) -> None:
    colleague(school)
    mine, theirs = visit(PAGE, who="faculty"), visit(PAGE, who="ruiz")
    key = sure(mine).get_attribute("data-key") or ""
    open_at(item(theirs, key)).get_by_role("button", name="Not applicable").click()
    expect(theirs.locator("#saved")).to_have_text(SAVED)
    # Mine still shows the old state: deciding now must not win in silence.
    open_at(item(mine, key)).get_by_role("button", name="Asked").click()
    conflict = item(mine, key).get_by_role("alert")
    expect(conflict).to_contain_text("Ana Ruiz decided about this item")
    expect(conflict).to_contain_text("Yours, not saved")
    assert decisions() == [("not_applicable", "ruiz")]
    item(mine, key).get_by_role("button", name="Asked").click()
    expect(mine.locator("#saved")).to_have_text(SAVED)
    assert decisions() == [("not_applicable", "ruiz"), ("accept", "faculty")]
    theirs.evaluate("document.dispatchEvent(new Event('review:poll'))")
    expect(item(theirs, key)).to_contain_text("Confirmed by faculty")


def test_a_lost_connection_loses_nothing_and_a_double_click_counts_once(visit: Visit) -> None:
    page = visit(PAGE, who="faculty")
    row = open_at(item(page, sure(page).get_attribute("data-key") or ""))
    page.context.set_offline(True)
    row.get_by_role("button", name="Not applicable").dblclick()
    saved = page.locator("#saved")
    expect(saved).to_contain_text("Not saved — retrying")
    assert decisions() == []
    page.context.set_offline(False)
    expect(saved).to_have_text(SAVED, timeout=20_000)
    assert decisions() == [("not_applicable", "faculty")]
    expect(row.locator(".item__verdict")).to_contain_text("Not applicable")


CRLF = (
    "[00:02] Student: Hi 👩🏽‍⚕️, I'm a student.\r\n[00:06] Patient: My arm 😖 went weak.\r\n"
    "[00:10] Student: Oh no 😮.\r\nWhen did 🕘 this start, then?\r\n[00:15] Patient: At nine.\r\n"
)
SELECT = """words => {
  const pieces = [...document.querySelectorAll("#turn-3 [data-at]")];
  const range = document.createRange();
  const [first, last] = words;
  const from = pieces.find((piece) => piece.textContent.includes(first));
  const to = pieces.findLast((piece) => piece.textContent.includes(last));
  range.setStart(from.firstChild, from.textContent.indexOf(first));
  range.setEnd(to.firstChild, to.textContent.indexOf(last) + last.length);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def test_selected_words_become_evidence_at_their_place_in_the_original_text(visit: Visit, school: School) -> None:
    grading = another(school, "S-7", CRLF)
    page = visit(f"/gradings/{grading.pk}/", who="faculty")
    row = open_at(page.locator('.item[data-key^="question:"]', has=page.locator(".verdict--bad")).first)
    page.evaluate(SELECT, ["Oh no", "did 🕘 this"])
    expect(page.locator("#pick")).to_be_visible()
    page.keyboard.press("e")
    expect(row.locator("[data-evidence]")).to_contain_text("did 🕘 this")
    row.get_by_role("button", name="Asked").click()
    expect(page.locator("#saved")).to_have_text(SAVED)
    stored = ReviewDecision.objects.get()
    assert stored.evidence_quote == "Oh no 😮.\r\nWhen did 🕘 this"
    assert CRLF[stored.evidence_start : stored.evidence_end] == stored.evidence_quote
    expect(page.locator("#turn-3 mark.mark--yours").first).to_be_visible()


def test_what_was_not_saved_outlives_signing_out_and_a_reload(visit: Visit, school: School) -> None:
    page = visit(PAGE, who="faculty")
    cookies = page.context.cookies()
    row = open_at(item(page, sure(page).get_attribute("data-key") or ""))
    page.context.clear_cookies(name="sessionid")
    row.get_by_role("button", name="Not applicable").click()
    expect(page.locator("#saved")).to_contain_text("Not saved — you were signed out")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(school.address(PAGE))
    expect(page.locator("#saved")).to_have_text(SAVED)
    assert decisions() == [("not_applicable", "faculty")]


def test_words_are_found_in_the_transcript(visit: Visit) -> None:
    page = visit(PAGE, who="faculty")
    page.keyboard.press("f")
    page.keyboard.type("WEAK")
    count = page.locator("#find-count")
    expect(count).to_have_text(re.compile(r"^1 of \d+$"))
    page.keyboard.press("Enter")
    expect(count).to_have_text(re.compile(r"^2 of \d+$"))
    expect(page.locator(".turn.is-found")).to_be_in_viewport()
    page.fill("#find-words", "nobody says this")
    expect(count).to_have_text("none")


def test_the_next_candidate_opens_clean(visit: Visit, school: School) -> None:
    second = another(school, "S-9")
    page = visit(PAGE, who="faculty")
    row = open_at(sure(page))
    row.get_by_role("button", name="Not applicable").click()
    expect(page.locator("#saved")).to_have_text(SAVED)
    page.keyboard.press("Escape")
    page.keyboard.press("]")
    expect(page).to_have_url(re.compile(str(second.pk)))
    expect(page.locator('[aria-pressed="true"]')).to_have_count(0)
    expect(page.locator(".total__machine")).to_have_count(0)
    page.keyboard.press("[")
    expect(page).to_have_url(re.compile(str(school.grading.pk)))


@pytest.mark.parametrize("size", [(1280, 900), PHONE], ids=["desktop", "phone"])
def test_without_javascript_every_decision_is_a_plain_form(visit: Visit, size: tuple[int, int]) -> None:
    page = visit(PAGE, who="faculty", scripts=False, size=size)
    key = sure(page).get_attribute("data-key") or ""
    row = item(page, key)
    row.locator(".decide > summary").click()
    row.locator(".decide__more > summary").click()
    row.get_by_label("Evidence in turn").fill("3")
    row.get_by_role("button", name="Missed").click()
    expect(row).to_be_in_viewport()
    expect(row.locator(".item__verdict")).to_contain_text("✎ Missed")
    stored = ReviewDecision.objects.get()
    assert (stored.verdict, stored.evidence_turn) == ("missed", 3)
