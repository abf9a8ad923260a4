"""Django's entry point of the backend; see `grader.embedded_postgres`.

Starting here rather than in the settings keeps whatever never opens a connection (type checking, collecting static
files, `--help`) from starting a database.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django_prometheus.db.backends.postgresql import base

from grader.embedded_postgres import server_at


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]  # django-prometheus has no types
    def get_connection_params(self) -> dict[str, Any]:
        server_at(Path(settings.EMBEDDED_POSTGRES_DIR)).acquire()
        params: dict[str, Any] = super().get_connection_params()
        return params
