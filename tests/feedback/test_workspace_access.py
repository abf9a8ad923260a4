"""Who may open which page around an assessment, and that what is not yours answers like what is not there."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.utils import timezone

from feedback.domain.uploads.files import UploadedText
from feedback.services import GradeRequest, submission_grade
from feedback.services.uploads import upload_stage
from grader.models import User
from scoring.domain.pipeline import SubmissionInputs
from scoring.models import Assessment, Batch
from scoring.services.class_lists import candidate_add, class_list_stage
from tests.cast import TRANSCRIPT, Cast, approved_rubric, assessment_of, make_cast

pytestmark = pytest.mark.django_db

EVERYBODY = ("owner", "colleague", "outsider", "coordinator", "student", "nobody")
SIGN_IN = 302


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    assessment = assessment_of(cast, approved_rubric())
    for number in (1, 2):
        candidate_add(
            assessment=assessment, student_id=f"S-{number}", name=f"Name {number}", email="", viewer=cast.owner.viewer,
            at=timezone.now(),
        )  # fmt: skip
    return assessment


@pytest.fixture
def upload(cast: Cast, assessment: Assessment) -> Batch:
    texts = [UploadedText("S-1.txt", TRANSCRIPT)]
    return upload_stage(assessment=assessment, texts=texts, left_out=[], viewer=cast.owner.viewer, at=timezone.now())


def client(cast: Cast, who: str) -> Client:
    browser = Client()
    if who != "nobody":
        browser.force_login(getattr(cast, who))
    return browser


PAGES = {
    # page: what owner, colleague, outsider, coordinator, student and a visitor get
    "/": (200, 200, 200, 200, 302, 302),
    "/assessments/": (200, 200, 200, 200, 404, 302),
    "/assessments/new/": (200, 200, 200, 200, 404, 302),
    "/assessments/{assessment}/": (200, 200, 404, 200, 404, 302),
    "/assessments/{assessment}/edit/": (200, 403, 404, 200, 404, 302),
    "/assessments/{assessment}/reveal/": (200, 200, 404, 200, 404, 302),
    "/assessments/{assessment}/candidates/": (200, 200, 404, 200, 404, 302),
    "/assessments/{assessment}/accounts/": (403, 403, 404, 200, 404, 302),
    "/assessments/{assessment}/upload/": (200, 200, 404, 200, 404, 302),
    "/batches/{batch}/": (200, 200, 404, 200, 404, 302),
    "/batches/{batch}/progress/": (200, 200, 404, 200, 404, 302),
    "/batches/{batch}/files/{item}/": (200, 200, 404, 200, 404, 302),
}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_for_those_it_is_for(path: str, cast: Cast, assessment: Assessment, upload: Batch) -> None:
    address = path.format(assessment=assessment.pk, batch=upload.pk, item=upload.items.get().pk)
    answers = tuple(client(cast, who).get(address).status_code for who in EVERYBODY)
    assert dict(zip(EVERYBODY, answers, strict=True)) == dict(zip(EVERYBODY, PAGES[path], strict=True))


ACTS = {
    "/assessments/{assessment}/archive/": (302, 403, 404, 302, 404, 302),
    "/assessments/{assessment}/candidates/new/": (422, 403, 404, 422, 404, 302),
    "/assessments/{assessment}/candidates/import/": (422, 403, 404, 422, 404, 302),
    "/assessments/{assessment}/candidates/{candidate}/remove/": (302, 403, 404, 404, 404, 302),
    "/batches/{batch}/choose/": (302, 302, 404, 302, 404, 302),
    "/batches/{batch}/files/{item}/keep/": (302, 302, 404, 302, 404, 302),
    "/batches/{batch}/cancel/": (302, 302, 404, 302, 404, 302),
}


@pytest.mark.parametrize("path", ACTS)
def test_every_act_is_done_by_those_it_is_for(path: str, cast: Cast, assessment: Assessment, upload: Batch) -> None:
    candidate = assessment.candidates.get(student_id="S-2").pk
    address = path.format(assessment=assessment.pk, batch=upload.pk, item=upload.items.get().pk, candidate=candidate)
    answers = tuple(client(cast, who).post(address).status_code for who in EVERYBODY)
    assert dict(zip(EVERYBODY, answers, strict=True)) == dict(zip(EVERYBODY, ACTS[path], strict=True))


@pytest.mark.parametrize("who", ["outsider", "student"])
@pytest.mark.parametrize("path", [path for path in PAGES if "{" in path])
def test_what_is_not_yours_answers_like_what_is_not_there(
    path: str, who: str, cast: Cast, assessment: Assessment, upload: Batch
) -> None:
    theirs = path.format(assessment=assessment.pk, batch=upload.pk, item=upload.items.get().pk)
    absent = path.format(assessment=10**6, batch="00000000-0000-4000-8000-000000000000", item=10**6)
    browser = client(cast, who)
    assert browser.get(theirs).content == browser.get(absent).content


def test_a_file_of_another_upload_is_not_there(cast: Cast, assessment: Assessment, upload: Batch) -> None:
    texts = [UploadedText("S-2.txt", TRANSCRIPT)]
    other = upload_stage(assessment=assessment, texts=texts, left_out=[], viewer=cast.owner.viewer, at=timezone.now())
    item = other.items.get().pk
    assert client(cast, "owner").get(f"/batches/{upload.pk}/files/{item}/").status_code == 404


def test_an_import_is_its_makers_alone(cast: Cast, assessment: Assessment) -> None:
    staged = class_list_stage(
        assessment=assessment, content=b"student id\nS-9\n", filename="a.csv", user_id=cast.owner.pk, at=timezone.now()
    )
    address = f"/assessments/{assessment.pk}/candidates/import/{staged.pk}/"
    answers = {who: client(cast, who).get(address).status_code for who in EVERYBODY}
    assert answers == {
        "owner": 200, "colleague": 403, "outsider": 404, "coordinator": 404, "student": 404, "nobody": SIGN_IN,
    }  # fmt: skip


# Anonymous grading


@pytest.fixture
def anonymous(assessment: Assessment) -> Assessment:
    assessment.anonymous_grading = True
    assessment.save()
    return assessment


def body(user: User, path: str) -> str:
    browser = Client()
    browser.force_login(user)
    return browser.get(path).content.decode()


def test_graders_see_codes_until_they_ask_for_the_names_with_a_reason(cast: Cast, anonymous: Assessment) -> None:
    page = f"/assessments/{anonymous.pk}/"
    code = anonymous.candidates.get(student_id="S-1").code
    before = body(cast.colleague, page)
    assert code in before
    assert "Name 1" not in before
    assert "S-1" not in before
    browser = client(cast, "colleague")
    assert browser.post(page + "reveal/", {"reason": " "}).status_code == 422
    assert browser.post(page + "reveal/", {"reason": "A complaint"}).status_code == 302
    assert "Name 1" in body(cast.colleague, page)
    assert "Name 1" not in body(cast.owner, page)


def test_a_reveal_of_one_candidate_shows_no_other(cast: Cast, anonymous: Assessment) -> None:
    page = f"/assessments/{anonymous.pk}/"
    candidate = anonymous.candidates.get(student_id="S-1").pk
    client(cast, "owner").post(f"{page}reveal/?candidate={candidate}", {"reason": "Ill on the day"})
    shown = body(cast.owner, page)
    assert "Name 1" in shown
    assert "Name 2" not in shown


def test_the_class_list_never_shows_names_beside_codes_while_grading_is_anonymous(
    cast: Cast, anonymous: Assessment
) -> None:
    code = anonymous.candidates.get(student_id="S-1").code
    owners = body(cast.owner, f"/assessments/{anonymous.pk}/candidates/")
    graders = body(cast.colleague, f"/assessments/{anonymous.pk}/candidates/")
    assert ("Name 1" in owners, code in owners) == (True, False)
    assert ("Name 1" in graders, code in graders) == (False, True)


def test_graders_of_an_anonymous_class_upload_nothing_since_file_names_tell(cast: Cast, anonymous: Assessment) -> None:
    assert client(cast, "colleague").get(f"/assessments/{anonymous.pk}/upload/").status_code == 403
    assert client(cast, "owner").get(f"/assessments/{anonymous.pk}/upload/").status_code == 200


# Student accounts


def test_a_coordinator_makes_accounts_whose_links_set_a_password_once(cast: Cast, assessment: Assessment) -> None:
    User.objects.filter(student_id="S-2").delete()
    browser = client(cast, "coordinator")
    address = f"/assessments/{assessment.pk}/accounts/"
    browser.post(address)
    account = User.objects.get(student_id="S-2")
    assert (account.role, account.has_usable_password()) == ("student", False)
    link = browser.get(address).context["accounts"][1].link
    student = Client()
    form = student.get(link, follow=True)
    words = {"new_password1": "a-long-passphrase-1", "new_password2": "a-long-passphrase-1"}
    assert student.post(form.redirect_chain[-1][0], words).status_code == 302
    assert Client().login(username="S-2", password="a-long-passphrase-1")
    assert "has been used" in Client().get(link, follow=True).content.decode()
    assert browser.get(address).context["accounts"][1].link == ""


def test_a_class_list_upload_needs_a_file_that_can_be_read(cast: Cast, assessment: Assessment) -> None:
    file = io.BytesIO(b"\x00\x01\x02\x03" * 50)
    file.name = "list.csv"
    answer = client(cast, "owner").post(f"/assessments/{assessment.pk}/candidates/import/", {"file": file})
    assert answer.status_code == 422


def test_no_page_of_a_grading_tells_a_grader_who_an_anonymous_candidate_is(cast: Cast, anonymous: Assessment) -> None:
    request = GradeRequest("ankle_v1", None, "S-1", SubmissionInputs(TRANSCRIPT), assessment_id=anonymous.pk)
    grading = submission_grade(request=request, viewer=cast.owner.viewer, at=timezone.now())
    code = anonymous.candidates.get(student_id="S-1").code
    for path in ("/gradings/", f"/gradings/{grading.pk}/", f"/gradings/{grading.pk}/release/"):
        shown = body(cast.colleague, path)
        assert code in shown, path
        assert "S-1" not in shown, path
        assert "Name 1" not in shown, path
    assert str(grading.pk) not in body(cast.colleague, "/gradings/?q=S-1")
    assert str(grading.pk) in body(cast.colleague, f"/gradings/?q={code}")
