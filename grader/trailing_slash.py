"""Every address answers with and without a trailing slash."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import is_valid_path


class TrailingSlashMiddleware:
    """Serves the address that exists in place of the one that lacks or adds a slash.

    Django would redirect instead, and a redirected POST arrives as a GET without its body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.path_info
        if not is_valid_path(given):
            other = given[:-1] if given.endswith("/") else f"{given}/"
            if is_valid_path(other):
                request.path_info = other
        return self.get_response(request)
