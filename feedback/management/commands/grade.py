"""`manage.py grade --rubric RUBRIC_ID[@VERSION] FILE [--summary FILE] [--format text|json] [--save --student ID]`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from feedback.services import GradeRequest, feedback_as_json, grade_and_compose, submission_grade
from feedback.text_report import text_report
from rubrics.domain.errors import Malformed
from rubrics.management.refusals import says_what_to_do
from rubrics.services import rubric_version_for_grading
from scoring.access import Viewer
from scoring.domain.pipeline import SubmissionInputs
from scoring.domain.terms import Style
from scoring.domain.transcript import decode_transcript


class Command(BaseCommand):
    help = "Grade a transcript and print the result. Stores nothing unless --save is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--rubric", required=True, metavar="RUBRIC_ID[@VERSION]")
        parser.add_argument("--summary", type=Path, metavar="FILE", help="the student's written summary")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="of what is printed")
        parser.add_argument("--style", choices=[style.value for style in Style], default=Style.CONSTRUCTIVE.value)
        parser.add_argument("--save", action="store_true", help="store the grading; needs --student")
        parser.add_argument("--student", metavar="ID")

    @says_what_to_do
    def handle(self, *, save: bool, student: str | None, **options: Any) -> None:
        if save and not student:
            raise Malformed("--save needs to know whose grading it is: add --student ID.")
        rubric_id, _, version = options["rubric"].partition("@")
        inputs = SubmissionInputs(_read(options["file"]), _read(options["summary"]) if options["summary"] else None)
        request = GradeRequest(rubric_id, version or None, student or "", inputs, Style(options["style"]))
        result, feedback = _saved(request) if save else _unsaved(request)
        if options["format"] == "json":
            self.stdout.write(json.dumps({**result, "feedback": feedback}, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(text_report(result, feedback))


def _read(path: Path) -> str:
    return decode_transcript(path.read_bytes()).text


def _unsaved(request: GradeRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    rubric_version = rubric_version_for_grading(rubric_id=request.rubric_id, version=request.rubric_version)
    graded, feedback = grade_and_compose(rubric_version=rubric_version, inputs=request.inputs, style=request.style)
    return graded.result.as_json(), feedback_as_json(feedback)


def _saved(request: GradeRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    grading = submission_grade(request=request, viewer=Viewer(), at=timezone.now())
    return {"grading_id": str(grading.pk), **grading.result}, grading.feedback
