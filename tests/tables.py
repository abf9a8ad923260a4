"""Reads the worked tables of the documentation, so that the examples people read are the examples that are tested."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def read_table(page: str, heading: str) -> list[dict[str, str]]:
    """The first Markdown table under a heading of a page in docs/, a dict a row, backticks removed.

    Raises LookupError when there is none: a renamed heading must not turn its tests into nothing.
    """
    lines = iter((DOCS / page).read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line.lstrip("#").strip() == heading and line.startswith("#"):
            break
    else:
        raise LookupError(f"{page} has no heading {heading!r}")
    rows = []
    for line in lines:
        if line.startswith("|"):
            rows.append([cell.strip().strip("`") for cell in line.strip().strip("|").split("|")])
        elif rows or line.startswith("#"):
            break
    if len(rows) < 3:
        raise LookupError(f"{page} has no table under {heading!r}")
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]
