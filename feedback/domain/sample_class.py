"""A class made of one interview: the same station, told by candidates who asked more or less of it.

For looking around and for trying things out; no real student is in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Of 100; more would leave no interview.
_LARGEST_SHARE = 40
_STUDENT = re.compile(r"^(\[?\(?[\d:]+\)?\]?)?\s*(student|doctor)\s*:", re.IGNORECASE)


def exchanges(text: str) -> list[str]:
    """Passages that begin with the student's line and end before the next one; what comes before is the first."""
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if _STUDENT.match(line):
            found.append([])
        found[-1].append(line)
    return ["\n".join(lines) for lines in found if lines]


def shortened(text: str, share: int, *, salt: int = 0) -> str:
    """The interview without about `share` of 100 of its exchanges; the greeting and the end always stay.

    salt: another number leaves out others.
    """
    passages = exchanges(text)
    middle = range(2, len(passages) - 3)
    dropped = {place for place in middle if (place * 37 + salt * 61) % 100 < share}
    return "\n".join(passage for place, passage in enumerate(passages) if place not in dropped) + "\n"


def class_of(interviews: Sequence[str], size: int) -> list[str]:
    """Transcripts of a class, no two alike where the interviews are long enough; the first leave nothing out.

    >>> talk = "\\n".join(f"Student: question {n}?\\nPatient: answer {n}." for n in range(20))
    >>> len(set(class_of([talk], 10)))
    10
    """
    texts: list[str] = []
    each = max(1, -(-size // len(interviews)) - 1)
    for number in range(size):
        share = _LARGEST_SHARE * (number // len(interviews)) // each
        attempts = (
            shortened(interviews[number % len(interviews)], share + extra, salt=number + extra)
            for extra in range(_LARGEST_SHARE)
        )
        texts.append(next((text for text in attempts if text not in texts), interviews[0]))
    return texts
