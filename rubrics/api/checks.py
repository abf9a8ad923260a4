"""Checking a rubric that nobody stored."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from pydantic import JsonValue
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.domain.document import RubricDocument, rubric_from_mapping
from rubrics.domain.qa import Level, QaReport, check_rubric
from rubrics.http import Answer, Body, read_body
from rubrics.parsers import StrictJsonParser


class RubricToCheck(Body):
    rubric: RubricDocument


class RubricGiven(Body):
    """Only that it is there: the document words its own refusals."""

    rubric: Any


class QaCheckAnswer(Answer):
    """A warning does not make a check fail."""

    name: str
    passed: bool
    severity: Level
    message: str


class QaProblemAnswer(Answer):
    """check: which one found it. fix: RFC 6902 operations that mend it in the document that was checked, if any."""

    field: str
    message: str
    check: str
    fix: list[dict[str, JsonValue]]


class QaReportAnswer(Answer):
    passed: bool
    checks: list[QaCheckAnswer]
    errors: list[QaProblemAnswer]
    warnings: list[QaProblemAnswer]


class QaValidateView(APIView):
    required_scope = "read"
    service = "qa"
    parser_classes = (StrictJsonParser,)

    @extend_schema(operation_id="qa_validate", request=RubricToCheck, responses={200: QaReportAnswer})
    def post(self, request: Request) -> Response:
        """Check {"rubric": document} without storing it."""
        rubric = rubric_from_mapping(read_body(RubricGiven, request.data).rubric)
        return Response(qa_as_json(check_rubric(rubric)))


def qa_as_json(report: QaReport) -> dict[str, Any]:
    return {
        "passed": report.passed,
        "checks": [
            {"name": c.name, "passed": c.passed, "severity": c.severity.value, "message": c.message}
            for c in report.checks
        ],
        "errors": _problems_as_json(report, Level.ERROR),
        "warnings": _problems_as_json(report, Level.WARNING),
    }


def _problems_as_json(report: QaReport, severity: Level) -> list[dict[str, Any]]:
    return [
        {"field": problem.field, "message": problem.message, "check": check.name, "fix": list(problem.fix)}
        for check in report.checks
        if check.severity is severity
        for problem in check.problems
    ]
