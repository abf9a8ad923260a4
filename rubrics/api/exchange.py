"""Rubrics in and out of files."""

from __future__ import annotations

from typing import Annotated, Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.api.answers import VersionQuery, actor_named, person_of
from rubrics.domain.document import RubricDocument, Slug
from rubrics.domain.errors import FieldProblem, Malformed, TooLarge
from rubrics.domain.exchange import MAX_FILE_BYTES, ExchangeFormat
from rubrics.domain.exchange.model import KINDS
from rubrics.domain.identity import document_as_json
from rubrics.http import Answer, Body, read_body, read_query
from rubrics.http.openapi import parameters_of, refusals
from rubrics.services import rubric_export, rubric_import, rubric_version_read

LOSSES = OpenApiParameter(
    "X-Losses",
    {"type": "integer", "minimum": 0},
    OpenApiParameter.HEADER,
    description="How many things of the rubric the file does not hold; ?report=true names them.",
    response=[200],
)


class ExportQuery(VersionQuery):
    format: Annotated[ExchangeFormat, Field(description="json, xlsx, canvas or case.")] = ExchangeFormat.JSON
    report: Annotated[bool, Field(strict=False, description="true: answer what the file would not hold instead.")] = (
        False
    )


class ExportReport(Answer):
    file_name: str
    losses: list[str]


class RubricExportView(APIView):
    required_scope = "read"
    service = "rubrics"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        """REST framework would take ?format= for the name of one of its own renderers."""
        return JSONRenderer(), JSONRenderer.media_type

    @extend_schema(
        operation_id="rubric_export",
        parameters=[*parameters_of(ExportQuery), LOSSES],
        responses={
            **{(200, kind.media_type): {"type": "string", "format": "binary"} for kind in KINDS.values()},
            (200, "application/json"): {"type": "object"},
            **refusals(404, 413),
        },
    )
    def get(self, request: Request, rubric_id: str) -> HttpResponse:
        """The latest approved version, or the one asked for, as a file to keep or to take elsewhere."""
        query = read_query(ExportQuery, request.query_params)
        version = rubric_version_read(rubric_id=rubric_id, version=query.version)
        file = rubric_export(rubric_version=version, format=query.format, at=timezone.now())
        if query.report:
            return Response({"file_name": file.name, "losses": list(file.losses)})
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "X-Losses": str(len(file.losses))}
        return HttpResponse(file.content, content_type=file.media_type, headers=headers)


class ImportFields(Body):
    """rubric_id: what to call it, for files that carry no name of ours."""

    rubric_id: Slug | None = None


class RubricImported(Answer):
    format: ExchangeFormat
    losses: list[str]
    rubric: RubricDocument


class RubricImportView(APIView):
    required_scope = "rubrics"
    service = "rubrics"
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="rubric_import",
        request={
            "multipart/form-data": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}, "rubric_id": {"type": "string"}},
            }
        },
        responses={201: RubricImported, **refusals(409, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """Store the rubric of an uploaded file (JSON, .xlsx, Canvas CSV or CASE JSON) as a draft."""
        file = request.FILES.get("file")
        if not isinstance(file, UploadedFile):
            problem = FieldProblem("file", "Send the rubric's file as multipart/form-data in the field “file”.")
            raise Malformed(problem.message, fields=(problem,))
        if (file.size or 0) > MAX_FILE_BYTES:
            raise TooLarge(f"This file is larger than {MAX_FILE_BYTES // 1024 // 1024} MiB. Split the rubric.")
        named: dict[str, Any] = {name: value for name, value in request.POST.items() if name != "file" and value != ""}
        imported = rubric_import(
            content=file.read(),
            file_name=file.name or "",
            rubric_id=read_body(ImportFields, named).rubric_id,
            author_id=person_of(request),
            at=timezone.now(),
            actor=actor_named(request),
        )
        answer = {
            "format": imported.format.value,
            "losses": list(imported.losses),
            "rubric": document_as_json(imported.version.document),
        }
        return Response(answer, status=status.HTTP_201_CREATED)
