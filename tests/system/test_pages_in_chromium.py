"""The pages in a real browser: accessible in both schemes and at both sizes, usable by keys and without JavaScript."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from feedback.services import GradeRequest, grading_release, submission_grade
from grader.models import Role, User
from rubrics.domain.document import rubric_from_json
from rubrics.services import rubric_version_approve, rubric_version_create
from scoring.access import Viewer
from scoring.domain.pipeline import SubmissionInputs
from scoring.models import Assessment, Grading

pytestmark = [pytest.mark.system, pytest.mark.django_db(transaction=True)]

LIBRARY = Path(__file__).resolve().parents[2] / "rubrics" / "library"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP, PHONE = (1280, 900), (390, 844)
PASSWORD = "long-enough-1"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright's own event loop runs in this thread, which Django would take for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass(frozen=True)
class School:
    """One interview of the sample library, graded and released."""

    url: str
    grading: Grading

    def address(self, path: str) -> str:
        return self.url + path.format(id=self.grading.pk)


@pytest.fixture
def school(chromium: Browser, live_server: LiveServer) -> School:
    faculty = User.objects.create_user("faculty", password=PASSWORD, role=Role.FACULTY)
    User.objects.create_user("student", password=PASSWORD, role=Role.STUDENT, student_id="S-1")
    document = rubric_from_json((LIBRARY / "stroke_v1.json").read_bytes())
    version = rubric_version_create(document=document, author_id=None, at=timezone.now())
    rubric_version_approve(rubric_version=version, by="coordinator", at=timezone.now())
    assessment = Assessment.objects.create(
        course="Neurology", station="Station 3", date=timezone.now().date(), rubric_version=version, owner=faculty,
        cut_score="0.6",
    )  # fmt: skip
    samples = LIBRARY / "samples" / "stroke_v1"
    text, summary = (samples / "middling.txt").read_text(), (samples / "middling.summary.txt").read_text()
    request = GradeRequest(
        rubric_id="stroke_v1",
        rubric_version=None,
        student_id="S-1",
        inputs=SubmissionInputs(text, summary),
        assessment_id=assessment.pk,
    )
    grading = submission_grade(request=request, viewer=Viewer(user_id=faculty.pk), at=timezone.now())
    grading_release(grading=grading, by_id=faculty.pk, at=timezone.now())
    return School(live_server.url, grading)


Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, school: School) -> Iterator[Visit]:
    """Opens a page as somebody; at the end no page may have broken the policy, failed, or left the server."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def open_page(
        path: str, *, who: str = "", size: tuple[int, int] = DESKTOP, scheme: str = "light", scripts: bool = True
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith((school.url, "data:")) else complaints.append(r.url))
        if who:
            page.goto(f"{school.url}/sign-in/")
            page.fill("#id_username", who)
            page.fill("#id_password", PASSWORD)
            page.click("main button[type=submit]")
        page.goto(school.address(path))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


PAGES = [
    ("", "/sign-in/"),
    ("", "/nowhere"),
    ("", "/services/status"),
    ("faculty", "/gradings/"),
    ("faculty", "/gradings/?q=nobody"),
    ("faculty", "/gradings/{id}/"),
    ("faculty", "/gradings/{id}/?tab=feedback"),
    ("faculty", "/gradings/{id}/?tab=about"),
    ("faculty", "/gradings/{id}/#transcript"),
    ("faculty", "/gradings/{id}/release/"),
    ("student", "/feedback/"),
    ("student", "/feedback/{id}/"),
    ("faculty", "/api/"),
    ("faculty", "/api/grade/"),
    ("faculty", "/api/gradings/"),
    ("faculty", "/api/gradings/{id}/"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_page_breaks_a_rule_of_accessibility(
    visit: Visit, school: School, size: tuple[int, int], scheme: str
) -> None:
    broken = []
    for who in ("", "faculty", "student"):
        mine = [path for reader, path in PAGES if reader == who]
        page = visit(mine[0], who=who, size=size, scheme=scheme)
        for path in mine:
            page.goto(school.address(path))
            page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG_2_2_AA}})
            assert found.response["passes"], path
            broken += [
                f"{path}: {violation['id']} at {violation['nodes'][0]['target']}: {violation['help']}"
                for violation in found.response["violations"]
            ]
    assert broken == []


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_no_page_scrolls_sideways_at_400_percent(visit: Visit, who: str, path: str) -> None:
    page = visit(path, who=who, size=(320, 640))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_choosing_an_item_shows_its_evidence_and_marks_both(visit: Visit) -> None:
    page = visit("/gradings/{id}/", who="faculty")
    item = page.locator(".item", has=page.locator(".moments a")).nth(12)
    number = item.get_attribute("data-item")
    item.locator(".item__label").click()
    expect(item).to_have_class(re.compile("is-shown"))
    evidence = page.locator(f'mark[data-items~="{number}"]').first
    expect(evidence).to_have_class(re.compile("is-shown"))
    expect(evidence).to_be_in_viewport()
    expect(page.locator(".item.is-shown")).to_have_count(1)


