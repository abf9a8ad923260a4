"""What gunicorn serves. Settings and system checks that fail stop the process here, each with its sentence."""

from __future__ import annotations

import logging
import os
import sys

from django.core.management.base import SystemCheckError
from django.core.wsgi import get_wsgi_application

from grader.checks import run_boot_checks
from grader.env import SettingError
from scoring.self_test import EngineBroken, check_engine

# gunicorn's code for "the application can't be loaded": it stops instead of starting the worker again.
_APP_LOAD_ERROR = 4

# Python writes warnings over several lines; ours are one line each.
logging.captureWarnings(capture=True)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grader.settings")
try:
    application = get_wsgi_application()
    run_boot_checks()
    check_engine()
except (SettingError, SystemCheckError, EngineBroken) as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(_APP_LOAD_ERROR)
