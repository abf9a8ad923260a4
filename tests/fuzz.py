"""`make fuzz`: asks the running API everything its OpenAPI document allows, and much that it does not.

Schemathesis generates the requests and holds every answer to all of its checks. It runs in an environment of its own
(requirements-fuzz.txt): it would load itself into every test run otherwise. Exits with its status, and prints how many
requests were sent.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from tests.running_api import ROOT, running_api

PHASES = "examples,coverage,fuzzing,stateful"
RUBRICS = ("stroke_v1", "chest_pain_v1")


def fuzz(*, schemathesis: Path, examples: int, phases: str, workers: int) -> int:
    """The exit status of Schemathesis, or 1 when the server wrote an error into its log."""
    with running_api(rubrics=RUBRICS, settings="tests.fuzz_settings") as api:
        command = [
            str(schemathesis),
            f"--config-file={ROOT / 'tests' / 'schemathesis.toml'}",
            "run",
            f"{api.url}/api/schema",
            f"--header=X-API-Key: {api.key}",
            "--checks=all",
            f"--phases={phases}",
            f"--max-examples={examples}",
            f"--workers={workers}",
            "--continue-on-failure",
            "--suppress-health-check=all",
        ]
        status = subprocess.run(command, check=False).returncode
        errors = [line for line in api.log.read_text(encoding="utf-8").splitlines() if " ERROR" in line]
    for line in errors[:20]:
        sys.stderr.write(f"{line}\n")
    return status or int(bool(errors))


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--schemathesis", type=Path, default=ROOT / ".venv-fuzz" / "bin" / "schemathesis")
    arguments.add_argument("--examples", type=int, default=60, help="requests an operation, in the phase that fuzzes")
    arguments.add_argument("--phases", default=PHASES)
    arguments.add_argument("--workers", type=int, default=2)
    given = arguments.parse_args()
    sys.exit(fuzz(schemathesis=given.schemathesis, examples=given.examples, phases=given.phases, workers=given.workers))


if __name__ == "__main__":
    main()
