"""The student's feedback on paper: tagged, the same bytes every time, and words that stay words."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from feedback.domain.reviewed import Comment
from feedback.presentation.student_page import StudentPage, student_page_of
from feedback.print.pdf import student_pdf
from feedback.services import GradeRequest, submission_grade
from scoring.access import Viewer
from scoring.domain.pipeline import SubmissionInputs
from scoring.models import Grading
from tests.cast import TRANSCRIPT, approved_rubric

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown() -> StudentPage:
    approved_rubric()
    request = GradeRequest("ankle_v1", None, "S-1", SubmissionInputs(TRANSCRIPT))
    grading = submission_grade(request=request, viewer=Viewer(), at=timezone.now())
    return student_page_of(Grading.objects.with_context().get(pk=grading.pk))


def set_in_type(shown: StudentPage, **parts: Any) -> bytes:
    return student_pdf(shown, **{"title": "Ankle injury", "lead": "MSK, Ankle · candidate S-1", **parts})


def streams(pdf: bytes) -> bytes:
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, flags=re.DOTALL)
    return b"".join(_inflated(stream) for stream in found)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def test_the_same_page_gives_the_same_bytes(shown: StudentPage) -> None:
    assert set_in_type(shown) == set_in_type(shown)


def test_a_screen_reader_finds_a_title_a_language_and_a_structure(shown: StudentPage) -> None:
    pdf = set_in_type(shown)
    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf + streams(pdf)
    assert b"/Lang" in pdf + streams(pdf)


@pytest.mark.parametrize(
    "words",
    ['#panic("x")', "*bold* _x_ $1+1$ @ref <label>", "\\ \" ] ) }", "= Heading\n- list", "אבג 中文 🙂 \u202e", "x" * 20_000],
    ids=["code", "markup", "brackets", "structure", "other scripts", "very long"],
)  # fmt: skip
def test_whatever_somebody_wrote_is_set_as_text(shown: StudentPage, words: str) -> None:
    commented = replace(shown, comments=(Comment("", words),))
    assert set_in_type(commented, title=words[:200], lead=words[:200]).startswith(b"%PDF-")
