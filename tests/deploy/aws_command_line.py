"""Stands in for the programs `aws`, `docker` and `getent`: writes down what it was told and answers from a table.

Run as a program by the scripts under test; the names of its files come from the environment.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> int:
    program, arguments = Path(sys.argv[0]).name, sys.argv[1:]
    home = Path(os.environ["STAND_IN_HOME"])
    with (home / "told.jsonl").open("a") as told:
        told.write(json.dumps([program, *arguments]) + "\n")
    answers = json.loads((home / "answers.json").read_text())
    line = " ".join([program, *arguments])
    for words, answer in answers:
        if all(word in line for word in words):
            if isinstance(answer, int):
                return answer
            sys.stdout.write(f"{answer}\n")
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
