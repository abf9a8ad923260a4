"""`manage.py create_api_key NAME [--scope S]…`: prints the key, alone, on stdout."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandParser

from grader.models import Scope
from grader.services import api_key_create


class Command(BaseCommand):
    help = "Make an API key and print it once; only its hash is kept. The same name again makes another key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--scope", action="append", choices=Scope.values, help="repeatable; all scopes by default")

    def handle(self, *, name: str, scope: list[str] | None, **options: object) -> None:
        _, key = api_key_create(name=name, scopes=scope or list(Scope.values))
        self.stdout.write(key)
