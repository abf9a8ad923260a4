"""A browser, a school with one graded interview, and visits that complain about whatever went wrong on a page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from feedback.services import GradeRequest, grading_release, submission_grade
from grader.models import Role, User
from rubrics.domain.document import rubric_from_json
from rubrics.services import rubric_version_approve, rubric_version_create
from scoring.access import Viewer
from scoring.domain.pipeline import SubmissionInputs
from scoring.models import Assessment, Grading

LIBRARY = Path(__file__).resolve().parents[2] / "rubrics" / "library"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
DESKTOP, PHONE = (1280, 900), (390, 844)
PASSWORD = "long-enough-1"


@pytest.fixture(scope="session")
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

    def path(self, path: str) -> str:
        return path.format(id=self.grading.pk, assessment=self.grading.submission.assessment_id)

    def address(self, path: str) -> str:
        return self.url + self.path(path)


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


@contextmanager
def visiting(chromium: Browser, url: str) -> Iterator[Visit]:
    """Opens pages of a server as somebody; at the end none may have broken the policy, failed, or left the server."""
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
        page.on("request", lambda r: None if r.url.startswith((url, "data:")) else complaints.append(r.url))
        if who:
            page.goto(f"{url}/sign-in/")
            page.fill("#id_username", who)
            page.fill("#id_password", PASSWORD)
            page.click("main button[type=submit]")
        page.goto(url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def visit(chromium: Browser, school: School) -> Iterator[Visit]:
    """Visits to the school; a path may name its grading and its assessment."""
    with visiting(chromium, school.url) as open_page:
        yield lambda path, **how: open_page(school.path(path), **how)
