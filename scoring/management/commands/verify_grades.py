"""`manage.py verify_grades [--since DATE]`."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time

from django.core.management.base import BaseCommand, CommandParser

from scoring.services import grading_verify_all


def _midnight(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), time(), tzinfo=UTC)


class Command(BaseCommand):
    help = "Grade every stored submission again and prove that each digest still matches. Stores nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=_midnight, metavar="YYYY-MM-DD", help="only gradings made since then (UTC)")

    def handle(self, *, since: datetime | None, **options: object) -> None:
        tally = grading_verify_all(since=since)
        self.stdout.write(
            f"{tally.matching} match, {len(tally.mismatching)} do not, "
            f"{tally.of_other_engines} of another engine version"
        )
        for grading_id in tally.mismatching:
            self.stderr.write(f"mismatch: {grading_id}")
        if tally.mismatching:
            sys.exit(1)
