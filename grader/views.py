"""Pages and answers of the project itself: the front door, the status of the parts, errors."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from grader.errors import json_error, wants_json
from grader.status import observe_health
from rubrics.http import Answer


class ApiRoot(Answer):
    """Addresses to begin with; /docs describes every one."""

    grade: str
    gradings: str
    rubrics: str
    schema_: Annotated[str, Field(alias="schema")]
    docs: str


_ROOT = {
    "grade": "api-grade",
    "gradings": "api-gradings",
    "rubrics": "api-rubrics",
    "schema": "api-schema",
    "docs": "docs",
}


class ApiRootView(APIView):
    """Where the API begins. Everything but this page needs a session or an `X-API-Key`."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="api_root", responses={200: ApiRoot})
    def get(self, request: Request) -> Response:
        """Addresses of what there is."""
        return Response({name: reverse(route, request=request) for name, route in _ROOT.items()})


@require_safe
@never_cache
def services_status(request: HttpRequest) -> HttpResponse:
    """Each part, with how long its check took. Always 200: a monitor reads `all_healthy`, a balancer `/health`."""
    parts = observe_health()
    all_healthy = all(part.healthy for part in parts)
    if request.accepts("text/html") and "text/html" in request.headers.get("Accept", ""):
        return render(request, "grader/status.html", {"parts": parts, "all_healthy": all_healthy})
    services = {
        part.name: {
            "healthy": part.healthy,
            "warning": part.warning,
            "latency_ms": part.latency_ms,
            "detail": part.detail,
        }
        for part in parts
    }
    return JsonResponse({"all_healthy": all_healthy, "services": services})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 400, "This request can't be read. Check the address and what was sent.")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403, "You may not do this. Sign in with another account, or ask a coordinator.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 404, "There is nothing here, or it is not yours. Check the address.")


def server_error(request: HttpRequest) -> HttpResponse:
    return _error(request, 500, "Something went wrong on our side; nothing was stored. Try again in a minute.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(request, 403, "This form is no longer valid. Go back, reload the page and send it again.")


def _error(request: HttpRequest, number: int, message: str) -> HttpResponse:
    if wants_json(request):
        return json_error(number, message)
    return render(request, "error.html", {"number": number, "message": message}, status=number)
