"""Decisions of faculty over HTTP: the history of a grading, and another decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.domain.errors import NotFound
from rubrics.serializers import StrictSerializer
from scoring.access import viewer_of
from scoring.decisions import decision_as_json, final_as_json, final_of, reviewed
from scoring.domain.review import MAX_TEXT, Action, GlobalRating, Judged, Review
from scoring.domain.review.evidence import MAX_QUOTE, Passage
from scoring.models import Grading
from scoring.services import DecisionRequest, decision_record

MAX_OFFSET = 2**31 - 1


class PassageSerializer(StrictSerializer):
    """Offsets are code points of the text without its BOM; `quote` is what stands there."""

    source = serializers.ChoiceField(choices=["oral", "summary"])  # type: ignore[assignment] # fields have a `source`; this is ours
    start = serializers.IntegerField(min_value=0, max_value=MAX_OFFSET)
    end = serializers.IntegerField(min_value=1, max_value=MAX_OFFSET)
    quote = serializers.CharField(max_length=MAX_QUOTE, trim_whitespace=False)


class DecisionSerializer(StrictSerializer):
    item = serializers.CharField(max_length=255)
    action = serializers.ChoiceField(choices=list(Action))
    client_token = serializers.UUIDField()
    seen = serializers.IntegerField(min_value=0, max_value=MAX_OFFSET, required=False, default=0)
    verdict = serializers.ChoiceField(choices=list(Judged), required=False, allow_null=True)
    reason = serializers.CharField(max_length=MAX_TEXT, required=False, allow_blank=True)
    comment = serializers.CharField(max_length=MAX_TEXT, required=False, allow_blank=True)
    rating = serializers.ChoiceField(choices=list(GlobalRating), required=False, allow_null=True)
    withdraws = serializers.IntegerField(min_value=1, max_value=MAX_OFFSET, required=False, allow_null=True)
    evidence = PassageSerializer(required=False, allow_null=True)

    def decision_request(self) -> DecisionRequest:
        """The validated body as the use case takes it."""
        body = self.validated_data
        evidence = body.get("evidence")
        return DecisionRequest(
            item=body["item"],
            action=Action(body["action"]),
            client_token=body["client_token"],
            seen=body["seen"],
            verdict=Judged(body["verdict"]) if body.get("verdict") else None,
            reason=body.get("reason", ""),
            comment=body.get("comment", ""),
            rating=GlobalRating(body["rating"]) if body.get("rating") else None,
            withdraws=body.get("withdraws"),
            evidence=Passage(**evidence) if evidence else None,
        )


class GradingDecisionsView(APIView):
    required_scope = {"GET": "read", "HEAD": "read", "OPTIONS": "read", "POST": "grade"}  # noqa: RUF012 - a table
    service = "scoring"

    @extend_schema(operation_id="grading_decisions", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, grading_id: UUID) -> Response:
        """Every decision about a grading, oldest first, with what each item counts for now and the final score."""
        grading = _visible_grading(request, grading_id)
        found = reviewed(grading)
        return Response(
            {
                "decisions": [decision_as_json(row) for row in found.history],
                "items": items_as_json(found.review),
                "final": final_as_json(final_of(grading)),
            }
        )

    @extend_schema(operation_id="grading_decide", request=DecisionSerializer, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, grading_id: UUID) -> Response:
        """Decide about one item. The same `client_token` again answers with the decision it made before, 200."""
        body = DecisionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        grading = _visible_grading(request, grading_id)
        recorded = decision_record(
            grading=grading, request=body.decision_request(), viewer=viewer_of(request.user), at=timezone.now()
        )
        answer = {
            "decision": decision_as_json(recorded.decision),
            "final": final_as_json(final_of(_visible_grading(request, grading_id))),
        }
        return Response(answer, status=status.HTTP_200_OK if recorded.again else status.HTTP_201_CREATED)

    def get_serializer(self) -> DecisionSerializer:
        """Gives the browsable API a form."""
        return DecisionSerializer()


def items_as_json(found: Review) -> list[dict[str, Any]]:
    """machine, final: true, false, or null where nobody has judged the item."""
    return [
        {
            "item": outcome.item.key,
            "component": outcome.item.component,
            "machine": outcome.item.credited,
            "uncertain": outcome.item.uncertain,
            "final": outcome.credited if outcome.applicable else None,
            "applicable": outcome.applicable,
            "decided": outcome.decision is not None,
        }
        for outcome in found.outcomes
    ]


def _visible_grading(request: Request, grading_id: UUID) -> Grading:
    grading = Grading.objects.visible_to(viewer_of(request.user)).with_context().filter(pk=grading_id).first()
    if grading is None:
        raise NotFound("There is no such grading, or it is not yours. Check the id.")
    return grading
