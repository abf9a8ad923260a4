"""Query strings as pydantic models. A parameter that is unknown, repeated or out of range is refused.

A misspelt filter that is passed over in silence answers with every row, and nobody notices.
"""

from __future__ import annotations

from typing import TypeVar

from django.http import QueryDict
from pydantic import BaseModel, ConfigDict, ValidationError

from rubrics.domain.errors import FieldProblem, Malformed
from rubrics.http.bodies import malformed


class Query(BaseModel):
    """Base of what an address may be asked with. Every field needs a default or is a required parameter."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Query)
_OF_THE_FRAMEWORK = frozenset({"format"})


def read_query(model: type[Model], given: QueryDict) -> Model:
    """The query string as its model. Raises Malformed.

    `format` belongs to the browsable API and passes, unless the model has a field of that name.
    """
    repeated = [name for name in given if len(given.getlist(name)) > 1]
    if repeated:
        message = f"{repeated[0]} is given more than once. Send it once."
        raise Malformed(message, fields=(FieldProblem(repeated[0], message),))
    passing = _OF_THE_FRAMEWORK - model.model_fields.keys()
    try:
        return model.model_validate({name: value for name, value in given.items() if name not in passing})
    except ValidationError as error:
        raise malformed(error) from error
