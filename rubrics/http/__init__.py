"""How every application speaks HTTP: bodies and answers are pydantic models, from which OpenAPI is written too.

It stands in the leftmost application because all of them use it; it knows nothing of rubrics.
"""

from rubrics.http.bodies import Answer, Body, Moment, Name, Number, read_body
from rubrics.http.queries import Query, read_query

__all__ = ["Answer", "Body", "Moment", "Name", "Number", "Query", "read_body", "read_query"]
