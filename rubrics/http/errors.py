"""The one shape of every error, for the OpenAPI document. `grader.errors` makes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rubrics.http.bodies import Answer


class ErrorField(Answer):
    field: Annotated[str, Field(description="A dotted path into the body, or the name of a parameter or header.")]
    message: str


class ErrorDetail(Answer):
    code: Annotated[str, Field(pattern="^[a-z_]+$", description="Stable; docs/api.md lists them.")]
    message: Annotated[str, Field(description="What is wrong and what to do.")]
    fields: list[ErrorField]
    request_id: Annotated[str, Field(description="As in X-Request-ID and in the log.")]


class Error(Answer):
    error: ErrorDetail
