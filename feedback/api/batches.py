"""Grading of many: handed in at once, graded in the background, asked after until it is done."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from feedback.api.answers import utc_text
from feedback.api.grade import GradeBody
from feedback.batch_progress import batch_progress
from feedback.services import BatchEntry, batch_cancel, batch_create_once, batch_retry_failures
from feedback.services.batches import MAX_ITEMS
from rubrics.domain.errors import NotFound
from rubrics.http import Answer, Body, read_body
from rubrics.http.headers import IDEMPOTENCY_KEY, idempotency_key
from rubrics.http.openapi import LOCATION, parameters_of, refusals
from rubrics.http.pages import PageQuery, Sort, page_of
from rubrics.http.queries import read_query
from rubrics.parsers import BatchParser
from scoring.access import viewer_of
from scoring.models import Batch, BatchItem, BatchState, ItemState


class BatchBody(Body):
    """Each item is what /api/grade takes. What is wrong with the grading of one fails that one alone."""

    items: Annotated[list[GradeBody], Field(json_schema_extra={"minItems": 1, "maxItems": MAX_ITEMS})]


class BatchQuery(PageQuery):
    state: Annotated[ItemState | None, Field(description="Items in this state alone.")] = None


class BatchItemError(Answer):
    """As /api/grade would have answered it."""

    code: str
    message: str


class BatchItemAnswer(Answer):
    """position: from 1, in the order handed in."""

    position: int
    student_id: str
    state: ItemState
    grading_id: UUID | None
    error: BatchItemError | None
    finished_at: datetime | None


class BatchAnswer(Answer):
    """How far it is. seconds_left is an estimate, null while there is none."""

    batch_id: UUID
    state: BatchState
    created_at: datetime
    finished_at: datetime | None
    total: int
    waiting: int
    done: int
    failed: int
    duplicate: int
    dropped: int
    seconds_left: int | None
    url: Annotated[str, Field(description="Ask here until the state is done or cancelled.")]


class BatchPage(BatchAnswer):
    next: Annotated[str | None, Field(description="Address of the next page of items; null on the last one.")]
    previous: str | None
    results: list[BatchItemAnswer]


class BatchCreateView(APIView):
    required_scope = "grade"
    service = "grade"
    parser_classes = (BatchParser,)

    @extend_schema(
        operation_id="batch_create",
        request=BatchBody,
        responses={202: BatchAnswer, **refusals(409, 422)},
        parameters=[IDEMPOTENCY_KEY, LOCATION],
    )
    def post(self, request: Request) -> Response:
        """Have up to 1,000 submissions graded in the background."""
        body = read_body(BatchBody, request.data)
        batch = batch_create_once(
            entries=[BatchEntry(item.grade_request()) for item in body.items],
            viewer=viewer_of(request.user),
            at=timezone.now(),
            idempotency_key=idempotency_key(request),
        )
        answer = _answer(request, batch)
        return Response(answer, status=status.HTTP_202_ACCEPTED, headers={"Location": answer["url"]})


class BatchView(APIView):
    required_scope = "grade"
    service = "grade"

    @extend_schema(operation_id="batch_read", parameters=parameters_of(BatchQuery), responses={200: BatchPage})
    def get(self, request: Request, batch_id: UUID) -> Response:
        """How far a batch is, and what became of its items: gradings, or why there is none."""
        query = read_query(BatchQuery, request.query_params)
        batch = _visible_batch(request, batch_id)
        items = batch.items.without_texts()
        found = items if query.state is None else items.filter(state=query.state)
        page = page_of(request, found, query=query, sorts=(Sort("position"),), as_json=_item)
        return Response({**_answer(request, batch), **page})


class BatchCancelView(APIView):
    required_scope = "grade"
    service = "grade"

    @extend_schema(operation_id="batch_cancel", request=None, responses={200: BatchAnswer, **refusals(409)})
    def post(self, request: Request, batch_id: UUID) -> Response:
        """Grade no more of it; what is graded stays."""
        batch = batch_cancel(batch=_visible_batch(request, batch_id), viewer=viewer_of(request.user), at=timezone.now())
        return Response(_answer(request, batch))


class BatchRetryView(APIView):
    required_scope = "grade"
    service = "grade"

    @extend_schema(operation_id="batch_retry", request=None, responses={200: BatchAnswer, **refusals(409)})
    def post(self, request: Request, batch_id: UUID) -> Response:
        """Grade those again that failed; the others keep their gradings."""
        batch = batch_retry_failures(
            batch=_visible_batch(request, batch_id), viewer=viewer_of(request.user), at=timezone.now()
        )
        return Response(_answer(request, batch))


def _visible_batch(request: Request, batch_id: UUID) -> Batch:
    batch = Batch.objects.visible_to(viewer_of(request.user)).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound("There is no such batch, or it is not yours. Check the id.")
    return batch


def _answer(request: Request, batch: Batch) -> dict[str, Any]:
    progress = batch_progress(batch, at=timezone.now())
    return {
        "batch_id": str(batch.pk),
        "state": batch.state,
        "created_at": utc_text(batch.created_at),
        "finished_at": None if batch.finished_at is None else utc_text(batch.finished_at),
        "total": progress.total,
        "waiting": progress.waiting,
        "done": progress.done,
        "failed": progress.failed,
        "duplicate": progress.duplicate,
        "dropped": progress.dropped,
        "seconds_left": progress.seconds_left,
        "url": reverse("api-batch", kwargs={"batch_id": batch.pk}, request=request),
    }


def _item(item: BatchItem) -> dict[str, Any]:
    return {
        "position": item.position,
        "student_id": item.student_id,
        "state": item.state,
        "grading_id": None if item.grading_id is None else str(item.grading_id),
        "error": {"code": item.error_code, "message": item.error_message} if item.error_code else None,
        "finished_at": None if item.finished_at is None else utc_text(item.finished_at),
    }
