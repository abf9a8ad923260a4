"""`manage.py import_rubric FILE [--approve]`."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from rubrics.management.refusals import says_what_to_do
from rubrics.services import rubric_import, rubric_version_approve


class Command(BaseCommand):
    help = (
        "Import a rubric (JSON, Excel mark sheet, Canvas CSV or CASE JSON) as a draft, and approve it with "
        "--approve if its checks find no error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--approve", action="store_true", help="approve it in the same step")
        parser.add_argument("--rubric-id", help="what to call it, for files that carry no name of ours")
        parser.add_argument("--by", default="import_rubric", help="who approves (recorded with the version)")

    @says_what_to_do
    def handle(self, *, file: Path, approve: bool, by: str, rubric_id: str | None, **options: object) -> None:
        now = timezone.now()
        with transaction.atomic():
            imported = rubric_import(
                content=file.read_bytes(), file_name=file.name, rubric_id=rubric_id, author_id=None, at=now
            )
            version = imported.version
            if approve:
                version = rubric_version_approve(rubric_version=version, by=by, at=now)
        for loss in imported.losses:
            self.stderr.write(loss)
        self.stdout.write(f"{version.rubric.rubric_id} {version.version} {version.status}")
