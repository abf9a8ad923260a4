"""`migrate`, safe to start from several processes at once: they take turns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from rubrics.services.keys import rubric_key_ensure

# Any number will do as long as every version of this program uses the same one.
ADVISORY_LOCK = 4_715_001
# A migration that waits for a table makes every query on it wait behind; better to fail and be run again.
_TABLE_LOCK_SECONDS = 15


class Command(migrate.Command):
    help = "Updates the database schema; several at once take turns."

    def handle(self, *args: Any, **options: Any) -> None:
        with _taking_turns(connections[options["database"]]):
            super().handle(*args, **options)
            if options["app_label"] is None and not options["plan"] and not options["check_unapplied"]:
                rubric_key_ensure(at=timezone.now())


@contextmanager
def _taking_turns(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Hold the lock of this database. It belongs to the session, so PostgreSQL frees it however we end."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        cursor.execute(f"SET lock_timeout = '{_TABLE_LOCK_SECONDS}s'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
            cursor.execute("RESET lock_timeout")
            cursor.execute("RESET statement_timeout")
