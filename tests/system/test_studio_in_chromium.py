"""The studio in a real browser: from an empty form to an approved rubric by keys alone, and nothing lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from feedback.services import GradeRequest, submission_grade
from grader.models import Role, User
from rubrics.domain.document import rubric_from_mapping
from rubrics.models import RubricVersion
from rubrics.services import rubric_version_create, rubric_version_revise
from scoring.access import Viewer
from scoring.domain.pipeline import SubmissionInputs
from scoring.models import Assessment, BenchRun
from scoring.services.bench import BenchChoice, bench_run_create, bench_run_grade
from tests.builders import document
from tests.cast import TRANSCRIPT, approved_rubric
from tests.system.browsing import DESKTOP, PASSWORD, PHONE, Visit, visiting

pytestmark = [pytest.mark.system, pytest.mark.django_db(transaction=True)]

WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AT = "/rubrics/ankle_v1/1.0.0/"


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """Visits of Ada, who approves, unless somebody else is named."""
    for name, role in (("ada", Role.COORDINATOR), ("ben", Role.FACULTY)):
        User.objects.create_user(name, password=PASSWORD, role=role)
    with visiting(chromium, live_server.url) as open_page:
        yield lambda path, **how: open_page(path, **{"who": "ada", **how})


@pytest.fixture
def draft(visit: Visit) -> RubricVersion:
    return rubric_version_create(document=rubric_from_mapping(document()), author_id=None, at=timezone.now())


def reach(page: Page, selector: str, *, key: str = "Tab", limit: int = 120) -> None:
    """Presses a key until the element has the focus, as somebody without a mouse does."""
    for _ in range(limit):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} was not reached by {key}")


def write(page: Page, selector: str, words: str) -> None:
    reach(page, selector)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def follow(page: Page, selector: str, address: str) -> None:
    """Reaches a link or button by keys, presses Enter and waits for the page it leads to."""
    reach(page, selector)
    with page.expect_navigation(url=re.compile(address)):
        page.keyboard.press("Enter")


def saved(page: Page) -> None:
    expect(page.locator("#save-state[data-state=saved]:not(.is-pending)")).to_contain_text("Saved")


def test_from_an_empty_form_to_an_approved_rubric_by_keys_alone(visit: Visit) -> None:
    page = visit("/rubrics/")
    follow(page, "a[href='/rubrics/new/']", "/rubrics/new/")
    write(page, "#title", "Ankle injury")
    follow(page, "main form button[type=submit]", "/rubrics/ankle_injury/1.0.0/")
    write(page, "#f-specialty", "Emergency medicine")
    saved(page)

    follow(page, ".outline__link[href*='part=key_questions_policy']", "part=key_questions_policy")
    write(page, "#add-words", "Could you walk on it afterwards?")
    follow(page, ".add button", r"part=key_questions\.0")
    reach(page, "#f-critical")
    page.keyboard.press("Space")
    reach(page, "#f-phrases")
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("able to bear weight")
    saved(page)
    write(page, "#add-words", "Do you have any allergies?")
    follow(page, ".add button", r"part=key_questions\.1")
    reach(page, "[data-home=key_questions] a[aria-current]")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#said")).to_contain_text("Do you have any allergies?: 1 of 2")
    expect(page.locator("[data-home=key_questions] > li").first.locator("a")).to_be_focused()

    follow(page, ".outline__link[href*='part=reasoning']", "part=reasoning")
    write(page, "#add-words", "Tenderness → radiograph")
    follow(page, ".add button", r"part=reasoning\.required_links\.0")
    follow(page, ".title__actions a.button--primary", "/approve/")
    write(page, "#note", "Read by the station's authors.")
    follow(page, "main form button[type=submit]", "/rubrics/ankle_injury/1.0.0/")

    version = RubricVersion.objects.select_related("rubric").get()
    assert (version.status, version.approved_by) == ("approved", "ada")
    assert version.specialty == "Emergency medicine"
    assert [question["label"] for question in version.content["key_questions"]] == [
        "Do you have any allergies?",
        "Could you walk on it afterwards?",
    ]
    assert version.content["key_questions"][1]["critical"] is True
    assert "able to bear weight" in version.content["key_questions"][1]["phrases"]


def test_what_is_written_is_saved_by_itself_and_checked_at_once(visit: Visit, draft: RubricVersion) -> None:
    page = visit(f"{AT}?part=key_questions.1")
    page.locator("#f-phrases").fill("any allergies\ntake four steps")
    saved(page)
    expect(page.locator("#f-phrases-notes")).to_contain_text("take four steps")
    expect(page.locator(".outline__link[aria-current]")).to_contain_text("to mend")
    expect(page.locator("#f-phrases")).to_be_focused()
    page.locator("#f-label").fill("")
    expect(page.locator("#save-state")).to_contain_text("Not saved yet")
    expect(page.locator("#f-label-notes")).to_contain_text("Write something here.")
    draft.refresh_from_db()
    assert draft.content["key_questions"][1]["label"] == "Do you have any allergies?"


def test_leaving_with_unsaved_words_is_asked_about(visit: Visit, draft: RubricVersion) -> None:
    page = visit(f"{AT}?part=key_questions.1")
    page.locator("#f-label").fill("")
    expect(page.locator("#save-state")).to_contain_text("Not saved yet")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.assign('/rubrics/')")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(page.locator("#f-label")).to_have_value("")


def test_following_a_link_stores_the_last_words_first(visit: Visit, draft: RubricVersion) -> None:
    page = visit(f"{AT}?part=key_questions.1")
    page.locator("#f-label").fill("Allergic to anything?")
    page.locator(".outline__link[href*='part=weights']").click()
    page.wait_for_url(re.compile("part=weights"))
    draft.refresh_from_db()
    assert draft.content["key_questions"][1]["label"] == "Allergic to anything?"


def test_rows_and_items_are_dragged_by_their_handles(visit: Visit, draft: RubricVersion) -> None:
    page = visit(f"{AT}?part=structure")

    def drag(handle: str, onto: str) -> None:
        page.locator(handle).hover()
        start, end = page.locator(handle).bounding_box(), page.locator(onto).bounding_box()
        assert start is not None
        assert end is not None
        page.mouse.move(start["x"] + 5, start["y"] + 5)
        page.mouse.down()
        page.mouse.move(end["x"] + 20, end["y"] + 3, steps=4)
        page.mouse.up()

    drag("[data-rows] > li:nth-child(3) [data-handle]", "[data-rows] > li:nth-child(1)")
    saved(page)
    expect(page.locator("[data-rows] input").first).to_have_value("ROS")
    page.locator("[data-home=key_questions] > li:nth-child(2)").hover()
    drag("[data-home=key_questions] > li:nth-child(2) [data-handle]", "[data-home=key_questions] > li:nth-child(1)")
    expect(page.locator("#said")).to_contain_text("Do you have any allergies?: 1 of 2")
    draft.refresh_from_db()
    assert draft.content["structure"]["expected_order"][:3] == ["ROS", "CC", "HPI"]
    assert [question["id"] for question in draft.content["key_questions"]] == ["allergies", "weight_bearing"]


def test_two_people_see_both_changes_and_choose(visit: Visit, draft: RubricVersion) -> None:
    first, second = visit(f"{AT}?part=key_questions.0"), visit(f"{AT}?part=key_questions.0", who="ben")
    first.locator("#f-label").fill("First?")
    saved(first)
    second.locator("#f-label").fill("Second?")
    expect(second.locator("#save-state")).to_contain_text("ada changed this draft")
    second.get_by_role("button", name="See both changes").click()
    second.get_by_label("Yours Second?").check()
    second.get_by_role("button", name="Save what I chose").click()
    expect(second.locator("#f-label")).to_have_value("Second?")
    draft.refresh_from_db()
    assert draft.content["key_questions"][0]["label"] == "Second?"


def test_a_change_in_words_is_previewed_in_place(visit: Visit, draft: RubricVersion) -> None:
    page = visit(f"{AT}?part=weights")
    page.get_by_label("Describe a change", exact=True).fill("Make allergies critical")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("Applied.")).to_be_visible()
    draft.refresh_from_db()
    assert draft.content["key_questions"][1]["critical"] is True


def test_everything_works_without_javascript(visit: Visit, draft: RubricVersion) -> None:
    page = visit(f"{AT}?part=key_questions.1", scripts=False)
    page.locator("#f-label").fill("Allergic to anything?")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("button", name="Move up").click()
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_text("Consider asking next time: “Allergic to anything?”").first).to_be_visible()
    page.locator(".outline__link", has_text="Structure").click()
    page.get_by_role("button", name="Move row 1 down").click()
    draft.refresh_from_db()
    assert [question["id"] for question in draft.content["key_questions"]] == ["allergies", "weight_bearing"]
    assert draft.content["structure"]["expected_order"][:2] == ["HPI", "CC"]


@pytest.fixture
def tried(visit: Visit) -> BenchRun:
    """A draft that asks for something else, tried on an interview."""
    ada = User.objects.get(username="ada")
    version = approved_rubric()
    station = Assessment.objects.create(
        course="MSK", station="Ankle", date=timezone.now().date(), rubric_version=version, owner=ada, cut_score="0.6"
    )
    request = GradeRequest("ankle_v1", None, "S-1", SubmissionInputs(TRANSCRIPT), assessment_id=station.pk)
    submission_grade(request=request, viewer=Viewer(user_id=ada.pk), at=timezone.now())
    questions = [{**document()["key_questions"][0], "label": "Do you keep pets?", "phrases": ["any pets", "ct"]}]
    changed = document(version="1.0.1", key_questions=[*questions, document()["key_questions"][1]])
    draft = rubric_version_revise(base=version, content=changed, author_id=ada.pk, at=timezone.now())
    run = bench_run_create(
        rubric_version=draft, baseline=version, choice=BenchChoice(), pass_mark=None, viewer=ada.viewer, by_id=ada.pk,
        at=timezone.now(),
    )  # fmt: skip
    bench_run_grade(run_id=str(run.pk), now=timezone.now, processes=1)
    return run


NEXT = "/rubrics/ankle_v1/1.0.1/"
PAGES = (
    "/rubrics/",
    "/rubrics/?q=nothing",
    "/rubrics/new/",
    "/rubrics/import/",
    AT,
    f"{NEXT}?part=about",
    f"{NEXT}?part=weights&tab=preview",
    f"{NEXT}?part=structure&tab=history",
    f"{NEXT}?part=structure.penalties.0",
    f"{NEXT}?part=key_questions.0",
    f"{NEXT}?part=reasoning.required_links.0",
    f"{NEXT}?part=summary.required_elements.0",
    f"{NEXT}?part=communication",
    f"{NEXT}?part=json",
    f"{NEXT}approve/",
    f"{NEXT}export/",
    f"{NEXT}copy/",
    f"{NEXT}delete/",
    f"{AT}archive/",
    f"{NEXT}bench/",
    f"{NEXT}bench/{{run}}/",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_page_breaks_a_rule_of_accessibility(
    visit: Visit, tried: BenchRun, live_server: LiveServer, size: tuple[int, int], scheme: str
) -> None:
    broken = []
    page = visit(PAGES[0], size=size, scheme=scheme)
    for path in PAGES:
        page.goto(live_server.url + path.format(run=tried.pk))
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG_2_2_AA}})
        assert found.response["passes"], path
        broken += [
            f"{path}: {violation['id']} at {violation['nodes'][0]['target']}: {violation['help']}"
            for violation in found.response["violations"]
        ]
    assert broken == []


def test_no_page_scrolls_sideways_at_400_percent(visit: Visit, tried: BenchRun, live_server: LiveServer) -> None:
    page = visit(PAGES[0], size=(320, 640))
    wide = []
    for path in PAGES:
        page.goto(live_server.url + path.format(run=tried.pk))
        width = page.evaluate("document.documentElement.scrollWidth")
        wide += [f"{path} is {width} wide"] if width > 320 else []
    assert wide == []
