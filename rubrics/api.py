"""Rubrics over HTTP. Every answer that is a rubric is the document itself, with its version's ETag."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rubrics.audit import actor_of
from rubrics.domain.diff import rubric_changes
from rubrics.domain.document import RubricStatus, rubric_from_mapping
from rubrics.domain.errors import Malformed, Stale
from rubrics.domain.identity import document_as_json
from rubrics.domain.patching import patched
from rubrics.domain.qa import QaReport, check_rubric
from rubrics.models import RubricVersion
from rubrics.parsers import JsonPatchParser, StrictJsonParser
from rubrics.services import (
    rubric_version_approve,
    rubric_version_archive,
    rubric_version_create,
    rubric_version_delete,
    rubric_version_read,
    rubric_version_revise,
    rubric_version_to_edit,
)

VERSION_PARAMETER = OpenApiParameter("version", str, description="X.Y.Z")


def rubric_response(version: RubricVersion, http_status: int = status.HTTP_200_OK) -> Response:
    return Response(document_as_json(version.document), status=http_status, headers={"ETag": etag(version)})


def etag(version: RubricVersion) -> str:
    """Changes with content and state."""
    return f'"{version.content_sha256[:32]}-{version.status}"'


def _person(request: Request) -> int | None:
    pk = request.user.pk
    return pk if isinstance(pk, int) else None


def _actor(request: Request) -> str:
    """As the audit trail names them: a person by number, a key by its prefix."""
    pk = request.user.pk
    return actor_of(pk) if isinstance(pk, int) else f"key:{str(pk).removeprefix('key-')}"


class RubricSummarySerializer(serializers.ModelSerializer[RubricVersion]):
    rubric_id = serializers.CharField(source="rubric.rubric_id")
    version = serializers.CharField()

    class Meta:
        model = RubricVersion
        fields = ("rubric_id", "version", "status", "title", "specialty", "content_sha256", "created_at", "updated_at")


class RubricFilter(filters.FilterSet):  # type: ignore[misc] # the library is untyped
    rubric_id = filters.CharFilter("rubric__rubric_id")
    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in RubricStatus])
    specialty = filters.CharFilter(lookup_expr="iexact")
    title = filters.CharFilter(lookup_expr="icontains")


class RubricListView(generics.ListAPIView[RubricVersion]):
    """Every version of every rubric, newest version first within its rubric."""

    required_scope = {"GET": "read", "HEAD": "read", "OPTIONS": "read", "POST": "rubrics"}  # noqa: RUF012
    service = "rubrics"
    parser_classes = (StrictJsonParser,)
    serializer_class = RubricSummarySerializer
    filterset_class = RubricFilter

    def get_queryset(self) -> QuerySet[RubricVersion]:
        return RubricVersion.objects.select_related("rubric").defer("content")

    @extend_schema(request=OpenApiTypes.OBJECT, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """Store a document as a draft; a posted status is ignored."""
        version = rubric_version_create(
            document=rubric_from_mapping(request.data),
            author_id=_person(request),
            at=timezone.now(),
            actor=_actor(request),
        )
        return rubric_response(version, status.HTTP_201_CREATED)


@extend_schema(parameters=[VERSION_PARAMETER], request=OpenApiTypes.OBJECT, responses=OpenApiTypes.OBJECT)
class RubricView(APIView):
    """One rubric. Without ?version=, reading gives the latest approved version and editing starts from the newest."""

    required_scope = {"GET": "read", "HEAD": "read", "OPTIONS": "read", "*": "rubrics"}  # noqa: RUF012
    service = "rubrics"
    parser_classes = (StrictJsonParser, JsonPatchParser)

    def get(self, request: Request, rubric_id: str) -> Response:
        return rubric_response(rubric_version_read(rubric_id=rubric_id, version=_version(request)))

    def put(self, request: Request, rubric_id: str) -> Response:
        """Store a changed document as the next draft."""
        base = self._base(request, rubric_id)
        if not isinstance(request.data, dict):
            raise Malformed("A rubric is a JSON object. Send the whole document.")
        return self._revised(request, base, request.data)

    def patch(self, request: Request, rubric_id: str) -> Response:
        """Apply RFC 6902 operations, a list or {"operations": […]}, and store the result as the next draft."""
        base = self._base(request, rubric_id)
        operations = request.data.get("operations") if isinstance(request.data, dict) else request.data
        return self._revised(request, base, patched(document_as_json(base.document), operations))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, rubric_id: str) -> Response:
        rubric_version_delete(rubric_version=self._base(request, rubric_id), at=timezone.now(), actor=_actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _base(self, request: Request, rubric_id: str) -> RubricVersion:
        base = rubric_version_to_edit(rubric_id=rubric_id, version=_version(request))
        expected = request.headers.get("If-Match")
        if expected not in (None, "*", etag(base)):
            raise Stale("Somebody changed this rubric since you read it. Read it again and repeat your change.")
        return base

    def _revised(self, request: Request, base: RubricVersion, content: dict[str, Any]) -> Response:
        version = rubric_version_revise(
            base=base, content=content, author_id=_person(request), at=timezone.now(), actor=_actor(request)
        )
        return rubric_response(version)


def _version(request: Request) -> str | None:
    return request.query_params.get("version")


class RubricVersionsView(generics.ListAPIView[RubricVersion]):
    """The versions of one rubric, newest first."""

    required_scope = "read"
    service = "rubrics"
    serializer_class = RubricSummarySerializer

    def get_queryset(self) -> QuerySet[RubricVersion]:
        if getattr(self, "swagger_fake_view", False):
            return RubricVersion.objects.none()
        newest = rubric_version_to_edit(rubric_id=self.kwargs["rubric_id"], version=None)
        return RubricVersion.objects.of(newest.rubric.rubric_id).newest_first().defer("content")


class ApprovalSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class RubricApproveView(APIView):
    required_scope = "admin"
    service = "rubrics"

    @extend_schema(parameters=[VERSION_PARAMETER], request=ApprovalSerializer, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, rubric_id: str) -> Response:
        """Run the checks and approve; the newest version unless ?version= is given. Refused while there are errors."""
        body = ApprovalSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        version = rubric_version_approve(
            rubric_version=rubric_version_to_edit(rubric_id=rubric_id, version=_version(request)),
            by=str(request.user),
            at=timezone.now(),
            note=body.validated_data.get("note", ""),
            actor=_actor(request),
        )
        return rubric_response(version)


class RubricArchiveView(APIView):
    required_scope = "admin"
    service = "rubrics"

    @extend_schema(parameters=[VERSION_PARAMETER], request=None, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, rubric_id: str) -> Response:
        """Take an approved version out of use, the latest approved one by default. Its gradings stay."""
        version = rubric_version_read(rubric_id=rubric_id, version=_version(request))
        return rubric_response(rubric_version_archive(rubric_version=version, at=timezone.now(), actor=_actor(request)))


class RubricDiffView(APIView):
    required_scope = "read"
    service = "rubrics"

    @extend_schema(
        parameters=[OpenApiParameter("from", str, required=True), OpenApiParameter("to", str, required=True)],
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, rubric_id: str) -> Response:
        """What changed between two versions, item by item, in sentences."""
        before, after = (self._document(request, rubric_id, side) for side in ("from", "to"))
        changes = [
            {"path": c.path, "kind": c.kind.value, "before": c.before, "after": c.after, "text": c.text}
            for c in rubric_changes(before, after)
        ]
        return Response({"from": before["version"], "to": after["version"], "changes": changes})

    def _document(self, request: Request, rubric_id: str, side: str) -> dict[str, Any]:
        wanted = request.query_params.get(side)
        if not wanted:
            raise Malformed(f"Say which versions to compare: ?from=1.0.0&to=1.0.1 (“{side}” is missing).")
        return document_as_json(rubric_version_read(rubric_id=rubric_id, version=wanted).document)


class QaValidateView(APIView):
    required_scope = "read"
    service = "qa"
    parser_classes = (StrictJsonParser,)

    @extend_schema(request=OpenApiTypes.OBJECT, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """Check {"rubric": document} without storing it."""
        if not isinstance(request.data, dict) or set(request.data) != {"rubric"}:
            raise Malformed('Send {"rubric": {…}} with the whole document.')
        return Response(qa_as_json(check_rubric(rubric_from_mapping(request.data["rubric"]))))


def qa_as_json(report: QaReport) -> dict[str, Any]:
    return {
        "passed": report.passed,
        "checks": [
            {"name": c.name, "passed": c.passed, "severity": c.severity.value, "message": c.message}
            for c in report.checks
        ],
        "errors": [{"field": problem.field, "message": problem.message} for problem in report.errors],
        "warnings": [{"field": problem.field, "message": problem.message} for problem in report.warnings],
    }
