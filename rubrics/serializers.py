"""What the serializers of every app share."""

from __future__ import annotations

from typing import Any

from django.core.validators import ProhibitNullCharactersValidator
from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses unknown fields: a misspelt `summary_txt` would otherwise be graded as no summary."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(str(name) for name in data if name not in self.fields)
            if unknown:
                known = ", ".join(self.fields)
                raise serializers.ValidationError({unknown[0]: f"Unknown field. This part takes {known}."})
        return super().to_internal_value(data)


class TranscriptField(serializers.CharField):
    """Text as it came. The parser words the refusal of what is empty, binary or too large, as it does for files."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, allow_blank=True, **options)
        self.validators = [v for v in self.validators if not isinstance(v, ProhibitNullCharactersValidator)]
