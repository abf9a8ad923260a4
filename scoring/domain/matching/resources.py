"""The matcher's data files: read once, from this package, never from the network."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent / "data"


class MatcherDataError(RuntimeError):
    """A data file of the matcher is missing, damaged or not the one this engine was built with."""


def read_bytes(name: str) -> bytes:
    try:
        return (DATA / name).read_bytes()
    except OSError as error:
        raise MatcherDataError(
            f"The matcher's file {name} can't be read. Reinstall the package; grades would differ without it."
        ) from error


def read_lines(name: str) -> tuple[tuple[int, str], ...]:
    return lines_of(read_bytes(name).decode("utf-8"))


def lines_of(text: str) -> tuple[tuple[int, str], ...]:
    """Lines that hold something, with their numbers; `#` opens a comment line."""
    lines = enumerate(text.splitlines(), start=1)
    return tuple((number, line.strip()) for number, line in lines if line.strip() and not line.startswith("#"))


def read_words(name: str) -> tuple[str, ...]:
    return tuple(word for _, line in read_lines(name) for word in line.split())


def read_pairs(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((left, right) for _, line in read_lines(name) for left, right in (line.split(),))
