"""nginx with the shipped configuration: the template filled in, paths and the user made to fit a test."""

from __future__ import annotations

import os
import re
import shutil
import string
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.system.stack.processes import Program

REPOSITORY = Path(__file__).resolve().parents[3]
SHIPPED = REPOSITORY / "deploy" / "nginx"


def render(home: Path, *, templates: str, variables: Mapping[str, str], also_listen: Sequence[str] = ()) -> Path:
    """Write a configuration below `home` and return its main file.

    As the image does it, only the variables given are filled in. `also_listen` repeats each `listen` line for other
    addresses, with the port of the line.
    """
    conf = home / "nginx"
    shutil.copytree(SHIPPED / "snippets", conf / "snippets")
    (conf / "conf.d").mkdir()
    main = (SHIPPED / "nginx.conf").read_text()
    (conf / "nginx.conf").write_text(main.replace("/tmp/", f"{home}/"))
    for template in (SHIPPED / templates).glob("*.template"):
        filled = _Template(template.read_text()).safe_substitute(variables)
        for address in also_listen:
            filled = re.sub(r"(?m)^( *listen )[\d.]+(:\d+.*;)$", rf"\g<0>\n\g<1>{address}\g<2>", filled)
        (conf / "conf.d" / template.stem).write_text(filled)
    return conf / "nginx.conf"


class _Template(string.Template):
    """`${NAME}` alone and in capitals: `$uri` and `$host` are nginx's own."""

    pattern = r"\$(?:(?P<escaped>(?!))|(?P<named>(?!))|\{(?P<braced>[A-Z_]+)\}|(?P<invalid>(?!)))"  # type: ignore[assignment]
    flags = re.NOFLAG


def complaints(main: Path) -> str:
    """What `nginx -t` says about a configuration; empty when it is content."""
    found = subprocess.run(
        ["nginx", "-t", "-q", "-c", str(main), "-g", _globals()],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return found.stderr.strip() or ("" if found.returncode == 0 else f"exit code {found.returncode}")


def nginx(home: Path, main: Path) -> Program:
    return Program(
        name="nginx",
        command=["nginx", "-c", str(main), "-g", f"daemon off; {_globals()}"],
        log=home / "nginx.log",
        environment={"PATH": os.environ["PATH"]},
        directory=home,
    )


def _globals() -> str:
    # Temporary folders of root are closed to nginx's usual account.
    return "user root;" if os.geteuid() == 0 else ""
