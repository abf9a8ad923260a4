"""A Redis of the distribution, with the password and the options that deploy/compose.prod.yml gives it."""

from __future__ import annotations

import os
from pathlib import Path

import yaml

from tests.system.stack.processes import Program, free_port

COMPOSE = Path(__file__).resolve().parents[3] / "deploy" / "compose.prod.yml"


def redis_server(home: Path, secrets: Path) -> tuple[Program, str]:
    """The program, and its address with the password that init-secrets.sh made."""
    port = free_port()
    command = [
        str(secrets / "redis_conf") if argument == "/run/secrets/redis_conf" else argument
        for argument in yaml.safe_load(COMPOSE.read_text())["services"]["redis"]["command"]
    ]
    program = Program(
        name="Redis",
        command=[*command, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(home)],
        log=home / "redis.log",
        environment={"PATH": os.environ["PATH"]},
        directory=home,
    )
    address = (secrets / "redis_url").read_text().strip()
    return program, address.replace("@redis:6379", f"@127.0.0.1:{port}")
