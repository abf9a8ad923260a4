"""Edits in plain English: what they would do, as a patch and as a readable diff. Nothing is stored."""

from __future__ import annotations

from typing import Annotated, Any

from drf_spectacular.utils import extend_schema
from pydantic import Field, JsonValue, StringConstraints, model_validator
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.api.checks import QaReportAnswer, qa_as_json
from rubrics.api.diffs import ChangeAnswer, change_as_json
from rubrics.api.documents import Operations
from rubrics.domain.document import RubricDocument, Slug, Version
from rubrics.domain.edits import MAX_CHARACTERS, EditReading, Preview
from rubrics.domain.identity import document_as_json
from rubrics.http import Answer, Body, read_body
from rubrics.http.openapi import refusals
from rubrics.services import rubric_edit_preview, rubric_edit_read, rubric_version_to_edit

EditRequest = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_CHARACTERS)]


class RubricNamed(Body):
    """The newest version, whatever its state, unless one is named."""

    rubric_id: Slug
    version: Version | None = None

    def document(self) -> RubricDocument:
        return rubric_version_to_edit(rubric_id=self.rubric_id, version=self.version).document


class EditToParse(RubricNamed):
    edit_request: EditRequest


class EditToPreview(RubricNamed):
    """The patch that parsing gave (`patch` or `json_patch`), or the request itself."""

    patch: Operations | None = None
    json_patch: Operations | None = None
    edit_request: EditRequest | None = None


class PreviewGiven(RubricNamed):
    """Only that operations are there; `patched` reads them and names the one at fault."""

    patch: list[Any] | None = None
    json_patch: list[Any] | None = None
    edit_request: EditRequest | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> PreviewGiven:
        if sum(given is not None for given in (self.patch, self.json_patch, self.edit_request)) != 1:
            raise ValueError("send one of patch, json_patch and edit_request")
        return self


class EditOperationAnswer(Answer):
    """words: the part of the request it was read from. target: a JSON Pointer when this operation's turn comes."""

    action: str
    target: str
    value: JsonValue
    words: str


class ParsedIntent(Answer):
    operations: list[EditOperationAnswer]


class PatchOperationAnswer(Answer):
    op: str
    path: str
    from_: Annotated[str | None, Field(alias="from")] = None
    value: JsonValue = None


class OfferAnswer(Answer):
    """Something that would make the result better; json_patch: the whole edit with it."""

    text: str
    json_patch: list[PatchOperationAnswer]


class EditParsed(Answer):
    parsed_intent: ParsedIntent
    json_patch: list[PatchOperationAnswer]
    offers: list[OfferAnswer]


class PreviewAnswer(Answer):
    original: RubricDocument
    modified: RubricDocument
    diff: list[ChangeAnswer]


class EditPreviewed(Answer):
    preview: PreviewAnswer
    qa_validation: QaReportAnswer


class EditParseView(APIView):
    required_scope = "read"
    service = "edit"

    @extend_schema(
        operation_id="edit_parse",
        request=EditToParse,
        responses={200: EditParsed, **refusals(404, 422)},
    )
    def post(self, request: Request) -> Response:
        """Read a request such as “increase key questions to 0.45” into a patch; what is not understood is quoted."""
        body = read_body(EditToParse, request.data)
        return Response(_reading_as_json(rubric_edit_read(document=body.document(), request=body.edit_request)))


class EditPreviewView(APIView):
    required_scope = "read"
    service = "edit"

    @extend_schema(
        operation_id="edit_preview",
        request=EditToPreview,
        responses={200: EditPreviewed, **refusals(404, 409, 422)},
    )
    def post(self, request: Request) -> Response:
        """What a patch would make of the rubric: before, after, the difference in sentences, and the checks."""
        body = read_body(PreviewGiven, request.data)
        document = body.document()
        patch: list[Any] = body.patch or body.json_patch or []
        if body.edit_request is not None:
            patch = list(rubric_edit_read(document=document, request=body.edit_request).patch)
        return Response(_preview_as_json(rubric_edit_preview(document=document, patch=patch)))


def _reading_as_json(reading: EditReading) -> dict[str, Any]:
    return {
        "parsed_intent": {
            "operations": [
                {"action": o.action, "target": o.target, "value": o.value, "words": o.words} for o in reading.operations
            ]
        },
        "json_patch": list(reading.patch),
        "offers": [{"text": offer.text, "json_patch": list(offer.patch)} for offer in reading.offers],
    }


def _preview_as_json(preview: Preview) -> dict[str, Any]:
    return {
        "preview": {
            "original": document_as_json(preview.original),
            "modified": document_as_json(preview.modified),
            "diff": [change_as_json(change) for change in preview.changes],
        },
        "qa_validation": qa_as_json(preview.report),
    }
