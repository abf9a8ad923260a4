"""How commands refuse: one line on stderr that says what to do, and exit status 2."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec

from rubrics.domain.errors import Refusal

P = ParamSpec("P")

USAGE_ERROR = 2


def says_what_to_do(handle: Callable[P, None]) -> Callable[P, None]:
    """Decorates a command's `handle`. What can't be read or graded is the user's to mend, not a traceback."""

    @functools.wraps(handle)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            handle(*args, **kwargs)
        except Refusal as refusal:
            sys.stderr.write(f"{_one_line(refusal)}\n")
            sys.exit(USAGE_ERROR)
        except OSError as error:
            name = error.filename or "The file"
            sys.stderr.write(f"{name} can't be read: {error.strerror}. Check the path and its permissions.\n")
            sys.exit(USAGE_ERROR)

    return guarded


def _one_line(refusal: Refusal) -> str:
    problems = "; ".join(f"{problem.field}: {problem.message}" for problem in refusal.fields)
    return " ".join(f"{refusal.message} {problems}".split())
