"""The application as its image has it: the files that the Dockerfile copies, static files collected, and nothing else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.system.stack.processes import Program

REPOSITORY = Path(__file__).resolve().parents[3]
_COPY = re.compile(r"^COPY (?!--from)(.+)$", re.MULTILINE)


def copied_by_the_dockerfile() -> list[tuple[str, str]]:
    """Pairs of source and destination, relative to the repository and to /app."""
    pairs = []
    for arguments in _COPY.findall((REPOSITORY / "Dockerfile").read_text()):
        *sources, target = arguments.split()
        for source in sources:
            is_folder = target.endswith("/")
            pairs.append((source, str(Path(target) / Path(source).name) if is_folder else target))
    return pairs


def build(app: Path) -> None:
    """Lay out `app` as the image's /app."""
    for source, target in copied_by_the_dockerfile():
        origin, goal = REPOSITORY / source, app / target
        goal.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            shutil.copytree(origin, goal, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy2(origin, goal)


class Application:
    """Runs the image's entry point with the variables of a production server."""

    def __init__(self, *, app: Path, home: Path, environment: Mapping[str, str]) -> None:
        self.app, self.home = app, home
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": "/nonexistent",
            "LANG": "C.UTF-8",
            "OMP_NUM_THREADS": "1",
            **environment,
        }

    def program(self, name: str, *arguments: str, **extra: str) -> Program:
        return Program(
            name=name,
            command=self._command(*arguments),
            log=self.home / f"{name}.log",
            environment={**self.environment, **extra},
            directory=self.home,
        )

    def run(
        self, *arguments: str, check: bool = True, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A command of manage.py (or `migrate`), to its end; `variables` are set besides the usual ones."""
        done = subprocess.run(
            self._command(*arguments),
            env={**self.environment, **(variables or {})},
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done

    def _command(self, *arguments: str) -> Sequence[str]:
        return [str(self.app / "deploy" / "entrypoint.sh"), *arguments]
