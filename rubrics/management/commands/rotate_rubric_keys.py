"""`manage.py rotate_rubric_keys [--new-data-key]`."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from rubrics.domain.sealing import SealBroken
from rubrics.management.refusals import says_what_to_do
from rubrics.services.keys import rubric_keys_rotate


class Command(BaseCommand):
    help = "Wrap the data keys of encrypted rubrics under the present RUBRIC_ENCRYPTION_KEY or KMS key; rubrics stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--new-data-key", action="store_true", help="seal what is written from now on under a fresh data key"
        )

    @says_what_to_do
    def handle(self, *, new_data_key: bool, **options: object) -> None:
        try:
            done = rubric_keys_rotate(with_new_data_key=new_data_key, at=timezone.now())
        except SealBroken as broken:
            raise CommandError(str(broken), returncode=2) from broken
        self.stdout.write(f"wrapped anew {done.wrapped_anew}, up to date already {done.kept}, made {done.made}")
