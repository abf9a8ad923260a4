"""`migrate`, safe to start from several processes at once: they take turns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from grader.env import SettingError
from grader.services import bootstrap_key_register
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
                self._register_key()

    def _register_key(self) -> None:
        """Here, because this runs before anything is served, and one process after the other."""
        if not settings.API_KEY:
            return
        try:
            is_new = bootstrap_key_register(key=settings.API_KEY, at=timezone.now())
        except SettingError as error:
            raise CommandError(str(error)) from None
        if is_new:
            self.stdout.write("The key in API_KEY may be used.")


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
