"""An address that is not ours: a network namespace with one end of a cable, whose other end nginx listens on.

A forged header would only test how headers are read; what comes through here truly has a foreign source address.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

# Set aside for documentation (RFC 5737), so in no network of ours.
OUR_END = "203.0.113.1"
THEIR_END = "203.0.113.2"


class Outside:
    """Needs root and iproute2."""

    def __init__(self) -> None:
        self.name = f"grader-{os.getpid()}"
        self.cable = f"gr{os.getpid()}"

    def open(self) -> bool:
        """Whether the namespace could be made; false where the machine does not let us."""
        commands = (
            f"netns add {self.name}",
            f"link add {self.cable} type veth peer name far netns {self.name}",
            f"address add {OUR_END}/30 dev {self.cable}",
            f"link set {self.cable} up",
            f"-netns {self.name} address add {THEIR_END}/30 dev far",
            f"-netns {self.name} link set far up",
        )
        if all(self._ip(*command.split()) for command in commands):
            return True
        self.close()
        return False

    def close(self) -> None:
        self._ip("link", "delete", self.cable)
        self._ip("netns", "delete", self.name)

    def run(self, command: Sequence[str]) -> str:
        """What the command prints when it runs out there."""
        found = subprocess.run(
            ["ip", "netns", "exec", self.name, *command], capture_output=True, text=True, timeout=30, check=False
        )
        return found.stdout

    @staticmethod
    def _ip(*arguments: str) -> bool:
        try:
            return subprocess.run(["ip", *arguments], capture_output=True, timeout=10, check=False).returncode == 0
        except FileNotFoundError:
            return False