def test_choosing_a_passage_shows_its_item_without_losing_the_passage(visit: Visit) -> None:
    page = visit("/gradings/{id}/", who="faculty")
    passage = page.locator(".turn mark").last
    passage.scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    numbers = (passage.get_attribute("data-items") or "").split()
    passage.click()
    item = page.locator(f'.item[data-item="{numbers[0]}"]')
    expect(item).to_have_class(re.compile("is-shown"))
    expect(item).to_be_in_viewport()
    assert abs(page.evaluate("scrollY") - place) < 5


def test_a_number_in_the_transcript_does_not_move_the_transcript(visit: Visit) -> None:
    page = visit("/gradings/{id}/", who="faculty")
    badge = page.locator(".turn .badge").nth(10)
    badge.scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    badge.click()
    expect(page.locator(f'.item[data-item="{badge.get_attribute("data-item")}"]')).to_be_in_viewport()
    assert abs(page.evaluate("scrollY") - place) < 5


def test_keys_walk_through_the_items(visit: Visit) -> None:
    page = visit("/gradings/{id}/", who="faculty")
    shown = page.locator(".item.is-shown")
    page.keyboard.press("j")
    expect(shown).to_have_attribute("data-item", "1")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(shown).to_have_attribute("data-item", "3")
    page.keyboard.press("k")
    expect(shown).to_have_attribute("data-item", "2")
    expect(shown).to_be_focused()
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)


def test_n_goes_to_what_waits_for_a_person(visit: Visit) -> None:
    page = visit("/gradings/{id}/", who="faculty")
    waiting = page.locator(".item[data-todo]")
    page.keyboard.press("n")
    if waiting.count():
        expect(waiting.first).to_have_class(re.compile("is-shown"))
    else:
        expect(page.locator(".item.is-shown")).to_have_count(0)


def test_help_and_search_answer_to_their_keys(visit: Visit) -> None:
    page = visit("/gradings/{id}/", who="faculty")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("s-1?")
    expect(page.locator("#keys")).to_be_hidden()
    page.fill("#find", "station")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/gradings/\?q=station$"))
    expect(page.locator("tbody tr")).to_have_count(1)


def test_everything_can_be_reached_without_javascript(visit: Visit) -> None:
    page = visit("/gradings/{id}/", who="faculty", scripts=False)
    badge = page.locator(".turn .badge").nth(5)
    number = badge.get_attribute("data-item")
    badge.click()
    expect(page.locator(f"#item-{number}")).to_be_in_viewport()
    page.locator(f"#item-{number} .moments a").first.click()
    expect(page.locator(f"#e{number}")).to_be_in_viewport()
    page.get_by_role("link", name="About this grading").click()
    page.get_by_role("button", name="Grade again and compare").click()
    expect(page.get_by_text("It matches.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_a_phone_shows_one_pane_and_keeps_the_score_in_sight(visit: Visit, scripts: bool) -> None:
    page = visit("/gradings/{id}/", who="faculty", size=PHONE, scripts=scripts)
    transcript, grading = page.locator("#transcript"), page.locator("#grading")
    expect(transcript).to_be_hidden()
    link = page.locator(".item .moments a").nth(6)
    target = link.get_attribute("href") or ""
    link.click()
    expect(transcript).to_be_visible()
    expect(grading).to_be_hidden()
    expect(page.locator(target)).to_be_in_viewport()
    expect(page.locator(".switch__total")).to_be_in_viewport()
    page.locator(".switch").get_by_role("link", name="Grading").click()
    expect(grading).to_be_visible()


def test_the_keyboard_reaches_the_content_first(visit: Visit) -> None:
    page = visit("/gradings/{id}/", who="faculty")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    expect(page.get_by_text("Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_printed_feedback_is_two_pages(visit: Visit) -> None:
    page = visit("/feedback/{id}/", who="student")
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
    assert sheets <= 2


def test_the_api_can_be_tried_in_the_browser(visit: Visit) -> None:
    page = visit("/api/grade/", who="faculty")
    page.get_by_label("Body").fill('{"rubric_id": "nothing"}')
    page.get_by_role("button", name="Send POST").click()
    expect(page.locator(".exchange__line")).to_contain_text("400")
    expect(page.get_by_label("Body")).to_have_value('{"rubric_id": "nothing"}')
