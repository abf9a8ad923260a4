"""How a summary element is read: from its kind, from its pattern, or from its description."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rubrics.domain.document import ElementKind, SummaryElement

_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_COUNTED = re.compile(
    r"\b(?:(?:at least|minimum of|min\.?|>=|≥)\s*)?"
    r"(?P<count>\d{1,2}|a|an|one|two|three|four|five|six)\s+(?:or more\s+)?"
    r"(?:(?:pertinent|relevant|key|important|clinical|significant)\s+)*"
    r"(?P<polarity>positives?|negatives?|affirmed|negated)\b"
)


@dataclass(frozen=True, slots=True)
class ElementReading:
    """kind None: no machine can check it; it is left out of the ratio and is faculty's to mark."""

    kind: ElementKind | None
    min_count: int = 1


def read_element(element: SummaryElement) -> ElementReading:
    """A null pattern is neither a crash nor a silent zero: “At least 2 positive findings” counts findings."""
    count = element.min_count or 1
    if element.kind is not None:
        return ElementReading(element.kind, count)
    if element.pattern is not None:
        return ElementReading(ElementKind.PATTERN, count)
    if element.phrases is not None:
        return ElementReading(ElementKind.PHRASES, count)
    return _read_description(element)


def _read_description(element: SummaryElement) -> ElementReading:
    counted = _COUNTED.search(" ".join(element.description.casefold().split()))
    if counted is None:
        return ElementReading(None)
    written = counted["count"]
    count = element.min_count or max(1, int(written) if written.isdecimal() else _NUMBERS[written])
    positive = counted["polarity"].startswith(("positive", "affirmed"))
    return ElementReading(ElementKind.POSITIVE_FINDINGS if positive else ElementKind.NEGATIVE_FINDINGS, count)
