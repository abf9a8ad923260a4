"""A class made of one interview: the same station, told by candidates who asked more or less of it.

For looking around and for trying things out; no real student is in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_STUDENT = re.compile(r"^\[?\(?[\d:]+\)?\]?\s*(student|doctor)\s*:", re.IGNORECASE)


def exchanges(text: str) -> list[str]:
    """Passages that begin with the student's line and end before the next one; what comes before is the first."""
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if _STUDENT.match(line):
            found.append([])
        found[-1].append(line)
    return ["\n".join(lines) for lines in found if lines]


def shortened(text: str, candidate: int, *, of: int) -> str:
    """The interview without some of its exchanges: for candidate 0 all of it, for each further one a little less.

    Which are left out differs from candidate to candidate; the greeting and the end always stay.
    """
    passages = exchanges(text)
    middle = range(2, len(passages) - 3)
    dropped = {place for place in middle if (place * 7 + candidate * 11) % (2 * of) < candidate}
    return "\n".join(passage for place, passage in enumerate(passages) if place not in dropped) + "\n"


def class_of(interviews: Sequence[str], size: int) -> list[str]:
    """Transcripts of a class, no two alike; interviews: strong ones before weak ones.

    >>> talk = "\\n".join(f"Student: question {n}?\\nPatient: answer {n}." for n in range(20))
    >>> len(set(class_of([talk], 10)))
    10
    """
    texts = []
    for number in range(size):
        interview = interviews[number % len(interviews)]
        texts.append(shortened(interview, number // len(interviews), of=-(-size // len(interviews))))
    return texts
