"""A JSON column that is sealed on its way into the database and opened on its way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import JSONField

from rubrics.domain.sealing import is_sealed
from rubrics.keyring import opened_from_storage, sealed_for_storage

if TYPE_CHECKING:
    from django.db.models.expressions import Expression


class SealedJSONField(JSONField):
    """Rows written before encryption was switched on are read as they are.

    The column can't be searched: a lookup into it would find only rows in the clear.
    """

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return super().get_db_prep_save(sealed_for_storage(value), connection)

    def from_db_value(self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        stored = super().from_db_value(value, expression, connection)
        return opened_from_storage(stored) if is_sealed(stored) else stored
