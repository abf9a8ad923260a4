"""A class from its files to its table, through the pages."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.services.batches import batch_grade_next
from feedback.services.samples import sample_class_load
from scoring.models import Assessment, Batch, Candidate, Grading, Submission
from scoring.services import candidates_ensure
from tests.cast import TRANSCRIPT, Cast, approved_rubric, assessment_of, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    assessment = assessment_of(cast, approved_rubric())
    candidates_ensure(assessment=assessment, student_ids=["S-1", "S-2", "S-3"], at=timezone.now())
    return assessment


@pytest.fixture
def owner(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.owner)
    return client


def talk(number: int) -> str:
    return TRANSCRIPT.replace("football", f"football match {number}")


def zipped(**members: str) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, text in members.items():
            made.writestr(name.replace("__", " ") + ".txt", text)
    buffer.seek(0)
    buffer.name = "class.zip"
    return buffer


def upload(owner: Client, assessment: Assessment, file: io.BytesIO) -> Batch:
    answer = owner.post(f"/assessments/{assessment.pk}/upload/", {"chosen": file})
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.get(pk=answer["Location"].split("/")[2])


def choose(owner: Client, batch: Batch, act: str = "save", **changes: str) -> None:
    """Send the preview as it stands, with some fields changed."""
    page = owner.get(f"/batches/{batch.pk}/")
    data: dict[str, object] = {"action": act, "item": [row.item.pk for row in page.context["rows"]]}
    data |= {f"student-{row.item.pk}": row.item.student_id for row in page.context["rows"]}
    owner.post(f"/batches/{batch.pk}/choose/", data | changes)


def graded(batch: Batch) -> None:
    while batch_grade_next(batch_id=str(batch.pk), at=timezone.now()):
        pass
    batch.refresh_from_db()


def test_a_class_is_uploaded_matched_graded_and_stands_in_the_table(owner: Client, assessment: Assessment) -> None:
    batch = upload(owner, assessment, zipped(**{"S-1": talk(1), "take__S-2": talk(2), "somebody": talk(3)}))
    preview = owner.get(f"/batches/{batch.pk}/").content.decode()
    assert "1 without a candidate" in preview
    assert not Grading.objects.exists()
    stray = batch.items.get(source_name="somebody.txt").pk
    choose(owner, batch, "start", **{f"student-{stray}": "S-77"})
    graded(batch)
    assert batch.state == "done"
    handed_in = dict(Submission.objects.values_list("candidate__student_id", "oral_transcript"))
    assert handed_in == {"S-1": talk(1), "S-2": talk(2), "S-77": talk(3)}
    table = owner.get(f"/assessments/{assessment.pk}/").context["page"].object_list
    assert {row.shown.title: row.state.value for row in table} == {
        "S-1": "to_review", "S-2": "to_review", "S-3": "no_transcript", "S-77": "to_review",
    }  # fmt: skip


def test_nothing_is_graded_while_a_file_is_nobodys(owner: Client, assessment: Assessment) -> None:
    batch = upload(owner, assessment, zipped(**{"S-1": talk(1), "somebody": talk(3)}))
    choose(owner, batch, "start")
    batch.refresh_from_db()
    assert batch.state == "draft"
    assert "somebody.txt" in owner.get(f"/batches/{batch.pk}/").content.decode()
    leave = {f"leave-{batch.items.get(source_name='somebody.txt').pk}": "on"}
    choose(owner, batch, "start", **leave)
    graded(batch)
    assert list(Submission.objects.values_list("student_id", flat=True)) == ["S-1"]


def test_content_that_was_handed_in_before_is_not_graded_again(owner: Client, assessment: Assessment) -> None:
    first = upload(owner, assessment, zipped(**{"S-1": talk(1)}))
    choose(owner, first, "start")
    graded(first)
    second = upload(owner, assessment, zipped(**{"S-1": talk(1), "S-2": talk(2), "S-3": talk(2)}))
    assert list(second.items.order_by("position").values_list("state", flat=True)) == [
        "duplicate",
        "waiting",
        "duplicate",
    ]
    choose(owner, second, "start")
    graded(second)
    assert Grading.objects.count() == 2
    twin = second.items.get(position=1)
    assert "see its grading" in owner.get(f"/batches/{second.pk}/files/{twin.pk}/").content.decode()


def test_one_upload_that_was_opened_twice_grades_nobody_twice(owner: Client, assessment: Assessment) -> None:
    batches = [upload(owner, assessment, zipped(**{"S-1": talk(1)})) for _ in range(2)]
    for batch in batches:
        choose(owner, batch, "start")
    for batch in batches:
        graded(batch)
    assert Grading.objects.count() == 1


def test_a_person_says_who_of_the_speakers_is_the_student_for_all_files_alike(
    owner: Client, assessment: Assessment
) -> None:
    strange = [talk(n).replace("Student:", "Xavier:").replace("Patient:", "Yolanda:") for n in (1, 2)]
    batch = upload(owner, assessment, zipped(**{"S-1": strange[0], "S-2": strange[1], "S-3": talk(3)}))
    item = batch.items.get(source_name="S-1.txt")
    page = owner.get(f"/batches/{batch.pk}/files/{item.pk}/").content.decode()
    assert "Xavier" in page
    nobody = owner.post(f"/batches/{batch.pk}/files/{item.pk}/", {"role-0": "patient", "role-1": "patient"})
    assert nobody.status_code == 422
    owner.post(f"/batches/{batch.pk}/files/{item.pk}/", {"role-0": "student", "role-1": "patient", "everywhere": "on"})
    choose(owner, batch, "start")
    graded(batch)
    maps = dict(Submission.objects.values_list("student_id", "speaker_map"))
    mapped = {"Xavier": "student", "Yolanda": "patient"}
    assert maps == {"S-1": mapped, "S-2": mapped, "S-3": {}}


def test_a_pasted_transcript_is_an_upload_of_one(owner: Client, assessment: Assessment) -> None:
    answer = owner.post(f"/assessments/{assessment.pk}/upload/", {"student_id": "S-2", "transcript": TRANSCRIPT})
    batch = Batch.objects.get(pk=answer["Location"].split("/")[2])
    assert batch.items.get().student_id == "S-2"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"transcript": TRANSCRIPT}, id="a paste that says of nobody"),
        pytest.param({"transcript": TRANSCRIPT, "student_id": "S-1", "chosen": io.BytesIO(b"x")}, id="both at once"),
    ],
)
def test_an_upload_that_is_not_clear_is_sent_back(
    data: dict[str, object], owner: Client, assessment: Assessment
) -> None:
    assert owner.post(f"/assessments/{assessment.pk}/upload/", data).status_code == 422
    assert not Batch.objects.exists()


def test_progress_stops_asking_when_all_is_graded(owner: Client, assessment: Assessment) -> None:
    batch = upload(owner, assessment, zipped(**{"S-1": talk(1)}))
    choose(owner, batch, "start")
    running = owner.get(f"/batches/{batch.pk}/progress/")
    assert "hx-get" in running.content.decode()
    assert "HX-Refresh" not in running.headers
    graded(batch)
    done = owner.get(f"/batches/{batch.pk}/progress/")
    assert "hx-get" not in done.content.decode()
    assert done.headers["HX-Refresh"] == "true"


def test_a_sample_class_is_one_click_away_and_its_owners_alone(cast: Cast) -> None:
    outsider = Client()
    outsider.force_login(cast.outsider)
    assert "sample class" in outsider.get("/").content.decode()
    answer = outsider.post("/sample-class/")
    batch = Batch.objects.get(pk=answer["Location"].split("/")[2])
    assert (batch.state, batch.items.count(), batch.items.filter(state="waiting").count()) == ("running", 24, 24)
    assert batch.assessment is not None
    assert batch.assessment.owner == cast.outsider
    student = Client()
    student.force_login(cast.student)
    assert student.post("/sample-class/").status_code == 404


# Speed


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


PINNED = {"/": 13, "/assessments/": 6, "/assessments/{id}/": 10, "/assessments/{id}/candidates/": 7}


@pytest.mark.parametrize("path", PINNED)
def test_a_page_asks_the_database_as_often_for_a_large_class_as_for_a_small_one(
    path: str, owner: Client, assessment: Assessment
) -> None:
    batch = upload(owner, assessment, zipped(**{"S-1": talk(1), "S-2": talk(2)}))
    choose(owner, batch, "start")
    graded(batch)
    small = queries(owner, path.format(id=assessment.pk))
    students = [f"L-{number}" for number in range(60)]
    listed = candidates_ensure(assessment=assessment, student_ids=students, at=timezone.now())
    pattern = Grading.objects.select_related("submission").first()
    assert pattern is not None
    for candidate in listed.values():
        _copy(pattern, candidate)
    assert queries(owner, path.format(id=assessment.pk)) == small
    assert small <= PINNED[path]


def _copy(grading: Grading, candidate: Candidate) -> None:
    submission = Submission.objects.get(pk=grading.submission_id)
    submission.pk, submission.candidate, submission.student_id = None, candidate, candidate.student_id
    submission.save(force_insert=True)
    twin = Grading.objects.get(pk=grading.pk)
    twin.pk, twin.submission = None, submission
    twin.save(force_insert=True)


def test_the_counts_above_the_table_are_its_filters(owner: Client, assessment: Assessment) -> None:
    batch = upload(owner, assessment, zipped(**{"S-1": talk(1)}))
    choose(owner, batch, "start")
    graded(batch)
    page = owner.get(f"/assessments/{assessment.pk}/")
    for chip in page.context["filters"]:
        narrowed = owner.get(f"/assessments/{assessment.pk}/?show={chip.name}")
        assert narrowed.context["page"].paginator.count == chip.count
    assert re.search(r"To grade\s*<span[^>]*>2<", page.content.decode())


def test_the_sample_class_has_no_two_alike(cast: Cast) -> None:
    batch = sample_class_load(viewer=cast.owner.viewer, at=timezone.now(), size=30)
    assert batch.items.values("inputs_sha256").distinct().count() == 30
