"""`manage.py evaluate --gold DIR [--format text|json]`: agreement with a human mark sheet."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from rubrics.management.refusals import says_what_to_do
from scoring.evaluation import evaluate_folder
from scoring.evaluation_report import evaluation_as_json, evaluation_as_text


class Command(BaseCommand):
    help = "Run the engine over annotated interviews and print how far it agrees with them. Stores nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--gold", type=Path, required=True, metavar="DIR", help="docs/algorithms/agreement.md")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    @says_what_to_do
    def handle(self, *, gold: Path, format: str, **options: object) -> None:  # noqa: A002 - the option's name
        report = evaluation_as_json(list(evaluate_folder(gold)))
        self.stdout.write(
            json.dumps(report, ensure_ascii=False, indent=2) if format == "json" else evaluation_as_text(report)
        )
