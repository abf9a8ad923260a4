"""The pages of gradings: who sees which, what stands on them, and that nothing in a transcript comes alive."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback.models import Release
from feedback.services import GradeRequest, grading_release, submission_grade
from grader.models import User
from scoring.access import Viewer
from scoring.domain.pipeline import SubmissionInputs
from scoring.models import Assessment, Grading
from tests.cast import TRANSCRIPT, Cast, approved_rubric, assessment_of, make_cast

pytestmark = pytest.mark.django_db

SUMMARY = "A 23 year old who could not bear weight, so I would order an x-ray."


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    return assessment_of(cast, approved_rubric())


def graded(
    assessment: Assessment | None, transcript: str = TRANSCRIPT, *, student: str = "S-1", summary: str | None = SUMMARY
) -> Grading:
    request = GradeRequest(
        rubric_id="ankle_v1",
        rubric_version=None,
        student_id=student,
        inputs=SubmissionInputs(transcript, summary),
        assessment_id=assessment.pk if assessment else None,
    )
    owner = assessment.owner_id if assessment else None
    return submission_grade(request=request, viewer=Viewer(user_id=owner), at=timezone.now())


@pytest.fixture
def grading(assessment: Assessment) -> Grading:
    return graded(assessment)


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def page(user: User | None, path: str, status: int = 200) -> str:
    response = signed_in(user).get(path)
    assert response.status_code == status
    return response.content.decode()


class Tags(HTMLParser):
    """Start tags with their attributes, and the text that is read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    return tags


def words(html: str) -> str:
    return " ".join(" ".join(read(html).texts).split())


# Who sees what

FACULTY_PAGES = (
    "/gradings/{id}/",
    "/gradings/{id}/?tab=feedback",
    "/gradings/{id}/?tab=about",
    "/gradings/{id}/release/",
)
ACTIONS = ("/gradings/{id}/release/", "/gradings/{id}/verify/")


@pytest.mark.parametrize("path", FACULTY_PAGES)
@pytest.mark.parametrize("who", ["owner", "colleague", "coordinator"])
def test_whoever_grades_the_assessment_and_coordinators_see_a_grading(
    cast: Cast, grading: Grading, who: str, path: str
) -> None:
    assert "S-1" in page(getattr(cast, who), path.format(id=grading.pk))


@pytest.mark.parametrize("path", FACULTY_PAGES)
@pytest.mark.parametrize("who", ["outsider", "student", "other_student"])
def test_a_grading_of_others_answers_like_an_absent_one(cast: Cast, grading: Grading, who: str, path: str) -> None:
    grading_release(grading=grading, by_id=cast.owner.pk, at=timezone.now())
    theirs = page(getattr(cast, who), path.format(id=grading.pk), 404)
    absent = page(getattr(cast, who), path.format(id="00000000-0000-4000-8000-000000000000"), 404)
    assert theirs == absent


@pytest.mark.parametrize("path", ACTIONS)
@pytest.mark.parametrize("who", ["outsider", "student", "other_student"])
def test_others_can_neither_release_nor_verify(cast: Cast, grading: Grading, who: str, path: str) -> None:
    response = signed_in(getattr(cast, who)).post(path.format(id=grading.pk))
    assert response.status_code == 404
    assert not Release.objects.exists()


@pytest.mark.parametrize("path", ["/", "/gradings/", *FACULTY_PAGES, "/feedback/", "/feedback/{id}/"])
def test_visitors_are_asked_to_sign_in(grading: Grading, path: str) -> None:
    response = Client().get(path.format(id=grading.pk))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("path", ACTIONS)
def test_a_visitor_s_action_does_nothing(grading: Grading, path: str) -> None:
    assert Client().post(path.format(id=grading.pk)).status_code == 302
    assert not Release.objects.exists()


def test_a_form_from_elsewhere_is_refused(cast: Cast, grading: Grading) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.owner)
    assert client.post(f"/gradings/{grading.pk}/release/").status_code == 403
    assert not Release.objects.exists()


@pytest.mark.parametrize("who", ["student", "other_student", "outsider", "owner", "coordinator"])
def test_feedback_is_readable_by_its_student_alone_and_only_once_released(
    cast: Cast, grading: Grading, who: str
) -> None:
    path = f"/feedback/{grading.pk}/"
    page(cast.student, path, 404)
    grading_release(grading=grading, by_id=cast.owner.pk, at=timezone.now())
    page(getattr(cast, who), path, 200 if who == "student" else 404)


