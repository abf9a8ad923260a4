"""Request bodies and answers as pydantic models; a body that does not fit is refused naming every field.

Types are strict: "0.2" is no number and "yes" no boolean, as the OpenAPI schema says. Unknown fields are refused,
since a misspelt `summary_txt` would otherwise be graded as no summary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from rubrics.domain.errors import FieldProblem, Malformed
from rubrics.domain.numbers import Number
from rubrics.domain.wire import SHOWS

__all__ = ["Answer", "Body", "Moment", "Name", "Number", "malformed", "read_body"]

_MAX_PROBLEMS = 50
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")

Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=100,
        pattern=rf"^[^\x00-\x1f\x7f]*{SHOWS}[^\x00-\x1f\x7f]*$",
    ),
]
"""What a person or a register calls something: a line that is not blank."""

_WORDED = {
    "missing": "This field is required.",
    "extra_forbidden": "Unknown field. Remove it or correct its spelling.",
    "bool_type": "Send true or false.",
    "int_type": "Send a whole number.",
    "string_type": "Send a string.",
    "list_type": "Send a list.",
    "dict_type": "Send an object.",
    "model_type": "Send an object.",
    "model_attributes_type": "Send an object.",
    "string_unicode": "This text holds half a character (a lone surrogate). Send valid Unicode.",
}


class Body(BaseModel):
    """Base of every request body and of its parts."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """Base of every answer and of its parts."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _written_out(value: object) -> object:
    if isinstance(value, str) and not _MOMENT.match(value):
        raise ValueError("Write a moment with its zone, such as 2026-11-01T09:00:00Z.")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]
"""A date and time with its zone; pydantic would take a bare number for seconds since 1970."""

Model = TypeVar("Model", bound=BaseModel)


def read_body(model: type[Model], data: object) -> Model:
    """The parsed JSON of a request as its model. Raises Malformed with every problem."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise malformed(error) from error


def malformed(error: ValidationError) -> Malformed:
    """What pydantic found, in our one shape."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    problems = tuple(problem_of(item) for item in found[:_MAX_PROBLEMS])
    first = problems[0]
    return Malformed(f"{first.field}: {first.message}" if first.field else first.message, fields=problems)


def problem_of(item: ErrorDetails) -> FieldProblem:
    message = _WORDED.get(item["type"]) or item["msg"].removeprefix("Value error, ")
    return FieldProblem(_path(item["loc"]), message if message.endswith((".", "!", "?")) else f"{message}.")


def _path(steps: Sequence[Any]) -> str:
    return ".".join(str(step) for step in steps)
