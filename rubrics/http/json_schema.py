"""JSON Schema of our models as they stand on the wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
WITHOUT_NULL = r"^[^\x00]*$"
REFERENCE = "#/components/schemas/{model}"


class WireSchema(GenerateJsonSchema):
    """Decimals are JSON numbers in both directions; pydantic would describe them as strings too."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        described = super().decimal_schema(schema)
        variants = described.get("anyOf", [described])
        return next((dict(variant) for variant in variants if variant.get("type") == "number"), {"type": "number"})

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """No string on the wire holds NUL: the parser refuses it in rubrics, the database everywhere."""
        return {"pattern": WITHOUT_NULL, **super().str_schema(schema)}

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def encode_default(self, dft: Any) -> Any:
        return float(dft) if isinstance(dft, Decimal) else super().encode_default(dft)


def schemas_of(model: type[BaseModel]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The model's own schema, and those of the models it refers to by name."""
    described = model.model_json_schema(ref_template=REFERENCE, schema_generator=WireSchema, mode="validation")
    parts = described.pop("$defs", {})
    for schema in (described, *parts.values()):
        schema.pop("title", None)
        _name_bounds(schema)
    return described, parts


def _name_bounds(schema: Any) -> None:
    """A bound on a type with a validator of its own comes out under pydantic's name and not under JSON Schema's."""
    if isinstance(schema, list):
        for item in schema:
            _name_bounds(item)
    if isinstance(schema, dict):
        if schema.get("type") == "number":
            for ours, theirs in _BOUNDS.items():
                if ours in schema:
                    schema[theirs] = schema.pop(ours)
        for item in schema.values():
            _name_bounds(item)
