"""What the OpenAPI generator can't find out by itself. Loaded once all applications are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from pydantic import BaseModel

from grader.authentication import HEADER
from rubrics.http.json_schema import schemas_of


def _named_models(base: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """The generator knows a component by its class, and pydantic refers to it by its name."""
    for model in base.__subclasses__():
        yield model.__name__, model
        yield from _named_models(model)


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # the library is untyped here
    target_class = "grader.authentication.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": HEADER}


class PydanticModel(OpenApiSerializerExtension):  # type: ignore[no-untyped-call] # the library is untyped here
    """Bodies and answers are described by the models that read and make them."""

    target_class = "pydantic.BaseModel"
    match_subclasses = True
    priority = 1  # the library's own would describe decimals as strings

    def get_name(self, auto_schema: AutoSchema, direction: str) -> str:
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        described, parts = schemas_of(self.target)
        models = dict(_named_models(BaseModel))
        for name, schema in parts.items():
            component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, object=models.get(name, name))  # type: ignore[no-untyped-call] # the library is untyped here
            auto_schema.registry.register_on_missing(component)
        return described
