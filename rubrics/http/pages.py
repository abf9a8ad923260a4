"""Lists cut into pages by a cursor: a row that is added or removed meanwhile neither repeats nor hides another.

The cursor holds the sort values of the row at the edge of a page, so a page costs the same however deep it lies.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Annotated, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from pydantic import Field
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from rubrics.domain.errors import FieldProblem, Malformed
from rubrics.http.queries import Query

MAX_PAGE_SIZE = 200
_FORWARD, _BACKWARD = "n", "p"

Row = TypeVar("Row", bound=Model)
SparseFields = Annotated[str, Field(max_length=1000, description="Names of fields to answer, separated by commas.")]


class PageQuery(Query):
    """What every list may be asked with."""

    page_size: Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE)] = 50
    cursor: Annotated[str | None, Field(max_length=1000, description="From `next` or `previous` of a page.")] = None


@dataclass(frozen=True, slots=True)
class Sort:
    """A path of the row (`rubric__rubric_id`) and its direction; the last sort of a list has to be unique."""

    path: str
    descending: bool = False

    def beyond(self, value: str, *, backward: bool) -> Q:
        return Q(**{f"{self.path}__{'lt' if self.descending is not backward else 'gt'}": value})

    def by(self, *, backward: bool) -> str:
        return f"-{self.path}" if self.descending is not backward else self.path

    def value(self, row: Model) -> str:
        found: Any = reduce(getattr, self.path.split("__"), row)
        return found.isoformat() if hasattr(found, "isoformat") else str(found)


@dataclass(frozen=True, slots=True)
class _Cursor:
    backward: bool
    values: tuple[str, ...]

    def text(self) -> str:
        packed = json.dumps([_BACKWARD if self.backward else _FORWARD, *self.values], separators=(",", ":"))
        return urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def page_of(
    request: Request,
    rows: QuerySet[Row],
    *,
    query: PageQuery,
    sorts: Sequence[Sort],
    as_json: Callable[[Row], Mapping[str, Any]],
    only: Sequence[str] | None = None,
) -> dict[str, Any]:
    """{next, previous, results}. only: the fields of each result, all of them when None. Raises Malformed."""
    cursor = None if query.cursor is None else _read(query.cursor, len(sorts))
    backward = cursor is not None and cursor.backward
    found = _cut(rows, sorts, cursor, query.page_size + 1)
    more, found = len(found) > query.page_size, found[: query.page_size]
    if backward:
        found.reverse()
    edges = {
        "next": found[-1:] if more or backward else [],
        "previous": found[:1] if (more if backward else cursor is not None) else [],
    }
    return {
        **{name: _link(request, sorts, edge, backward=name == "previous") for name, edge in edges.items()},
        "results": [_sparse(as_json(row), only) for row in found],
    }


def _cut(rows: QuerySet[Row], sorts: Sequence[Sort], cursor: _Cursor | None, size: int) -> list[Row]:
    backward = cursor is not None and cursor.backward
    ordered = rows.order_by(*(sort.by(backward=backward) for sort in sorts))
    if cursor is None:
        return list(ordered[:size])
    try:
        return list(ordered.filter(_after(sorts, cursor))[:size])
    except (ValidationError, ValueError) as error:
        raise _unreadable() from error


def _after(sorts: Sequence[Sort], cursor: _Cursor) -> Q:
    """(a, b) > (1, 2) as a > 1, or a = 1 and b > 2."""
    condition, equal = Q(pk__in=[]), Q()
    for sort, value in zip(sorts, cursor.values, strict=True):
        condition |= equal & sort.beyond(value, backward=cursor.backward)
        equal &= Q(**{sort.path: value})
    return condition


def _read(given: str, length: int) -> _Cursor:
    try:
        unpacked = json.loads(urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    except ValueError as error:
        raise _unreadable() from error
    strings = isinstance(unpacked, list) and all(isinstance(part, str) and "\x00" not in part for part in unpacked)
    if not strings or len(unpacked) != length + 1 or unpacked[0] not in {_FORWARD, _BACKWARD}:
        raise _unreadable()
    return _Cursor(unpacked[0] == _BACKWARD, tuple(unpacked[1:]))


def _unreadable() -> Malformed:
    message = "This cursor is not one of ours. Take it from `next` or `previous` of a page, with the same ordering."
    return Malformed(f"cursor: {message}", fields=(FieldProblem("cursor", message),))


def _link(request: Request, sorts: Sequence[Sort], edge: Sequence[Model], *, backward: bool) -> str | None:
    if not edge:
        return None
    cursor = _Cursor(backward, tuple(sort.value(edge[0]) for sort in sorts))
    return str(replace_query_param(request.build_absolute_uri(), "cursor", cursor.text()))


def _sparse(row: Mapping[str, Any], only: Sequence[str] | None) -> dict[str, Any]:
    return dict(row) if only is None else {name: row[name] for name in only}


def sparse_fields(given: str | None, known: Iterable[str]) -> list[str] | None:
    """The fields that were asked for, in the order of the answer. Raises Malformed for one that there is not."""
    if given is None:
        return None
    names, known = [name.strip() for name in given.split(",")], list(known)
    unknown = [name for name in names if name not in known]
    if unknown:
        message = f"There is no field “{unknown[0]}”. Choose from {', '.join(known)}."
        raise Malformed(f"fields: {message}", fields=(FieldProblem("fields", message),))
    return [name for name in known if name in names]
