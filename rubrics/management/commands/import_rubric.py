"""`manage.py import_rubric FILE [--approve]`."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from rubrics.domain.document import rubric_from_json
from rubrics.management.refusals import says_what_to_do
from rubrics.services import rubric_version_approve, rubric_version_create


class Command(BaseCommand):
    help = "Import a rubric document as a draft, and approve it with --approve if its checks find no error."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--approve", action="store_true", help="approve it in the same step")
        parser.add_argument("--by", default="import_rubric", help="who approves (recorded with the version)")

    @says_what_to_do
    def handle(self, *, file: Path, approve: bool, by: str, **options: object) -> None:
        now = timezone.now()
        version = rubric_version_create(document=rubric_from_json(file.read_bytes()), author_id=None, at=now)
        if approve:
            version = rubric_version_approve(rubric_version=version, by=by, at=now)
        self.stdout.write(f"{version.rubric.rubric_id} {version.version} {version.status}")
