"""The library of rubrics: found, filtered, and told where each version is used, as far as one may see it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from feedback.services import GradeRequest, submission_grade
from rubrics.domain.document import rubric_from_mapping
from rubrics.models import RubricVersion
from rubrics.services import rubric_version_create
from scoring.access import Viewer
from scoring.domain.pipeline import SubmissionInputs
from tests.builders import document
from tests.cast import TRANSCRIPT, Cast, approved_rubric, assessment_of, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def draft(rubric_id: str, **changes: object) -> RubricVersion:
    content = rubric_from_mapping(document(rubric_id=rubric_id, **changes))
    return rubric_version_create(document=content, author_id=None, at=timezone.now())


def graded(cast: Cast) -> RubricVersion:
    version = approved_rubric()
    request = GradeRequest(
        "ankle_v1", None, "S-1", SubmissionInputs(TRANSCRIPT), assessment_id=assessment_of(cast, version).pk
    )
    submission_grade(request=request, viewer=Viewer(user_id=cast.owner.pk), at=timezone.now())
    return version


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/rubrics/{query}")
    assert response.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


@pytest.mark.parametrize("who", ["owner", "outsider", "coordinator"])
def test_faculty_see_every_rubric(cast: Cast, who: str) -> None:
    draft("knee_v1", title="Knee injury")
    assert "Knee injury" in page(signed_in(getattr(cast, who)))


def test_students_and_visitors_see_no_library(cast: Cast) -> None:
    assert signed_in(cast.student).get("/rubrics/").status_code == 404
    assert Client().get("/rubrics/").headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    ("who", "seen"), [("owner", True), ("colleague", True), ("coordinator", True), ("outsider", False)]
)
def test_use_and_mean_score_count_what_one_may_see_and_nothing_else(cast: Cast, who: str, seen: bool) -> None:
    graded(cast)
    text = page(signed_in(getattr(cast, who)))
    assert ("MSK: Ankle" in text) is seen
    assert ("n 1" in text) is seen
    assert ("never" in text) is not seen


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=knee", {"Knee injury"}),
        ("?q=injury+ortho", {"Knee injury"}),
        ("?q=wrist_v1", {"Wrist"}),
        ("?specialty=orthopaedics", {"Knee injury"}),
        ("?status=draft", {"Knee injury", "Wrist"}),
        ("?status=approved", {"Ankle injury"}),
        ("?status=nonsense", {"Knee injury", "Wrist", "Ankle injury"}),
        ("?q=%00", {"Knee injury", "Wrist", "Ankle injury"}),
    ],
)
def test_search_and_filters_narrow_the_list(cast: Cast, query: str, found: set[str]) -> None:
    approved_rubric()
    draft("knee_v1", title="Knee injury", specialty="Orthopaedics")
    draft("wrist_v1", title="Wrist")
    html = signed_in(cast.owner).get(f"/rubrics/{query}").content.decode()
    assert set(re.findall(r'row-link" href="[^"]+"><bdi>([^<]+)', html)) == found


def test_a_search_without_a_result_says_what_to_do(cast: Cast) -> None:
    approved_rubric()
    assert "No rubric fits" in page(signed_in(cast.owner), "?q=elbow")


def test_an_empty_library_says_how_to_begin(cast: Cast) -> None:
    assert "Start from a template" in page(signed_in(cast.owner))


def test_the_number_of_queries_does_not_grow_with_the_library(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    graded(cast)
    client = signed_in(cast.owner)
    page(client)
    for count in (0, 12):
        for number in range(count):
            draft(f"r{number}_v1")
        with django_assert_num_queries(8):
            page(client)
