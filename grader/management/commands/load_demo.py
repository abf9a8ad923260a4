"""`manage.py load_demo`: example rubrics, graded interviews and people."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from grader.demo import ACCOUNTS, demo_load


class Command(BaseCommand):
    help = "Load the demonstration: example rubrics, graded interviews and people to sign in as. Safe to repeat."

    def handle(self, **options: object) -> None:
        try:
            summary = demo_load(at=timezone.now())
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{summary.rubrics} rubrics, {summary.gradings} graded interviews. People to sign in as:")
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.username:<12} password {account.password}")
