"""The pages in a real browser: accessible in both schemes and at both sizes, usable by keys and without JavaScript."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.system.browsing import DESKTOP, PHONE, School, Visit

pytestmark = [pytest.mark.system, pytest.mark.django_db(transaction=True)]

WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

PAGES = [
    ("", "/sign-in/"),
    ("", "/nowhere"),
    ("", "/services/status"),
    ("faculty", "/"),
    ("faculty", "/assessments/"),
    ("faculty", "/assessments/new/"),
    ("faculty", "/assessments/{assessment}/"),
    ("faculty", "/assessments/{assessment}/edit/"),
    ("faculty", "/assessments/{assessment}/candidates/"),
    ("faculty", "/assessments/{assessment}/upload/"),
    ("faculty", "/gradings/"),
    ("faculty", "/gradings/?q=nobody"),
    ("faculty", "/gradings/{id}/"),
    ("faculty", "/gradings/{id}/?tab=feedback"),
    ("faculty", "/gradings/{id}/?tab=history"),
    ("faculty", "/gradings/{id}/?tab=about"),
    ("faculty", "/gradings/{id}/#transcript"),
    ("faculty", "/gradings/{id}/release/"),
    ("faculty", "/assessments/{assessment}/numbers/"),
    ("faculty", "/assessments/{assessment}/release/"),
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
    item = page.locator(".item", has=page.locator("a.item__when")).nth(12)
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
    page.locator(f"#item-{number} a.item__when").click()
    expect(page.locator(f"#e{number}")).to_be_in_viewport()
    page.get_by_role("link", name="About").click()
    page.get_by_role("button", name="Grade again and compare").click()
    expect(page.get_by_text("It matches.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_a_phone_shows_one_pane_and_keeps_the_score_in_sight(visit: Visit, scripts: bool) -> None:
    page = visit("/gradings/{id}/", who="faculty", size=PHONE, scripts=scripts)
    transcript, grading = page.locator("#transcript"), page.locator("#grading")
    expect(transcript).to_be_hidden()
    link = page.locator("a.item__when").nth(6)
    target = link.get_attribute("href") or ""
    link.click()
    expect(transcript).to_be_visible()
    expect(grading).to_be_hidden()
    expect(page.locator(target)).to_be_in_viewport()
    expect(page.locator(".total__yours")).to_be_in_viewport()
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