def test_a_student_without_a_candidate_id_reads_nothing(cast: Cast, assessment: Assessment) -> None:
    someone = User.objects.create_user(username="new", password="long-enough-1")
    grading_release(grading=graded(assessment), by_id=cast.owner.pk, at=timezone.now())
    assert "your account has no candidate ID yet" in words(page(someone, "/feedback/"))


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("owner", {"S-1", "S-2"}),
        ("colleague", {"S-1", "S-2"}),
        ("outsider", set()),
        ("coordinator", {"S-1", "S-2", "S-3"}),
    ],
)
def test_the_list_shows_each_their_own(cast: Cast, assessment: Assessment, who: str, seen: set[str]) -> None:
    for student in ("S-1", "S-2"):
        graded(assessment, student=student)
    graded(None, student="S-3")
    assert set(re.findall(r"<bdi>(S-\d)</bdi>", page(getattr(cast, who), "/gradings/"))) == seen


def test_a_student_who_asks_for_the_list_is_shown_their_own_feedback(cast: Cast) -> None:
    response = signed_in(cast.student).get("/gradings/")
    assert (response.status_code, response.headers["Location"]) == (302, "/feedback/")


# The list


def test_the_list_asks_the_database_as_often_for_two_gradings_as_for_twelve(
    cast: Cast, assessment: Assessment, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client = signed_in(cast.owner)
    for count in (2, 10):
        for number in range(count):
            graded(assessment, student=f"S-{count}-{number}")
        with django_assert_num_queries(6):
            client.get("/gradings/")


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", {"S-1", "S-22"}),
        ("?q=s-22", {"S-22"}),
        ("?q=ankle", {"S-1", "S-22"}),
        ("?q=ankle+s-1", {"S-1"}),
        ("?q=knee", set()),
        ("?q=%00", {"S-1", "S-22"}),
        ("?state=released", {"S-1"}),
        ("?state=unreleased", {"S-22"}),
        ("?state=warnings", {"S-22"}),
        ("?state=nonsense", {"S-1", "S-22"}),
        ("?page=99", {"S-1", "S-22"}),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_words_and_by_state(
    cast: Cast, assessment: Assessment, query: str, seen: set[str]
) -> None:
    grading_release(grading=graded(assessment), by_id=cast.owner.pk, at=timezone.now())
    graded(assessment, "[00:30] Student: What brings you in?\n[00:10] Patient: My ankle.\n", student="S-22")
    assert set(re.findall(r"<bdi>(S-\d+)</bdi>", page(cast.owner, f"/gradings/{query}"))) == seen


def test_a_long_list_goes_on_on_the_next_page_with_the_same_search(
    cast: Cast, assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.views.gradings.PAGE_SIZE", 2)
    for number in range(3):
        graded(assessment, student=f"S-{number}")
    html = page(cast.owner, "/gradings/?q=ankle&state=unreleased")
    assert 'href="?q=ankle&amp;state=unreleased&amp;page=2"' in html
    assert "1–2 of 3" in words(html)


def test_an_empty_list_says_what_to_do_next(cast: Cast) -> None:
    assert "POST /api/grade" in words(page(cast.owner, "/gradings/"))
    assert "Show all gradings" in words(page(cast.owner, "/gradings/?q=nobody"))


# The result page


def test_the_page_shows_scores_verdicts_quotations_and_anchors(cast: Cast, grading: Grading) -> None:
    html = page(cast.owner, f"/gradings/{grading.pk}/")
    text = words(html)
    assert "Could you walk on it afterwards?" in text
    assert "rubric://ankle_v1#Q.weight_bearing" in html
    assert "✓ Asked" in text
    assert "critical" in text
    for score in re.findall(r"\d+\.\d", f"{float(grading.overall_score) * 100:.1f}"):
        assert score in text


def test_each_number_in_the_transcript_leads_to_its_item_and_back(cast: Cast, grading: Grading) -> None:
    for tab in ("", "?tab=feedback"):
        tags = read(page(cast.owner, f"/gradings/{grading.pk}/{tab}")).tags
        ids = [attributes["id"] for _, attributes in tags if attributes.get("id")]
        links = [attributes["href"] or "" for tag, attributes in tags if tag == "a"]
        inside = [link[1:] for link in links if link.startswith("#")]
        assert len(ids) == len(set(ids))
        assert set(inside) <= set(ids)
        assert any(link.startswith("item-") for link in inside)


def test_about_leads_back_to_the_items(cast: Cast, grading: Grading) -> None:
    html = page(cast.owner, f"/gradings/{grading.pk}/?tab=about")
    assert f'href="/gradings/{grading.pk}/#item-' in html
    assert grading.digest in html


def test_the_page_shows_the_record_even_when_the_engine_has_moved_on(
    cast: Cast, grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a page graded again")

    before = page(cast.owner, f"/gradings/{grading.pk}/")
    monkeypatch.setattr("scoring.services.gradings.grade", refuse)
    monkeypatch.setattr("feedback.services.grading.grade", refuse)
    without_tokens = re.compile(r'name="(csrfmiddlewaretoken|client_token)" value="[^"]*"')
    after = page(cast.owner, f"/gradings/{grading.pk}/")
    assert without_tokens.sub("", after) == without_tokens.sub("", before)


def test_verifying_shows_that_the_result_can_be_repeated_and_stores_nothing(cast: Cast, grading: Grading) -> None:
    response = signed_in(cast.owner).post(f"/gradings/{grading.pk}/verify/")
    assert "It matches." in words(response.content.decode())
    assert Grading.objects.count() == 1


def test_verifying_says_when_another_engine_made_the_grading(cast: Cast, grading: Grading, settings: Any) -> None:
    settings.SCHOOL_VOCABULARY = (("allergies", ("the jitterbugs",)),)
    response = signed_in(cast.owner).post(f"/gradings/{grading.pk}/verify/")
    assert "can't be repeated here" in words(response.content.decode())


def test_verifying_says_when_a_new_grading_differs(
    cast: Cast, grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoring.services.gradings.stored_digest", lambda _: "0" * 64)
    response = signed_in(cast.owner).post(f"/gradings/{grading.pk}/verify/")
    assert "It does not match." in words(response.content.decode())


# Releasing


def test_releasing_is_asked_about_before_it_is_done(cast: Cast, grading: Grading) -> None:
    html = page(cast.owner, f"/gradings/{grading.pk}/release/")
    assert "What the student will read" in words(html)
    assert "Nobody has reviewed this grading" in words(html)
    assert not Release.objects.exists()


def test_a_released_grading_says_who_released_it_and_the_first_release_stands(cast: Cast, grading: Grading) -> None:
    for user in (cast.owner, cast.colleague):
        response = signed_in(user).post(f"/gradings/{grading.pk}/release/")
        assert response.headers["Location"] == f"/gradings/{grading.pk}/"
    assert Release.objects.get().released_by == cast.owner
    text = words(page(cast.colleague, f"/gradings/{grading.pk}/"))
    assert "✓ Released by owner" in text
    assert "Release to student" not in text


# For the student


def test_students_read_their_score_strengths_steps_and_own_words(cast: Cast, grading: Grading) -> None:
    grading_release(grading=grading, by_id=cast.owner.pk, at=timezone.now())
    assert f'href="/feedback/{grading.pk}/"' in page(cast.student, "/feedback/")
    html = page(cast.student, f"/feedback/{grading.pk}/")
    text = words(html)
    for expected in (
        "What went well",
        "Next steps",
        "Part by part",
        "Your transcript",
        "I rolled my ankle at football.",
    ):
        assert expected in text
    assert "Verify" not in text
    assert grading.digest not in html


def test_links_on_a_student_s_page_lead_somewhere(cast: Cast, grading: Grading) -> None:
    grading_release(grading=grading, by_id=cast.owner.pk, at=timezone.now())
    tags = read(page(cast.student, f"/feedback/{grading.pk}/")).tags
    ids = [attributes["id"] for _, attributes in tags if attributes.get("id")]
    inside = {
        (attributes["href"] or "")[1:]
        for tag, attributes in tags
        if tag == "a" and (attributes["href"] or "")[0] == "#"
    }
    assert len(ids) == len(set(ids))
    assert inside <= set(ids)


def test_a_student_without_feedback_is_told_that_nothing_is_wrong(cast: Cast) -> None:
    text = words(page(cast.student, "/feedback/"))
    assert "There is nothing you need to do." in text
    assert "S-1" in text


# Nothing in a transcript comes alive

HOSTILE = """\
[00:02] Student: What brings you in <script>alert(1)</script> today? <img src=x onerror=alert(2)>
[00:06] Patient: My ankle & "knee" </p></li><a href="javascript:alert(3)">here</a> \u202eesrever
[00:10] Student: And could you walk on it afterwards? <b>{{ 7|add:7 }}</b> {% now "Y" %}
"""


@pytest.mark.parametrize("path", ["/gradings/{id}/", "/gradings/{id}/?tab=feedback", "/feedback/{id}/", "/gradings/"])
def test_markup_in_a_transcript_stays_text(cast: Cast, assessment: Assessment, path: str) -> None:
    hostile = graded(assessment, HOSTILE, summary="<script>alert(4)</script> a 23 year old")
    grading_release(grading=hostile, by_id=cast.owner.pk, at=timezone.now())
    reader = cast.student if path.startswith("/feedback") else cast.owner
    html = page(reader, path.format(id=hostile.pk))
    parsed = read(html)
    assert not [tag for tag, _ in parsed.tags if tag in {"img", "b"}]
    assert all(attributes.get("src") for tag, attributes in parsed.tags if tag == "script")
    assert not any(name.startswith("on") or name == "style" for _, attributes in parsed.tags for name in attributes)
    assert not any((attributes.get("href") or "").startswith("javascript") for _, attributes in parsed.tags)
    if path != "/gradings/":
        assert "{{ 7|add:7 }}" in html


def test_text_that_runs_the_other_way_is_kept_to_its_own_place(cast: Cast, assessment: Assessment) -> None:
    html = page(cast.owner, f"/gradings/{graded(assessment, HOSTILE).pk}/")
    for match in re.finditer("\u202e", html):
        before = html[: match.start()]
        assert before.rfind('dir="auto"') > before.rfind("</p>")


# Frame


@pytest.mark.parametrize(
    "path", ["/gradings/", "/gradings/{id}/", "/gradings/{id}/?tab=about", "/gradings/{id}/release/"]
)
def test_pages_need_no_other_server_and_nothing_inline(cast: Cast, grading: Grading, path: str) -> None:
    response = signed_in(cast.owner).get(path.format(id=grading.pk))
    assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]
    for tag, attributes in read(response.content.decode()).tags:
        assert "style" not in attributes
        assert tag != "style"
        for name in ("src", "href"):
            assert not (attributes.get(name) or "").startswith(("http:", "https:", "//"))


def test_signing_in_wrongly_says_what_to_check_and_keeps_the_name(cast: Cast) -> None:
    response = Client().post("/sign-in/", {"username": "owner", "password": "wrong", "next": "/gradings/"})
    html = response.content.decode()
    assert "don't belong together" in words(html)
    assert 'value="owner"' in html
    assert 'value="/gradings/"' in html


def test_signing_out_leads_back_to_the_way_in(cast: Cast) -> None:
    response = signed_in(cast.owner).post("/sign-out/")
    assert (response.status_code, response.headers["Location"]) == (302, "/sign-in/")


def test_a_page_that_is_not_there_says_so_kindly(cast: Cast) -> None:
    text = words(page(cast.owner, "/nowhere", 404))
    assert "This page is not here" in text
    assert "Go to the start page" in text


def test_an_error_is_shown_without_asking_the_database(django_assert_num_queries: Callable[[int], Any]) -> None:
    client = Client(raise_request_exception=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.views.observe_health", lambda: 1 / 0)
        with django_assert_num_queries(0):
            response = client.get("/services/status", headers={"Accept": "text/html"})
    assert response.status_code == 500
    assert "Something went wrong on our side" in words(response.content.decode())


def test_the_status_page_has_a_word_and_an_icon_for_every_part() -> None:
    text = words(Client().get("/services/status", headers={"Accept": "text/html"}).content.decode())
    assert "✓ Works" in text
    assert "✕ Does not work" in text
    assert "manage.py worker" in text
