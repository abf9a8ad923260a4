#!/usr/bin/env python
"""Runs the project's commands."""

import os
import sys

from django.core.management import execute_from_command_line

from grader.embedded_postgres import EmbeddedPostgresError
from grader.env import SettingError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grader.settings")
    try:
        execute_from_command_line(sys.argv)
    except (SettingError, EmbeddedPostgresError) as error:
        sys.exit(str(error))
