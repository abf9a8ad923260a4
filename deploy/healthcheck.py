"""Whether the process in this container answers: exit 0 or 1. `worker` as argument asks the worker's port.

Docker runs this every few seconds, so it imports next to nothing.
"""

from __future__ import annotations

import os
import sys
from http.client import HTTPConnection, HTTPException

_PORTS = {"web": ("PORT", 8000), "worker": ("WORKER_METRICS_PORT", 9101)}
_TIMEOUT_SECONDS = 4


def main(role: str = "web") -> int:
    variable, default = _PORTS[role]
    port = int(os.environ.get(variable) or default)
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)
        connection.request("GET", "/health")
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        sys.stderr.write(f"Nothing answers on port {port}: {error}\n")
        return 1
    return 0 if status == 200 else 1  # noqa: PLR2004 - HTTP's OK


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
